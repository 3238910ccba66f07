/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What views share: the pick, the wait chain one walks along, the way back. */
#include <stdlib.h>

#include "tests/support.h"
#include "ui/session/together.h"
#include "tests/why/script.h"

/* The example of model/why/why.h: six links. */
static const char script[] =
    "0 17 begin; 0 41 begin; 1 9 begin; 0 17 run; 0 41 run; 0 41 wait sync; 1 9 run; 1 9 wait "
    "sleep;"
    "2 17 wait sync; 6 9 ready; 6 9 run; 7 17 ready by 9; 7 17 run; 10 41 ready by 17; 10 41 run;"
    "12 0 stop";

typedef struct {
  TestStore *made;
  UnparkSession *session;
  GString *log; /* signals: v visible, p pick, h history, c chain, r reveal, R in place */
} Fixture;

static void on_signal(Fixture *f, const char *letter) {
  g_string_append(f->log, letter);
}

static void on_visible(Fixture *f) {
  on_signal(f, "v");
}
static void on_pick(Fixture *f) {
  on_signal(f, "p");
}
static void on_settled(Fixture *f) {
  on_signal(f, "s");
}
static void on_history(Fixture *f) {
  on_signal(f, "h");
}
static void on_chain(Fixture *f) {
  on_signal(f, "c");
}
static void on_reveal(UnparkSession *session, const char *view, Fixture *f) {
  on_signal(f, unpark_session_keeps_visible(session) ? "R" : "r");
  if (view)
    g_string_append_printf(f->log, "(%s)", view);
}

static Fixture fixture_new(void) {
  Fixture f = {made_script(script), unpark_session_new(), g_string_new(NULL)};
  unpark_session_set_store(f.session, f.made->store);
  return f;
}

static void listen(Fixture *f) {
  g_signal_connect_swapped(f->session, "visible-changed", G_CALLBACK(on_visible), f);
  g_signal_connect_swapped(f->session, "pick-changed", G_CALLBACK(on_pick), f);
  g_signal_connect_swapped(f->session, "pick-settled", G_CALLBACK(on_settled), f);
  g_signal_connect_swapped(f->session, "history-changed", G_CALLBACK(on_history), f);
  g_signal_connect_swapped(f->session, "chain-changed", G_CALLBACK(on_chain), f);
  g_signal_connect(f->session, "reveal", G_CALLBACK(on_reveal), f);
}

static void expect_log(Fixture *f, const char *expected) {
  ck_assert_str_eq(f->log->str, expected);
  g_string_set_size(f->log, 0);
}

static void fixture_clear(Fixture *f) {
  g_object_unref(f->session);
  test_store_free(f->made);
  g_string_free(f->log, TRUE);
}

static UnparkPick span_pick(gint64 goroutine, gint64 from_ns, gint64 to_ns) {
  return (UnparkPick){
      .type = UNPARK_PICK_SPAN, .id = goroutine, .start_ns = from_ns, .end_ns = to_ns};
}

static void expect_pick(Fixture *f, gint64 goroutine, gint64 start_ns) {
  const UnparkPick *pick = unpark_session_get_pick(f->session);
  ck_assert_int_eq(pick->id, goroutine);
  ck_assert_int_eq(pick->start_ns, start_ns);
}

static void begin_chain(Fixture *f) {
  const UnparkPick pick = span_pick(41, 0, 10);
  g_autoptr(UnparkChain) chain = unpark_chain_of_wait(f->made->store, 41, 5, 0, NULL, NULL);
  ck_assert_uint_eq(chain->n_links, 6);
  unpark_session_set_pick(f->session, &pick);
  unpark_session_set_chain(f->session, chain);
}

START_TEST(test_walk) {
  Fixture f = fixture_new();
  begin_chain(&f);
  ck_assert_int_eq(unpark_session_get_chain_link(f.session), 0);
  ck_assert(!unpark_session_step_chain(f.session, -1));
  listen(&f);
  ck_assert(unpark_session_step_chain(f.session, 1));
  expect_pick(&f, 17, 7);
  expect_log(&f, "pcR(timeline)h");
  ck_assert(unpark_session_step_chain(f.session, 1));
  expect_pick(&f, 17, 2);
  for (guint i = 0; i < 3; i++)
    ck_assert(unpark_session_step_chain(f.session, 1));
  ck_assert_int_eq(unpark_session_get_chain_link(f.session), 5);
  ck_assert(!unpark_session_step_chain(f.session, 1));
  /* Back leads to where the walk began, and the chain is gone. */
  unpark_session_go_back(f.session);
  expect_pick(&f, 41, 0);
  ck_assert_ptr_null(unpark_session_get_chain(f.session));
  ck_assert(!unpark_session_can_go_back(f.session));
  fixture_clear(&f);
}
END_TEST

