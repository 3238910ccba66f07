/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flame graphs without a display: trees, layouts, filters, search, pictures. */
#include <check.h>
#include <gio/gio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"
#include "model/flame/picture/cairo.h"
#include "model/flame/picture/export.h"

static guint32 find(const UnparkFlame *flame, const char *name) {
  for (guint32 i = 0; i < flame->n_nodes; i++)
    if (strcmp(unpark_flame_name(flame, i)->text, name) == 0)
      return i;
  ck_abort_msg("there is no %s", name);
}

static UnparkFlame *from_text(const char *text, UnparkFlameOrder order) {
  UnparkFlame *flame = unpark_flame_new_from_text(text, order);
  ck_assert_ptr_nonnull(flame);
  return flame;
}

/* ---- Trees -------------------------------------------------------------------------------- */

/* The same in every tree, whatever it was made of. */
static void check_tree(const UnparkFlame *flame) {
  for (guint32 i = 0; i < flame->n_nodes; i++) {
    const UnparkFlameNode *node = &flame->nodes[i];
    gint64 total = node->self, weight = 0, at = node->start;
    for (guint32 child = i + 1; child < node->end; child = flame->nodes[child].end) {
      ck_assert_uint_eq(flame->nodes[child].parent, i);
      ck_assert_uint_eq(flame->nodes[child].depth, node->depth + 1);
      ck_assert_int_eq(flame->nodes[child].start, at);
      at += flame->nodes[child].weight;
      total += flame->nodes[child].total;
      weight += flame->nodes[child].weight;
    }
    ck_assert_int_eq(node->total, total);
    ck_assert_int_le(weight, node->weight);
    ck_assert_uint_le(node->end, flame->n_nodes);
  }
}

static char *random_text(GRand *chance, guint lines, guint depth, guint names, int most) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < lines; i++) {
    guint n = (guint)g_rand_int_range(chance, 1, (gint32)depth + 1);
    for (guint k = 0; k < n; k++)
      g_string_append_printf(text, "%sp%d.f", k > 0 ? ";" : "",
                             g_rand_int_range(chance, 0, (gint32)names));
    g_string_append_printf(text, " %d\n", g_rand_int_range(chance, 1, most));
  }
  return g_string_free(text, FALSE);
}

START_TEST(trees_add_up) {
  g_autoptr(GRand) chance = g_rand_new_with_seed(7);
  for (guint round = 0; round < 60; round++) {
    g_autofree char *text = random_text(chance, 1 + round * 3, 12, 2 + round % 9, 1000);
    g_autoptr(UnparkFlame) flame =
        from_text(text, round % 2 ? UNPARK_FLAME_HEAVY : UNPARK_FLAME_BY_NAME);
    check_tree(flame);
  }
}
END_TEST

START_TEST(orders_are_as_named) {
  const char *text = "b 10\na 20\nc 5\n";
  g_autoptr(UnparkFlame) heavy = from_text(text, UNPARK_FLAME_HEAVY);
  g_autoptr(UnparkFlame) named = from_text("b 20\na 10\nc 5\n", UNPARK_FLAME_BY_NAME);
  ck_assert_str_eq(unpark_flame_name(heavy, 1)->text, "a");
  ck_assert_str_eq(unpark_flame_name(heavy, 2)->text, "b");
  ck_assert_str_eq(unpark_flame_name(named, 1)->text, "a");
  ck_assert_str_eq(unpark_flame_name(named, 3)->text, "c");
}
END_TEST

START_TEST(recursion_counts_once) {
  g_autoptr(UnparkFlame) flame = from_text("f;g;f;g 10\nf 1\n", UNPARK_FLAME_HEAVY);
  guint n;
  g_autofree UnparkFlameRow *rows = unpark_flame_table(flame, &n);
  ck_assert_uint_eq(n, 2);
  ck_assert_str_eq(flame->names[rows[0].name].text, "f");
  ck_assert_int_eq(rows[0].total, 11);
  ck_assert_int_eq(rows[0].self, 1);
  ck_assert_int_eq(rows[1].total, 10);
  ck_assert_int_eq(rows[1].self, 10);
  ck_assert_uint_eq(rows[1].n_frames, 2);
}
END_TEST

