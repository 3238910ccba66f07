/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers from other threads come to who asked, while they are wanted, and nothing is left over. */
#include <check.h>
#include <stdlib.h>

#include "tests/support.h"
#include "ui/kit/worker.h"

typedef struct {
  UnparkWorker worker;
  GString *told;
} Asker;

typedef struct {
  const char *text;
  gboolean fails;
  gint *gate; /* it waits until this is set; NULL: it does not */
} Question;

static gint n_questions, n_answers; /* atomic: not yet freed */

static Question *question_new(const char *text) {
  Question *question = g_new0(Question, 1);
  question->text = text;
  g_atomic_int_inc(&n_questions);
  return question;
}

static void question_free(gpointer data) {
  ck_assert(g_main_context_is_owner(g_main_context_default()));
  g_atomic_int_add(&n_questions, -1);
  g_free(data);
}

static void answer_free(gpointer data) {
  g_atomic_int_add(&n_answers, -1);
  g_free(data);
}

static gpointer answer(gpointer data, GCancellable *cancellable, GError **error) {
  const Question *question = data;
  while (question->gate && !g_atomic_int_get(question->gate))
    g_usleep(100);
  if (question->fails) {
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, "no answer");
    return NULL;
  }
  g_atomic_int_inc(&n_answers);
  return g_strdup(question->text);
}

static void on_answer(gpointer owner, gpointer data, gpointer result, const GError *error) {
  Asker *asker = owner;
  ck_assert(g_main_context_is_owner(g_main_context_default()));
  ck_assert(!unpark_worker_is_running(&asker->worker));
  ck_assert((result != NULL) != (error != NULL));
  g_string_append_printf(asker->told, "%s.", result ? (char *)result : error->message);
  if (result)
    answer_free(result);
}

static const UnparkWork work = {answer, on_answer, question_free, answer_free};

/* Until every question is done with. */
static void settle(void) {
  while (g_atomic_int_get(&n_questions) > 0)
    g_main_context_iteration(NULL, TRUE);
  for (guint i = 0; i < 10000 && g_atomic_int_get(&n_answers) > 0; i++)
    g_usleep(1000);
  ck_assert_int_eq(g_atomic_int_get(&n_answers), 0);
}

static Asker *asker_new(void) {
  Asker *asker = g_new0(Asker, 1);
  asker->told = g_string_new(NULL);
  return asker;
}

static void asker_free(Asker *asker) {
  unpark_worker_cancel(&asker->worker);
  g_string_free(asker->told, TRUE);
  g_free(asker);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Asker, asker_free)

static void setup(void) {
  ck_assert(g_main_context_acquire(g_main_context_default()));
}

static void teardown(void) {
  g_main_context_release(g_main_context_default());
}

START_TEST(an_answer_comes) {
  g_autoptr(Asker) asker = asker_new();
  unpark_worker_run(&asker->worker, asker, &work, question_new("yes"));
  ck_assert(unpark_worker_is_running(&asker->worker));
  settle();
  ck_assert_str_eq(asker->told->str, "yes.");
}
END_TEST

START_TEST(so_does_a_failure) {
  g_autoptr(Asker) asker = asker_new();
  Question *question = question_new("yes");
  question->fails = TRUE;
  unpark_worker_run(&asker->worker, asker, &work, question);
  settle();
  ck_assert_str_eq(asker->told->str, "no answer.");
}
END_TEST

/* Also when the first is through with its work before the second begins. */
START_TEST(only_the_newest_is_told) {
  g_autoptr(Asker) asker = asker_new();
  gint gate = 0;
  Question *slow = question_new("slow");
  slow->gate = &gate;
  unpark_worker_run(&asker->worker, asker, &work, slow);
  unpark_worker_run(&asker->worker, asker, &work, question_new("done"));
  while (g_atomic_int_get(&n_answers) == 0)
    g_usleep(100);
  unpark_worker_run(&asker->worker, asker, &work, question_new("newest"));
  g_atomic_int_set(&gate, 1);
  settle();
  ck_assert_str_eq(asker->told->str, "newest.");
}
END_TEST

/* The sanitizer build sees it if anything of the owner is touched afterwards. */
START_TEST(an_owner_that_is_gone_is_told_nothing) {
  gint gate = 0;
  Asker *asker = asker_new();
  Question *question = question_new("late");
  question->gate = &gate;
  unpark_worker_run(&asker->worker, asker, &work, question);
  asker_free(asker);
  g_atomic_int_set(&gate, 1);
  settle();
}
END_TEST

static void on_once(gpointer owner, gpointer data, gpointer result, const GError *error) {
  ck_assert(G_IS_SIMPLE_ACTION(owner));
  ck_assert_str_eq(result, "once");
  answer_free(result);
}

static void on_gone(gpointer data, GObject *object) {
  *(gboolean *)data = TRUE;
}

START_TEST(what_runs_once_keeps_its_owner) {
  static const UnparkWork once = {answer, on_once, question_free, answer_free};
  GSimpleAction *owner = g_simple_action_new("owner", NULL);
  gboolean gone = FALSE;
  gint gate = 0;
  Question *question = question_new("once");
  question->gate = &gate;
  g_object_weak_ref(G_OBJECT(owner), on_gone, &gone);
  unpark_worker_run_once(owner, &once, question);
  g_object_unref(owner);
  ck_assert(!gone);
  g_atomic_int_set(&gate, 1);
  settle();
  ck_assert(gone);
}
END_TEST

START_TEST(nobody_has_to_listen) {
  static const UnparkWork silent = {answer, NULL, question_free, answer_free};
  unpark_worker_run_once(NULL, &silent, question_new("nothing"));
  settle();
}
END_TEST

int main(void) {
  Suite *suite = suite_create("worker");
  TCase *tests = tcase_create("worker");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, an_answer_comes);
  tcase_add_test(tests, so_does_a_failure);
  tcase_add_test(tests, only_the_newest_is_told);
  tcase_add_test(tests, an_owner_that_is_gone_is_told_nothing);
  tcase_add_test(tests, what_runs_once_keeps_its_owner);
  tcase_add_test(tests, nobody_has_to_listen);
  suite_add_tcase(suite, tests);
  return test_run(suite);
}