START_TEST(test_chain_goes) {
  Fixture f = fixture_new();
  const UnparkPick other = span_pick(9, 1, 6);
  begin_chain(&f);
  guint serial = unpark_session_get_chain_serial(f.session);
  unpark_session_set_pick(f.session, &other);
  ck_assert_ptr_null(unpark_session_get_chain(f.session));
  ck_assert_int_eq(unpark_session_get_chain_link(f.session), -1);
  ck_assert_uint_ne(unpark_session_get_chain_serial(f.session), serial);
  ck_assert(!unpark_session_step_chain(f.session, 1));
  fixture_clear(&f);
}
END_TEST

START_TEST(test_settle) {
  Fixture f = fixture_new();
  const UnparkPick about = span_pick(41, 5, 5), exact = span_pick(41, 0, 10);
  begin_chain(&f);
  unpark_session_set_pick(f.session, &about);
  listen(&f);
  unpark_session_settle_pick(f.session, &exact);
  expect_pick(&f, 41, 0);
  expect_log(&f, "s");
  unpark_session_settle_pick(f.session, &exact);
  expect_log(&f, "");
  fixture_clear(&f);
}
END_TEST

START_TEST(test_neighbours) {
  const UnparkSpan spans[] = {{.kind = 1, .start_ns = 0, .end_ns = 5},
                              {.kind = 2, .start_ns = 5, .end_ns = 5},
                              {.kind = 3, .start_ns = 5, .end_ns = 9},
                              {.kind = 4, .start_ns = 10, .end_ns = 12}};
  const guint16 expected[][3] = {{0, 1, 2}, {1, 2, 3}, {2, 3, 0}, {0, 4, 0}};
  for (guint i = 0; i < G_N_ELEMENTS(spans); i++) {
    UnparkPickSpan hit = unpark_pick_span(spans, G_N_ELEMENTS(spans), i);
    ck_assert_uint_eq(hit.before.kind, expected[i][0]);
    ck_assert_uint_eq(hit.span.kind, expected[i][1]);
    ck_assert_uint_eq(hit.after.kind, expected[i][2]);
  }
}
END_TEST

/* What was read of one store says nothing of the next. */
START_TEST(test_hit_goes_with_the_store) {
  Fixture f = fixture_new();
  TestStore *other = made_script("0 41 begin; 0 43 begin; 1 41 run; 3 0 stop");
  UnparkPick first = span_pick(41, 0, 10), second = span_pick(9, 1, 6);
  first.hit.span.kind = second.hit.span.kind = first.kind = second.kind = 1;
  unpark_session_go_to(f.session, &first, "timeline");
  unpark_session_go_to(f.session, &second, "timeline");
  ck_assert_uint_eq(unpark_session_get_pick(f.session)->hit.span.kind, 1);
  unpark_session_set_store(f.session, other->store);
  ck_assert_uint_eq(unpark_session_get_pick(f.session)->hit.span.kind, 0);
  unpark_session_go_back(f.session);
  expect_pick(&f, 41, 0);
  ck_assert_uint_eq(unpark_session_get_pick(f.session)->hit.span.kind, 0);
  ck_assert_uint_eq(unpark_session_get_pick(f.session)->kind, 0);
  fixture_clear(&f);
  test_store_free(other);
}
END_TEST

START_TEST(test_history) {
  Fixture f = fixture_new();
  const UnparkPick first = span_pick(41, 0, 10), second = span_pick(9, 1, 6);
  double from, to;
  unpark_session_set_view(f.session, "goroutines");
  unpark_session_go_to(f.session, &first, "timeline");
  unpark_session_set_view(f.session, "timeline");
  unpark_session_set_visible(f.session, 2, 4);
  unpark_session_go_to(f.session, &second, "timeline");
  listen(&f);
  unpark_session_go_back(f.session);
  expect_pick(&f, 41, 0);
  unpark_session_get_visible(f.session, &from, &to);
  ck_assert_double_eq(from, 2);
  ck_assert_double_eq(to, 4);
  unpark_session_go_back(f.session);
  ck_assert_int_eq(unpark_session_get_pick(f.session)->type, UNPARK_PICK_NONE);
  ck_assert_ptr_nonnull(strstr(f.log->str, "R(goroutines)"));
  unpark_session_go_forward(f.session);
  unpark_session_go_forward(f.session);
  expect_pick(&f, 9, 1);
  ck_assert(!unpark_session_can_go_forward(f.session));
  fixture_clear(&f);
}
END_TEST