START_TEST(differences_have_both_sides) {
  g_autoptr(UnparkFlame) flame = from_text("a;b 10 30\na;c 5 0\nd 0 7\n", UNPARK_FLAME_HEAVY);
  const UnparkFlameNode *a = &flame->nodes[find(flame, "a")];
  ck_assert(flame->has_base);
  ck_assert_int_eq(a->total, 15);
  ck_assert_int_eq(a->base_total, 30);
  ck_assert_int_eq(a->weight, 35); /* b as it was, c as it is */
  ck_assert_uint_eq(unpark_flame_class(flame, find(flame, "c"), UNPARK_FLAME_COLOUR_CHANGE),
                    UNPARK_FLAME_CLASS_CHANGE + 8);
  ck_assert_uint_eq(unpark_flame_class(flame, find(flame, "d"), UNPARK_FLAME_COLOUR_CHANGE),
                    UNPARK_FLAME_CLASS_CHANGE);
}
END_TEST

/* ---- Colours ----------------------------------------------------------------------------------
 */

static guint package_class(const UnparkFlame *flame, const char *name) {
  return unpark_flame_class(flame, find(flame, name), UNPARK_FLAME_COLOUR_PACKAGE);
}

/* Eleven packages have colours of their own, whatever they are called, the rest have one together.
 */
START_TEST(packages_have_colours_of_their_own) {
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
  for (guint i = 0; i < 13; i++)
    g_string_append_printf(text, "p%u.f %u\n", i, 100 - i);
  g_autoptr(UnparkFlame) flame = from_text(text->str, UNPARK_FLAME_HEAVY);
  for (guint i = 0; i < 13; i++) {
    g_autofree char *name = g_strdup_printf("p%u.f", i);
    guint class_id = package_class(flame, name);
    ck_assert_uint_lt(class_id, UNPARK_FLAME_CLASS_USER);
    g_hash_table_add(seen, GUINT_TO_POINTER(class_id + 1));
    ck_assert_uint_eq(g_hash_table_size(seen), MIN(i + 1, 12));
  }
  for (guint a = 0; a < 11; a++)
    for (guint b = 0; b < a; b++)
      for (guint dark = 0; dark < 2; dark++)
        ck_assert_uint_ne(unpark_flame_fill(a, dark), unpark_flame_fill(b, dark));
}
END_TEST

static const UnparkFlameLegend *entry_of(GPtrArray *legend, const char *text) {
  for (guint i = 0; i < legend->len; i++) {
    const UnparkFlameLegend *entry = g_ptr_array_index(legend, i);
    if (strcmp(entry->text, text) == 0)
      return entry;
  }
  return NULL;
}

/* What is widest is in the legend under its own colour, and so is the user's own package, first. */
START_TEST(legends_name_what_is_drawn) {
  const char *text = "net/http.serve;net.read;reflect.call 900\n"
                     "net/http.serve;net.read;a.f 4\nnet/http.serve;b.f 4\nc.f 4\nd.f 4\n"
                     "e.f 4\nio.f 4\ngithub.com/x/y.f 30\nshop/cart.f 1\n";
  g_autoptr(UnparkFlame) flame = from_text(text, UNPARK_FLAME_HEAVY);
  g_autoptr(GPtrArray) legend = unpark_flame_legend(flame, UNPARK_FLAME_COLOUR_PACKAGE);
  const char *const names[][2] = {
      {"net", "net.read"}, {"net/http", "net/http.serve"}, {"reflect", "reflect.call"}};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    const UnparkFlameLegend *entry = entry_of(legend, names[i][0]);
    ck_assert_ptr_nonnull(entry);
    ck_assert_uint_eq(entry->class_id, package_class(flame, names[i][1]));
  }
  const UnparkFlameLegend *first = g_ptr_array_index(legend, 0);
  ck_assert_str_eq(first->text, "a"); /* of the program, not what it requires */
  g_autoptr(UnparkFlame) plain = from_text("net.read 9\nruntime.mallocgc 1\n", UNPARK_FLAME_HEAVY);
  g_autoptr(GPtrArray) kinds = unpark_flame_legend(plain, UNPARK_FLAME_COLOUR_KIND);
  ck_assert_uint_eq(kinds->len, 2);
  ck_assert_ptr_null(entry_of(kinds, "your code"));
}
END_TEST

