/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flame graphs on screen: the way from one part to another, the keyboard's walk, and what is
 * painted where. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <adwaita.h>

#include "ui/flame/camera.h"
#include "ui/flame/graph.h"
#include "ui/flame/query.h"
#include "tests/support.h"

#define WIDTH 600
#define HEIGHT 200
#define ROW 20

static const char tree_text[] = "main.main;main.a;main.b 300\n"
                                "main.main;main.a 100\n"
                                "main.main;main.c;main.b 100\n"
                                "main.other 100\n";

static guint32 find(const UnparkFlame *flame, const char *name, guint nth) {
  for (guint32 i = 0; i < flame->n_nodes; i++)
    if (strcmp(unpark_flame_name(flame, i)->text, name) == 0 && nth-- == 0)
      return i;
  ck_abort_msg("there is no %s", name);
}

static UnparkFlame *make(void) {
  UnparkFlame *flame = unpark_flame_new_from_text(tree_text, UNPARK_FLAME_HEAVY);
  ck_assert_ptr_nonnull(flame);
  return flame;
}

/* ---- The camera ------------------------------------------------------------------------ */

START_TEST(the_way_begins_and_ends) {
  UnparkFlameRange a = {0, 600}, b = {100, 160};
  UnparkFlameRange at = unpark_flame_range_between(&a, &b, 0);
  ck_assert(unpark_flame_range_equal(&at, &a));
  at = unpark_flame_range_between(&a, &b, 1);
  ck_assert(unpark_flame_range_equal(&at, &b));
  double last = 601;
  for (double t = 0; t <= 1; t += 0.05) {
    at = unpark_flame_range_between(&a, &b, t);
    ck_assert_double_lt(at.to - at.from, last);
    last = at.to - at.from;
    ck_assert_double_ge(at.from, -1e-9);
    ck_assert_double_le(at.to, 600 + 1e-9);
  }
}
END_TEST

/* The place that both ranges show at one share of the width does not move in between. */
START_TEST(the_fixed_place_stays) {
  UnparkFlameRange a = {0, 600}, b = {100, 160};
  double share = 100.0 / 540, place = share * 600;
  for (double t = 0; t <= 1; t += 0.1) {
    UnparkFlameRange at = unpark_flame_range_between(&a, &b, t);
    ck_assert_double_eq_tol(at.from + share * (at.to - at.from), place, 1e-6);
  }
}
END_TEST

START_TEST(sideways_at_one_length) {
  UnparkFlameRange a = {0, 100}, b = {300, 400};
  UnparkFlameRange at = unpark_flame_range_between(&a, &b, 0.5);
  ck_assert_double_eq_tol(at.from, 150, 1e-6);
  ck_assert_double_eq_tol(at.to, 250, 1e-6);
}
END_TEST

START_TEST(wheel_zoom_keeps_the_place_and_the_bounds) {
  UnparkFlameRange range = {0, 600};
  for (guint i = 0; i < 200; i++) {
    double before = range.from + 0.25 * (range.to - range.from);
    UnparkFlameRange next = unpark_flame_range_zoom(&range, 0.25, 1.25, 600);
    double after = next.from + 0.25 * (next.to - next.from);
    ck_assert_double_eq_tol(after, before, 1e-6);
    ck_assert_double_ge(next.to - next.from, 0.0009);
    range = next;
  }
  for (guint i = 0; i < 300; i++)
    range = unpark_flame_range_zoom(&range, 0.25, 1 / 1.25, 600);
  ck_assert_double_eq_tol(range.from, 0, 1e-6);
  ck_assert_double_eq_tol(range.to, 600, 1e-6);
  range = (UnparkFlameRange){100, 200};
  range = unpark_flame_range_pan(&range, -50, 600);
  ck_assert_double_eq_tol(range.from, 0, 1e-9);
  ck_assert_double_eq_tol(range.to, 100, 1e-9);
}
END_TEST