/* An instant is brought into sight at the zoom there is. */
START_TEST(test_instant) {
  Fixture f = fixture_new();
  const UnparkPick late = span_pick(41, 11, 11), early = span_pick(41, 0, 0);
  double from, to;
  unpark_session_set_visible(f.session, 2, 4);
  unpark_session_go_to(f.session, &late, NULL);
  unpark_session_get_visible(f.session, &from, &to);
  ck_assert_double_eq(from, 10);
  ck_assert_double_eq(to, 12);
  unpark_session_go_to(f.session, &early, NULL);
  unpark_session_get_visible(f.session, &from, &to);
  ck_assert_double_eq(from, 0);
  ck_assert_double_eq(to, 2);
  fixture_clear(&f);
}
END_TEST

/* ---- the filter ------------------------------------------------------------------------ */

static void on_filter_signal(UnparkSession *session, GString *log) {
  g_string_append(log, unpark_session_is_filtering(session) ? "f" : "F");
}

static void on_ready(UnparkSession *session, GString *log) {
  ck_assert(!unpark_session_is_filtering(session));
  g_string_append(log, "!");
}

static void listen_filter(Fixture *f) {
  g_signal_connect(f->session, "filter-changed", G_CALLBACK(on_filter_signal), f->log);
  g_signal_connect(f->session, "filter-ready", G_CALLBACK(on_ready), f->log);
}

static void wait_for_filter(Fixture *f) {
  while (unpark_session_is_filtering(f->session))
    g_main_context_iteration(NULL, TRUE);
}

static void expect_passing(Fixture *f, const char *text, gint64 goroutine) {
  const UnparkFilterResult *result = unpark_session_get_filtered(f->session);
  ck_assert_ptr_nonnull(result);
  ck_assert_str_eq(result->text, text);
  ck_assert_uint_eq(result->goroutines.n, 1);
  ck_assert_int_eq(result->goroutines.ids[0], goroutine);
  ck_assert_ptr_null(unpark_session_get_filter_error(f->session));
}

START_TEST(test_filter_is_run_once) {
  Fixture f = fixture_new();
  listen_filter(&f);
  unpark_session_set_filter(f.session, " G 41 ");
  ck_assert_ptr_null(unpark_session_get_filtered(f.session));
  wait_for_filter(&f);
  expect_log(&f, "f!");
  expect_passing(&f, "G 41", 41);
  /* The same object for whoever asks, and nothing runs for the same text. */
  UnparkFilterResult *result = unpark_session_get_filtered(f.session);
  unpark_session_set_filter(f.session, " G 41 ");
  ck_assert_ptr_eq(unpark_session_get_filtered(f.session), result);
  expect_log(&f, "");
  unpark_session_set_filter(f.session, "");
  ck_assert_ptr_null(unpark_session_get_filtered(f.session));
  expect_log(&f, "F");
  fixture_clear(&f);
}
END_TEST

START_TEST(test_filter_newest_wins) {
  Fixture f = fixture_new();
  listen_filter(&f);
  unpark_session_set_filter(f.session, "G 41");
  unpark_session_set_filter(f.session, "G 17");
  wait_for_filter(&f);
  expect_log(&f, "ff!");
  expect_passing(&f, "G 17", 17);
  unpark_session_set_filter(f.session, "G 9");
  unpark_session_set_filter(f.session, "");
  for (int i = 0; i < 200; i++) { /* what ran for G 9 comes late */
    g_main_context_iteration(NULL, FALSE);
    g_usleep(500);
  }
  ck_assert_ptr_null(unpark_session_get_filtered(f.session));
  expect_log(&f, "fF");
  fixture_clear(&f);
}
END_TEST

START_TEST(test_filter_errors) {
  Fixture f = fixture_new();
  listen_filter(&f);
  unpark_session_set_filter(f.session, "state:asleep");
  expect_log(&f, "F");
  ck_assert_ptr_nonnull(unpark_session_get_filter_error(f.session));
  ck_assert_ptr_null(unpark_session_get_filtered(f.session));
  unpark_session_set_filter(f.session, "state:waiting woken-by:17");
  wait_for_filter(&f);
  expect_log(&f, "f!");
  expect_passing(&f, "state:waiting woken-by:17", 41);
  ck_assert_uint_eq(unpark_session_get_filtered(f.session)->n_spans, 1);
  fixture_clear(&f);
}
END_TEST