/* Of a sandwich: above and below a package looks the same. */
START_TEST(trees_share_colours) {
  g_autoptr(UnparkFlame) whole = from_text("a.f;b.g;c.h 10\na.f 20\n", UNPARK_FLAME_HEAVY);
  g_autoptr(UnparkFlame) part = from_text("c.h;b.g 10\n", UNPARK_FLAME_HEAVY);
  unpark_flame_colour_packages(part, whole);
  ck_assert_uint_eq(package_class(part, "b.g"), package_class(whole, "b.g"));
  ck_assert_uint_eq(package_class(part, "c.h"), package_class(whole, "c.h"));
  g_autoptr(GPtrArray) legend = unpark_flame_legend(part, UNPARK_FLAME_COLOUR_PACKAGE);
  ck_assert_uint_eq(entry_of(legend, "c")->class_id, package_class(whole, "c.h"));
}
END_TEST

/* ---- Stores --------------------------------------------------------------------------------- */

static const char speedscope[] =
    "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\",\"shared\":{\"frames\":["
    "{\"name\":\"m.a\"},{\"name\":\"m.b\"},{\"name\":\"m.c\"}]},\"profiles\":[{\"type\":"
    "\"sampled\","
    "\"name\":\"p\",\"unit\":\"none\",\"startValue\":0,\"endValue\":10,"
    "\"samples\":[[0,1],[0,1],[0,2],[0,1],[2]],\"weights\":[1,2,4,1,2]}]}";

static UnparkFlame *flame_of(TestStore *store, const UnparkFlameSpec *spec) {
  g_autoptr(GError) error = NULL;
  UnparkFlame *flame = unpark_flame_new(store->store, spec, NULL, NULL, NULL, &error);
  ck_assert_msg(flame != NULL, "%s", error ? error->message : "");
  check_tree(flame);
  return flame;
}

/* Samples one after the other: what comes again later is drawn again. */
START_TEST(time_order_keeps_the_sequence) {
  g_autoptr(GError) error = NULL;
  g_autoptr(TestStore) store = test_import_bytes(speedscope, sizeof speedscope - 1, &error);
  ck_assert_ptr_nonnull(store);
  guint first;
  g_autoptr(GPtrArray) offers = unpark_flame_offers(store->store, &first, NULL, &error);
  const UnparkFlameOffer *offer = g_ptr_array_index(offers, first);
  ck_assert(offer->in_order);
  UnparkFlameSpec spec = UNPARK_FLAME_SPEC_INIT;
  spec.source = offer->source;
  spec.order = UNPARK_FLAME_BY_TIME;
  g_autoptr(UnparkFlame) flame = flame_of(store, &spec);
  const struct {
    const char *name;
    gint64 start, weight;
  } expected[] = {{"m.a", 0, 8}, {"m.b", 0, 3}, {"m.c", 3, 4}, {"m.b", 7, 1}, {"m.c", 8, 2}};
  ck_assert_uint_eq(flame->n_nodes, 1 + G_N_ELEMENTS(expected));
  for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
    ck_assert_str_eq(unpark_flame_name(flame, i + 1)->text, expected[i].name);
    ck_assert_int_eq(flame->nodes[i + 1].start, expected[i].start);
    ck_assert_int_eq(flame->nodes[i + 1].weight, expected[i].weight);
  }
}
END_TEST

/* The stacks that a function is in, whole: what the table of a sandwich is of. */
START_TEST(stacks_through_a_function_are_whole) {
  g_autoptr(GError) error = NULL;
  g_autoptr(TestStore) store = test_import_bytes(speedscope, sizeof speedscope - 1, &error);
  ck_assert_ptr_nonnull(store);
  UnparkFlameSpec spec = UNPARK_FLAME_SPEC_INIT;
  spec.source.kind = UNPARK_FLAME_SAMPLES;
  spec.part = UNPARK_FLAME_THROUGH;
  spec.function = "m.b";
  g_autoptr(UnparkFlame) flame = flame_of(store, &spec);
  ck_assert_int_eq(flame->nodes[0].total, 4);
  ck_assert_int_eq(flame->nodes[find(flame, "m.a")].total, 4);
  ck_assert_int_eq(flame->nodes[find(flame, "m.b")].self, 4);
  for (guint32 i = 0; i < flame->n_nodes; i++)
    ck_assert_str_ne(unpark_flame_name(flame, i)->text, "m.c");
}
END_TEST