START_TEST(covers_are_the_innermost) {
  g_autoptr(UnparkFlame) flame = make();
  guint32 a = find(flame, "main.a", 0), b = find(flame, "main.b", 0);
  UnparkFlameRange range = unpark_flame_range_of(flame, b);
  ck_assert_uint_eq(unpark_flame_cover(flame, &range), b);
  range = unpark_flame_range_of(flame, a);
  ck_assert_uint_eq(unpark_flame_cover(flame, &range), a);
  range = (UnparkFlameRange){350, 450}; /* parts of a and of c */
  ck_assert_uint_eq(unpark_flame_cover(flame, &range), find(flame, "main.main", 0));
  range = (UnparkFlameRange){0, 600};
  ck_assert_uint_eq(unpark_flame_cover(flame, &range), 0);
}
END_TEST

START_TEST(places_are_found_in_another_tree) {
  g_autoptr(UnparkFlame) one = make();
  g_autoptr(UnparkFlame) other = unpark_flame_new_from_text(
      "main.other 900\nmain.main;main.c;main.b 7\nmain.main;main.x 1\n", UNPARK_FLAME_HEAVY);
  guint32 b = find(one, "main.b", 1); /* below c */
  guint32 there = unpark_flame_same_place(one, b, other);
  ck_assert_uint_ne(there, 0);
  ck_assert_str_eq(unpark_flame_name(other, other->nodes[there].parent)->text, "main.c");
  ck_assert_uint_eq(unpark_flame_same_place(one, find(one, "main.a", 0), other), 0);
}
END_TEST

/* ---- Walking ----------------------------------------------------------------------------- */

START_TEST(arrows_walk_over_what_is_seen) {
  g_autoptr(UnparkFlame) flame = make();
  g_auto(UnparkFlameLayout) layout = {0};
  guint32 main_ = find(flame, "main.main", 0), a = find(flame, "main.a", 0);
  guint32 c = find(flame, "main.c", 0), other = find(flame, "main.other", 0);
  unpark_flame_layout(flame, 0, 600, WIDTH, 1, 0, &layout);
  ck_assert_uint_eq(unpark_flame_walk(flame, &layout, 0, UNPARK_FLAME_INWARDS), main_);
  ck_assert_uint_eq(unpark_flame_walk(flame, &layout, main_, UNPARK_FLAME_INWARDS), a);
  ck_assert_uint_eq(unpark_flame_walk(flame, &layout, a, UNPARK_FLAME_RIGHT), c);
  ck_assert_uint_eq(unpark_flame_walk(flame, &layout, c, UNPARK_FLAME_RIGHT), c);
  ck_assert_uint_eq(unpark_flame_walk(flame, &layout, c, UNPARK_FLAME_LEFT), a);
  ck_assert_uint_eq(unpark_flame_walk(flame, &layout, main_, UNPARK_FLAME_LAST), other);
  ck_assert_uint_eq(unpark_flame_walk(flame, &layout, other, UNPARK_FLAME_FIRST), main_);
  ck_assert_uint_eq(unpark_flame_walk(flame, &layout, other, UNPARK_FLAME_INWARDS), other);
  ck_assert_uint_eq(unpark_flame_walk(flame, &layout, a, UNPARK_FLAME_OUTWARDS), main_);
  ck_assert_uint_eq(unpark_flame_walk(flame, &layout, 0, UNPARK_FLAME_OUTWARDS), 0);
}
END_TEST

START_TEST(folded_frames_are_stepped_over_and_found) {
  g_autoptr(UnparkFlame) flame =
      unpark_flame_new_from_text("a 1000\nb;x 1\nb;y 1\nc 1000\n", UNPARK_FLAME_BY_NAME);
  g_auto(UnparkFlameLayout) layout = {0};
  unpark_flame_layout(flame, 0, 2002, 200, 1, 0, &layout);
  guint32 a = find(flame, "a", 0), b = find(flame, "b", 0), c = find(flame, "c", 0);
  ck_assert_uint_eq(unpark_flame_walk(flame, &layout, a, UNPARK_FLAME_RIGHT), c);
  const UnparkFlameItem *item = unpark_flame_layout_item(flame, &layout, b);
  ck_assert_ptr_nonnull(item);
  ck_assert_uint_eq(item->n_folded, 3);
  /* Hidden from sight: the walk comes back to what is there. */
  ck_assert_ptr_null(unpark_flame_layout_item(flame, &layout, find(flame, "x", 0)));
  ck_assert_uint_eq(unpark_flame_walk(flame, &layout, find(flame, "x", 0), UNPARK_FLAME_OUTWARDS),
                    b);
}
END_TEST