/* Another store: the result is of that one. */
START_TEST(test_filter_follows_the_store) {
  Fixture f = fixture_new();
  TestStore *other = made_script("0 41 begin; 0 43 begin; 1 41 run; 3 0 stop");
  listen_filter(&f);
  unpark_session_set_filter(f.session, "not G 41");
  unpark_session_set_store(f.session, other->store);
  ck_assert(unpark_session_is_filtering(f.session));
  wait_for_filter(&f);
  expect_log(&f, "f!");
  expect_passing(&f, "not G 41", 43);
  /* The session goes while a worker runs. */
  unpark_session_set_filter(f.session, "state:running");
  fixture_clear(&f);
  for (int i = 0; i < 50; i++) {
    g_main_context_iteration(NULL, FALSE);
    g_usleep(500);
  }
  test_store_free(other);
}
END_TEST

START_TEST(test_sources_follow_the_store) {
  Fixture f = fixture_new();
  guint n;
  UnparkSources *sources = unpark_session_get_sources(f.session);
  ck_assert_ptr_eq(unpark_sources_entries(sources, &n)->store, f.made->store);
  ck_assert_uint_eq(n, 1);
  ck_assert_ptr_eq(unpark_session_get_sources(f.session), sources);
  ck_assert_ptr_eq(unpark_session_of_source(f.session, 1), f.session);
  ck_assert_ptr_null(unpark_session_of_source(f.session, 2));
  /* A worker may go on with the ones before. */
  unpark_sources_ref(sources);
  TestStore *other = made_script(script);
  unpark_session_set_store(f.session, other->store);
  ck_assert_ptr_eq(unpark_sources_entries(unpark_session_get_sources(f.session), &n)->store,
                   other->store);
  ck_assert_ptr_eq(unpark_sources_entries(sources, &n)->store, f.made->store);
  unpark_sources_unref(sources);
  fixture_clear(&f);
  test_store_free(other);
}
END_TEST

/* From a file to another one, and back. */
START_TEST(test_back_into_another_file) {
  TestStore *made[] = {made_script(script), made_script(script)};
  UnparkSession *sessions[] = {unpark_session_new(), unpark_session_new()};
  UnparkTogether *together = unpark_together_new();
  UnparkSources *sources = unpark_sources_new();
  for (guint i = 0; i < 2; i++)
    unpark_sources_add(sources, made[i]->store, i == 0 ? "a" : "b");
  ck_assert(unpark_sources_align(sources, NULL));
  unpark_together_set(together, sources, sessions);
  ck_assert_ptr_eq(unpark_session_of_source(sessions[0], 2), sessions[1]);

  const UnparkPick here = span_pick(41, 0, 10), there = span_pick(9, 1, 6);
  unpark_session_set_pick(sessions[0], &here);
  unpark_session_go_to(sessions[1], &there, "timeline");
  ck_assert_uint_eq(unpark_together_get_current(together), 1);
  ck_assert_int_eq(unpark_session_get_pick(sessions[0])->type, UNPARK_PICK_NONE);
  unpark_session_go_back(sessions[1]);
  ck_assert_uint_eq(unpark_together_get_current(together), 0);
  ck_assert(unpark_pick_equal(unpark_session_get_pick(sessions[0]), &here));
  ck_assert_int_eq(unpark_session_get_pick(sessions[1])->type, UNPARK_PICK_NONE);

  /* The visible time and the filter are of both. */
  double from, to;
  unpark_session_set_visible(sessions[1], 2, 5);
  unpark_session_get_visible(sessions[0], &from, &to);
  ck_assert(from == 2 && to == 5);
  unpark_session_set_filter(sessions[0], "G 9");
  ck_assert_str_eq(unpark_session_get_filter(sessions[1]), "G 9");
  g_object_unref(together);
  unpark_sources_unref(sources);
  for (guint i = 0; i < 2; i++) {
    g_object_unref(sessions[i]);
    test_store_free(made[i]);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("session");
  TCase *tests = tcase_create("session");
  tcase_add_test(tests, test_walk);
  tcase_add_test(tests, test_chain_goes);
  tcase_add_test(tests, test_settle);
  tcase_add_test(tests, test_neighbours);
  tcase_add_test(tests, test_hit_goes_with_the_store);
  tcase_add_test(tests, test_sources_follow_the_store);
  tcase_add_test(tests, test_back_into_another_file);
  tcase_add_test(tests, test_history);
  tcase_add_test(tests, test_instant);
  tcase_add_test(tests, test_filter_is_run_once);
  tcase_add_test(tests, test_filter_newest_wins);
  tcase_add_test(tests, test_filter_errors);
  tcase_add_test(tests, test_filter_follows_the_store);
  suite_add_tcase(suite, tests);
  return test_run(suite);
}