static gint64 total_of(const UnparkFlame *flame, const char *function) {
  guint n;
  g_autofree UnparkFlameRow *rows = unpark_flame_table(flame, &n);
  for (guint i = 0; i < n; i++)
    if (strcmp(flame->names[rows[i].name].text, function) == 0)
      return rows[i].total;
  return 0;
}

/* Without what is idle: no poller is left, and all that goroutines did to each other. */
START_TEST(idle_waits_can_be_left_out) {
  g_autoptr(TestStore) store = test_import_sample();
  UnparkFlameSpec spec = UNPARK_FLAME_SPEC_INIT;
  spec.source.kind = UNPARK_FLAME_OFF_CPU;
  g_autoptr(UnparkFlame) all = flame_of(store, &spec);
  spec.source.no_idle = TRUE;
  g_autoptr(UnparkFlame) busy = flame_of(store, &spec);
  const char *const pollers[] = {"internal/poll.(*FD).Accept", "net/http.(*conn).readRequest",
                                 "net/http.(*persistConn).readLoop"};
  const char *const waits[] = {"sync.(*Mutex).Lock", "sync.(*RWMutex).Lock",
                               "sync.(*WaitGroup).Wait"};
  ck_assert_int_lt(busy->nodes[0].total, all->nodes[0].total);
  ck_assert_int_gt(busy->nodes[0].total, 0);
  gint64 gone = 0, kept = 0;
  for (guint i = 0; i < G_N_ELEMENTS(waits); i++) {
    kept += total_of(all, waits[i]);
    ck_assert_int_eq(total_of(busy, waits[i]), total_of(all, waits[i]));
  }
  ck_assert_int_eq(total_of(busy, "runtime.bgsweep"), 0);
  /* Their system calls are work. */
  spec.source.stops = UNPARK_STOPS_WAIT;
  spec.source.wait = UNPARK_WAIT_NETWORK;
  g_autoptr(UnparkFlame) network = flame_of(store, &spec);
  for (guint i = 0; i < G_N_ELEMENTS(pollers); i++) {
    gone += total_of(all, pollers[i]);
    ck_assert_int_eq(total_of(network, pollers[i]), 0);
  }
  ck_assert_int_gt(gone, 0);
  ck_assert_int_gt(kept, 0);
}
END_TEST

/* ---- Layout ---------------------------------------------------------------------------------- */

/* Against the plain way: every frame that is in the view and wide enough is there, at its place;
 * every other one is counted; nothing lies over anything. */
static void check_layout(const UnparkFlame *flame, double from, double to, double width,
                         double min_px) {
  g_auto(UnparkFlameLayout) layout = {0};
  double scale = width / (to - from);
  g_autofree guint8 *seen = g_new0(guint8, flame->n_nodes);
  unpark_flame_layout(flame, from, to, width, min_px, 0, &layout);
  for (guint row = 0; row < layout.n_rows; row++) {
    float end = 0;
    for (guint i = layout.rows[row]; i < layout.rows[row + 1]; i++) {
      const UnparkFlameItem *item = &layout.items[i];
      ck_assert_float_ge(item->x, end - 0.02f);
      ck_assert_float_ge(item->x, 0);
      ck_assert_float_le(item->x + item->width, (float)width + 0.02f);
      end = item->x + item->width;
      ck_assert_uint_eq(flame->nodes[item->node].depth, row);
      for (guint32 k = 0; k < MAX(item->n_folded, 1); k++) {
        ck_assert_uint_eq(seen[item->node + k], 0);
        seen[item->node + k] = 1;
      }
      if (item->n_folded > 0)
        continue;
      double x = ((double)flame->nodes[item->node].start - from) * scale;
      ck_assert_double_eq_tol((double)item->x, CLAMP(x, 0, width), 0.02);
    }
  }
  for (guint32 i = 0; i < flame->n_nodes; i++) {
    const UnparkFlameNode *node = &flame->nodes[i];
    double start = (double)node->start, stop = start + (double)node->weight;
    gboolean shown = stop > from && start < to && (double)node->weight * scale >= min_px;
    /* What a folded caller holds is folded with it. */
    if (shown)
      ck_assert_msg(seen[i], "node %u of weight %d is lost", i, (int)node->weight);
  }
}