START_TEST(matches_are_walked_around) {
  g_autoptr(UnparkFlame) flame = make();
  g_auto(UnparkFlameMatches) m = {0};
  ck_assert(unpark_flame_search(flame, "MAIN.B", FALSE, &m, NULL));
  guint32 first = find(flame, "main.b", 0), second = find(flame, "main.b", 1);
  ck_assert_uint_eq(m.n_frames, 2);
  ck_assert_int_eq(m.total, 400);
  ck_assert_uint_eq(m.before[flame->n_nodes], 2);
  ck_assert_uint_eq(m.before[first], 0);
  ck_assert_uint_eq(m.before[first + 1], 1);
  ck_assert_uint_eq(unpark_flame_next_match(flame, &m, 0, FALSE), first);
  ck_assert_uint_eq(unpark_flame_next_match(flame, &m, first, FALSE), second);
  ck_assert_uint_eq(unpark_flame_next_match(flame, &m, second, FALSE), first);
  ck_assert_uint_eq(unpark_flame_next_match(flame, &m, first, TRUE), second);
}
END_TEST

/* ---- Patterns ------------------------------------------------------------------------------- */

START_TEST(patterns_mean_one_function) {
  UnparkFlameName name = {.text = "net/http.(*conn).serve",
                          .function = "net/http.(*conn).serve",
                          .file = "net/http/server.go",
                          .package = "net/http",
                          .kind = UNPARK_NAME_STANDARD};
  g_autofree char *function = unpark_flame_pattern_of(&name, UNPARK_FLAME_MERGE_FUNCTION);
  g_autofree char *file = unpark_flame_pattern_of(&name, UNPARK_FLAME_MERGE_FILE);
  g_autofree char *package = unpark_flame_pattern_of(&name, UNPARK_FLAME_MERGE_PACKAGE);
  ck_assert(g_regex_match_simple(function, "net/http.(*conn).serve", 0, 0));
  ck_assert(!g_regex_match_simple(function, "net/http.(*conn).serve2", 0, 0));
  ck_assert(g_regex_match_simple(file, "net/http/server.go", 0, 0));
  ck_assert(!g_regex_match_simple(file, "xnet/http/server.go", 0, 0));
  ck_assert(g_regex_match_simple(package, "net/http.Get", 0, 0));
  ck_assert(!g_regex_match_simple(package, "net/http/pprof.Get", 0, 0));
  name.kind = UNPARK_NAME_GROUP;
  ck_assert_ptr_null(unpark_flame_pattern_of(&name, UNPARK_FLAME_MERGE_FUNCTION));
}
END_TEST

/* ---- The widget ------------------------------------------------------------------------- */

typedef struct {
  GtkWidget *window, *graph;
  UnparkFlame *flame;
} Stage;

static void stage_init(Stage *s) {
  GtkWidget *scrolled = gtk_scrolled_window_new();
  g_object_set(gtk_settings_get_default(), "gtk-enable-animations", FALSE, NULL);
  s->flame = make();
  s->graph = unpark_flame_graph_new();
  unpark_flame_graph_set_flame(UNPARK_FLAME_GRAPH(s->graph), s->flame);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), s->graph);
  s->window = gtk_window_new();
  gtk_window_set_child(GTK_WINDOW(s->window), scrolled);
  gtk_window_set_decorated(GTK_WINDOW(s->window), FALSE);
  gtk_window_set_default_size(GTK_WINDOW(s->window), WIDTH, HEIGHT);
  gtk_window_present(GTK_WINDOW(s->window));
  while (gtk_widget_get_width(s->graph) == 0)
    g_main_context_iteration(NULL, TRUE);
}

static void stage_clear(Stage *s) {
  gtk_window_destroy(GTK_WINDOW(s->window));
  unpark_flame_unref(s->flame);
  while (g_main_context_iteration(NULL, FALSE))
    ;
}