START_TEST(layouts_lose_nothing) {
  g_autoptr(GRand) chance = g_rand_new_with_seed(11);
  for (guint round = 0; round < 80; round++) {
    g_autofree char *text =
        random_text(chance, 1 + round * 5, 9, 3 + round % 30, round % 3 ? 40 : 20000);
    g_autoptr(UnparkFlame) flame =
        from_text(text, round % 2 ? UNPARK_FLAME_HEAVY : UNPARK_FLAME_BY_NAME);
    double whole = (double)flame->nodes[0].weight;
    check_layout(flame, 0, whole, 800, 1);
    check_layout(flame, whole * 0.3, whole * 0.4, 500, 1);
    check_layout(flame, whole * 0.911, whole, 300, 2.5);
  }
}
END_TEST

/* A wide frame that begins within the pixel of a narrow one is a frame of its own. */
START_TEST(a_narrow_frame_hides_no_wide_one) {
  g_autoptr(UnparkFlame) flame = from_text("a 1000\nb 1\nc 1000\n", UNPARK_FLAME_BY_NAME);
  g_auto(UnparkFlameLayout) layout = {0};
  unpark_flame_layout(flame, 0, 2001, 200, 1, 0, &layout);
  const UnparkFlameItem *item = unpark_flame_layout_find(&layout, 1, 150);
  ck_assert_ptr_nonnull(item);
  ck_assert_uint_eq(item->node, find(flame, "c"));
  ck_assert_uint_eq(item->n_folded, 0);
}
END_TEST

START_TEST(points_find_frames) {
  g_autoptr(UnparkFlame) flame = from_text("a;b 50\na 25\nc 25\n", UNPARK_FLAME_HEAVY);
  g_auto(UnparkFlameLayout) layout = {0};
  unpark_flame_layout(flame, 0, 100, 100, 1, 0, &layout);
  ck_assert_uint_eq(unpark_flame_layout_find(&layout, 0, 99)->node, 0);
  ck_assert_uint_eq(unpark_flame_layout_find(&layout, 1, 74)->node, find(flame, "a"));
  ck_assert_uint_eq(unpark_flame_layout_find(&layout, 1, 75.5)->node, find(flame, "c"));
  ck_assert_uint_eq(unpark_flame_layout_find(&layout, 2, 49)->node, find(flame, "b"));
  ck_assert_ptr_null(unpark_flame_layout_find(&layout, 2, 51));
  ck_assert_ptr_null(unpark_flame_layout_find(&layout, 9, 1));
  ck_assert_ptr_null(unpark_flame_layout_find(&layout, 0, 100.5));
}
END_TEST

START_TEST(labels_keep_the_name) {
  static const struct {
    const char *text;
    guint cells;
    const char *label;
  } cases[] = {
      {"net/http.(*conn).serve", 40, "net/http.(*conn).serve"},
      {"net/http.(*conn).serve", 20, "http.(*conn).serve"},
      {"net/http.(*conn).serve", 15, "(*conn).serve"},
      {"net/http.(*conn).serve", 8, "(*conn)…"},
      {"net/http.(*conn).serve", 3, ""},
      {"github.com/a/b.New[go.shape.int/x]", 20, "New[go.shape.int/x]"},
      {"函数.调用", 9, "函数.调用"},
      {"函数.调用", 5, "调用"},
      {"/src/net/http/server.go", 10, "server.go"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *label = unpark_flame_label(cases[i].text, cases[i].cells);
    ck_assert_str_eq(label, cases[i].label);
  }
}
END_TEST

/* ---- Files ------------------------------------------------------------------------------ */

static char *svg_of(const UnparkFlame *flame, const UnparkFlamePicture *picture) {
  g_auto(UnparkFlameSheet) sheet = {0};
  g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable();
  g_autoptr(GError) error = NULL;
  unpark_flame_sheet_init(&sheet, flame, picture);
  ck_assert(unpark_flame_write_svg(&sheet, out, NULL, &error));
  ck_assert(g_output_stream_write_all(out, "", 1, NULL, NULL, NULL));
  ck_assert(g_output_stream_close(out, NULL, NULL));
  return g_memory_output_stream_steal_data(G_MEMORY_OUTPUT_STREAM(out));
}

typedef struct {
  guint n_script, n_rect;
  GString *texts;
} Seen;

static void on_element(GMarkupParseContext *context, const char *name, const char **keys,
                       const char **values, gpointer data, GError **error) {
  Seen *seen = data;
  seen->n_script += strcmp(name, "script") == 0;
  seen->n_rect += strcmp(name, "rect") == 0;
}

static void on_text(GMarkupParseContext *context, const char *text, gsize size, gpointer data,
                    GError **error) {
  g_string_append_len(((Seen *)data)->texts, text, (gssize)size);
  g_string_append_c(((Seen *)data)->texts, '\n');
}

static void parse(const char *svg, Seen *seen) {
  const GMarkupParser parser = {.start_element = on_element, .text = on_text};
  g_autoptr(GMarkupParseContext) context =
      g_markup_parse_context_new(&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, seen, NULL);
  g_autoptr(GError) error = NULL;
  ck_assert_msg(g_markup_parse_context_parse(context, svg, -1, &error) &&
                    g_markup_parse_context_end_parse(context, &error),
                "%s", error ? error->message : "");
}

START_TEST(names_stay_names) {
  const char *evil = "</text><script>alert(1)</script>";
  g_autofree char *text = g_strdup_printf("%s;a&b\"c'd]]> 10\nmain.main 5\n", evil);
  g_autoptr(UnparkFlame) flame = from_text(text, UNPARK_FLAME_HEAVY);
  for (guint interactive = 0; interactive < 2; interactive++) {
    UnparkFlamePicture picture = {.interactive = interactive == 1,
                                  .title = "<b>]]>&amp;</title>",
                                  .subtitle = "\x01 \"quoted\""};
    g_autofree char *svg = svg_of(flame, &picture);
    Seen seen = {.texts = g_string_new(NULL)};
    parse(svg, &seen);
    ck_assert_uint_eq(seen.n_script, interactive);
    ck_assert_ptr_nonnull(strstr(seen.texts->str, evil));
    ck_assert_ptr_nonnull(strstr(seen.texts->str, "<b>]]>&amp;</title>"));
    g_string_free(seen.texts, TRUE);
  }
}
END_TEST

START_TEST(what_is_left_out_is_said) {
  g_autoptr(GString) text = g_string_new("wide 1000000\n");
  for (guint i = 0; i < 500; i++)
    g_string_append_printf(text, "narrow%u 1\n", i);
  g_autoptr(UnparkFlame) flame = from_text(text->str, UNPARK_FLAME_HEAVY);
  g_auto(UnparkFlameSheet) sheet = {0};
  UnparkFlamePicture picture = {.min_px = 0.5};
  unpark_flame_sheet_init(&sheet, flame, &picture);
  ck_assert_uint_eq(sheet.layout.n_folded, 500);
  ck_assert_str_eq(sheet.note, "500 frames narrower than 0.5 pixels are left out");
  unpark_flame_sheet_clear(&sheet);
  picture = (UnparkFlamePicture){.min_px = 1e-5, .max_frames = 100};
  unpark_flame_sheet_init(&sheet, flame, &picture);
  ck_assert_uint_le(sheet.layout.n_frames, 100);
  ck_assert_double_gt(sheet.picture.min_px, 1e-5);
}
END_TEST

START_TEST(pictures_too_large_are_refused) {
  g_autoptr(UnparkFlame) flame = from_text("a 1\n", UNPARK_FLAME_HEAVY);
  g_auto(UnparkFlameSheet) sheet = {0};
  UnparkFlamePicture picture = {.width = 20000};
  g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable();
  g_autoptr(GError) error = NULL;
  unpark_flame_sheet_init(&sheet, flame, &picture);
  ck_assert(!unpark_flame_write_png(&sheet, 2, NULL, out, NULL, &error));
  ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT));
}
END_TEST