/* The colours at a point of what the widget paints, as 0xRRGGBB. */
static guint32 colour_at(Stage *s, int x, int y) {
  GtkSnapshot *snapshot = gtk_snapshot_new();
  int width = gtk_widget_get_width(s->graph), height = gtk_widget_get_height(s->graph);
  GTK_WIDGET_GET_CLASS(s->graph)->snapshot(s->graph, snapshot);
  g_autoptr(GskRenderNode) node = gtk_snapshot_free_to_node(snapshot);
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create(surface);
  gsk_render_node_draw(node, cr);
  cairo_surface_flush(surface);
  const guchar *row =
      cairo_image_surface_get_data(surface) + y * cairo_image_surface_get_stride(surface);
  guint32 pixel;
  memcpy(&pixel, row + x * 4, sizeof pixel);
  cairo_destroy(cr);
  cairo_surface_destroy(surface);
  return pixel & 0xffffff;
}

static guint32 fill_of(Stage *s, const char *name) {
  return unpark_flame_fill(
      unpark_flame_class(s->flame, find(s->flame, name, 0), UNPARK_FLAME_COLOUR_PACKAGE), FALSE);
}

START_TEST(frames_are_painted_where_they_are) {
  Stage s;
  stage_init(&s);
  int width = gtk_widget_get_width(s.graph);
  /* Below names, near the lower edge of each row. */
  ck_assert_uint_eq(colour_at(&s, width / 2, ROW - 5),
                    unpark_flame_fill(UNPARK_FLAME_CLASS_GROUP, FALSE));
  ck_assert_uint_eq(colour_at(&s, width / 3, 2 * ROW - 5), fill_of(&s, "main.main"));
  ck_assert_uint_eq(colour_at(&s, width - 10, 2 * ROW - 5), fill_of(&s, "main.other"));
  ck_assert_uint_eq(colour_at(&s, width / 4, 4 * ROW - 5), fill_of(&s, "main.b"));
  /* Nothing is called there. */
  ck_assert_uint_eq(colour_at(&s, width - 10, 3 * ROW - 5), unpark_flame_paper(FALSE));
  unpark_flame_graph_set_upwards(UNPARK_FLAME_GRAPH(s.graph), TRUE);
  int height = gtk_widget_get_height(s.graph);
  ck_assert_uint_eq(colour_at(&s, width / 2, height - 5),
                    unpark_flame_fill(UNPARK_FLAME_CLASS_GROUP, FALSE));
  ck_assert_uint_eq(colour_at(&s, width - 10, height - 2 * ROW - 5), unpark_flame_paper(FALSE));
  stage_clear(&s);
}
END_TEST

/* Where animations are wanted it is a way, which ends. */
START_TEST(zoom_is_a_way_that_ends) {
  Stage s;
  stage_init(&s);
  gint64 end = g_get_monotonic_time() + 20 * G_TIME_SPAN_SECOND;
  guint32 paper = unpark_flame_paper(FALSE);
  g_object_set(gtk_settings_get_default(), "gtk-enable-animations", TRUE, NULL);
  unpark_flame_graph_zoom_to(UNPARK_FLAME_GRAPH(s.graph), find(s.flame, "main.other", 0));
  /* Nothing is below it, but something below what was there. */
  ck_assert_uint_ne(colour_at(&s, 10, 3 * ROW - 5), paper);
  while (colour_at(&s, 10, 3 * ROW - 5) != paper && g_get_monotonic_time() < end)
    g_main_context_iteration(NULL, TRUE);
  ck_assert_uint_eq(colour_at(&s, 10, 3 * ROW - 5), paper);
  g_object_set(gtk_settings_get_default(), "gtk-enable-animations", FALSE, NULL);
  stage_clear(&s);
}
END_TEST