/* Of a static picture, frames are filled where the layout says. */
START_TEST(pictures_are_painted_where_they_are) {
  g_autoptr(UnparkFlame) flame =
      from_text("main.a;main.b 50\nnet/http.c 50\n", UNPARK_FLAME_BY_NAME);
  g_auto(UnparkFlameSheet) sheet = {0};
  UnparkFlamePicture picture = {.width = 400, .theme = UNPARK_FLAME_THEME_DARK};
  unpark_flame_sheet_init(&sheet, flame, &picture);
  cairo_surface_t *surface =
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)sheet.width, (int)sheet.height);
  cairo_t *cr = cairo_create(surface);
  unpark_flame_draw(&sheet, cr, NULL);
  cairo_destroy(cr);
  cairo_surface_flush(surface);
  const guchar *data = cairo_image_surface_get_data(surface);
  int stride = cairo_image_surface_get_stride(surface);
  for (guint row = 0; row < sheet.layout.n_rows; row++)
    for (guint i = sheet.layout.rows[row]; i < sheet.layout.rows[row + 1]; i++) {
      const UnparkFlameItem *item = &sheet.layout.items[i];
      int x = (int)(sheet.left + (double)item->x + (double)item->width) - 6;
      int y = (int)unpark_flame_sheet_y(&sheet, row) + 4;
      guint32 pixel;
      memcpy(&pixel, data + y * stride + x * 4, sizeof pixel);
      ck_assert_uint_eq(
          pixel & 0xffffff,
          unpark_flame_fill(unpark_flame_class(flame, item->node, UNPARK_FLAME_COLOUR_PACKAGE),
                            TRUE));
    }
  cairo_surface_destroy(surface);
}
END_TEST

START_TEST(search_counts_once) {
  g_autoptr(UnparkFlame) flame = from_text("f;g;f 10\ng 5\nh 85\n", UNPARK_FLAME_HEAVY);
  g_auto(UnparkFlameMatches) m = {0};
  g_autoptr(GError) error = NULL;
  ck_assert(unpark_flame_search(flame, "^[fg]$", TRUE, &m, NULL));
  ck_assert_uint_eq(m.n_frames, 4);
  ck_assert_int_eq(m.total, 15);
  unpark_flame_matches_clear(&m);
  ck_assert(!unpark_flame_search(flame, "(", TRUE, &m, &error));
  ck_assert(error->domain == G_REGEX_ERROR);
  ck_assert(unpark_flame_search(flame, "(", FALSE, &m, NULL));
  ck_assert_uint_eq(m.n_frames, 0);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("flame");
  TCase *tree = tcase_create("tree"), *layout = tcase_create("layout"),
        *file = tcase_create("file");
  tcase_add_test(tree, trees_add_up);
  tcase_add_test(tree, orders_are_as_named);
  tcase_add_test(tree, recursion_counts_once);
  tcase_add_test(tree, differences_have_both_sides);
  tcase_add_test(tree, search_counts_once);
  tcase_add_test(tree, packages_have_colours_of_their_own);
  tcase_add_test(tree, legends_name_what_is_drawn);
  tcase_add_test(tree, trees_share_colours);
  tcase_add_test(tree, time_order_keeps_the_sequence);
  tcase_add_test(tree, stacks_through_a_function_are_whole);
  tcase_add_test(tree, idle_waits_can_be_left_out);
  tcase_add_test(layout, layouts_lose_nothing);
  tcase_add_test(layout, a_narrow_frame_hides_no_wide_one);
  tcase_add_test(layout, points_find_frames);
  tcase_add_test(layout, labels_keep_the_name);
  tcase_add_test(file, names_stay_names);
  tcase_add_test(file, what_is_left_out_is_said);
  tcase_add_test(file, pictures_too_large_are_refused);
  tcase_add_test(file, pictures_are_painted_where_they_are);
  suite_add_tcase(suite, tree);
  suite_add_tcase(suite, layout);
  suite_add_tcase(suite, file);
  return test_run(suite);
}