START_TEST(zoom_fills_the_width) {
  Stage s;
  stage_init(&s);
  guint32 other = find(s.flame, "main.other", 0);
  unpark_flame_graph_zoom_to(UNPARK_FLAME_GRAPH(s.graph), other);
  ck_assert_uint_eq(unpark_flame_graph_get_zoom(UNPARK_FLAME_GRAPH(s.graph)), other);
  ck_assert_uint_eq(colour_at(&s, 300, 2 * ROW - 5), fill_of(&s, "main.other"));
  ck_assert_uint_eq(colour_at(&s, 300, 3 * ROW - 5), unpark_flame_paper(FALSE));
  /* The same place in the next tree, or all of it. */
  g_autoptr(UnparkFlame) next =
      unpark_flame_new_from_text("main.other 5\nx 1\n", UNPARK_FLAME_HEAVY);
  unpark_flame_graph_set_flame(UNPARK_FLAME_GRAPH(s.graph), next);
  ck_assert_uint_eq(unpark_flame_graph_get_zoom(UNPARK_FLAME_GRAPH(s.graph)),
                    find(next, "main.other", 0));
  g_autoptr(UnparkFlame) last = unpark_flame_new_from_text("x 1\n", UNPARK_FLAME_HEAVY);
  unpark_flame_graph_set_flame(UNPARK_FLAME_GRAPH(s.graph), last);
  ck_assert_uint_eq(unpark_flame_graph_get_zoom(UNPARK_FLAME_GRAPH(s.graph)), 0);
  unpark_flame_graph_set_flame(UNPARK_FLAME_GRAPH(s.graph), NULL);
  stage_clear(&s);
}
END_TEST

START_TEST(matches_are_marked) {
  Stage s;
  stage_init(&s);
  int width = gtk_widget_get_width(s.graph);
  UnparkFlameMatches m = {0};
  ck_assert(unpark_flame_search(s.flame, "^main\\.b$", TRUE, &m, NULL));
  unpark_flame_graph_set_matches(UNPARK_FLAME_GRAPH(s.graph), &m);
  ck_assert_ptr_null(m.names); /* taken */
  ck_assert_uint_eq(colour_at(&s, width / 4, 4 * ROW - 5),
                    unpark_flame_fill(UNPARK_FLAME_CLASS_MATCH, FALSE));
  ck_assert_uint_ne(colour_at(&s, width / 4, 2 * ROW - 5), fill_of(&s, "main.main")); /* faded */
  unpark_flame_graph_step_match(UNPARK_FLAME_GRAPH(s.graph), FALSE);
  ck_assert_uint_eq(unpark_flame_graph_get_focus(UNPARK_FLAME_GRAPH(s.graph)),
                    find(s.flame, "main.b", 0));
  unpark_flame_graph_set_matches(UNPARK_FLAME_GRAPH(s.graph), NULL);
  ck_assert_uint_eq(colour_at(&s, width / 4, 2 * ROW - 5), fill_of(&s, "main.main"));
  stage_clear(&s);
}
END_TEST

START_TEST(sentences_say_what_is_seen) {
  g_autoptr(UnparkFlame) flame = make();
  g_autofree char *text = unpark_flame_graph_sentence(flame, find(flame, "main.a", 0), 0);
  ck_assert_str_eq(text, "main.a, 400, 66.7 % of all, 80.0 % of the frame around it, 100 self");
  g_autofree char *folded = unpark_flame_graph_sentence(flame, 1, 1234);
  ck_assert_str_eq(folded, "1,234 frames too narrow to be seen: zoom in");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("ui-flame");
  TCase *arithmetic = tcase_create("arithmetic"), *widget = tcase_create("widget");
  tcase_add_test(arithmetic, the_way_begins_and_ends);
  tcase_add_test(arithmetic, the_fixed_place_stays);
  tcase_add_test(arithmetic, sideways_at_one_length);
  tcase_add_test(arithmetic, wheel_zoom_keeps_the_place_and_the_bounds);
  tcase_add_test(arithmetic, covers_are_the_innermost);
  tcase_add_test(arithmetic, places_are_found_in_another_tree);
  tcase_add_test(arithmetic, arrows_walk_over_what_is_seen);
  tcase_add_test(arithmetic, folded_frames_are_stepped_over_and_found);
  tcase_add_test(arithmetic, matches_are_walked_around);
  tcase_add_test(arithmetic, patterns_mean_one_function);
  tcase_add_test(arithmetic, sentences_say_what_is_seen);
  suite_add_tcase(suite, arithmetic);
  if (gtk_init_check()) {
    adw_init();
    tcase_add_test(widget, frames_are_painted_where_they_are);
    tcase_add_test(widget, zoom_fills_the_width);
    tcase_add_test(widget, zoom_is_a_way_that_ends);
    tcase_add_test(widget, matches_are_marked);
    suite_add_tcase(suite, widget);
  }
  return test_run_unforked(suite); /* one display for all */
}
