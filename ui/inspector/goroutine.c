/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A goroutine, and a group of them. */
#include <glib/gi18n.h>

#include "model/base/times.h"
#include "model/why/goroutine.h"
#include "ui/inspector/pages.h"
#include "ui/inspector/parts.h"
#include "ui/text/words.h"

#define WAITS_SHOWN 5
#define CHILDREN_SHOWN 8
#define MEMBERS_SHOWN 5

/* ---- the goroutine itself -------------------------------------------------------------- */

typedef struct {
  const UnparkGoroutine *goroutine; /* NULL: not there */
  UnparkStackFrames create_stack;
} Head;

static void head_free(gpointer data) {
  g_free(((Head *)data)->create_stack.frames);
  g_free(data);
}

static gpointer find_head(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  if (!unpark_store_goroutines(q->store, NULL, error))
    return NULL;
  Head *head = g_new0(Head, 1);
  head->goroutine = unpark_store_goroutine(q->store, q->pick.id);
  if (head->goroutine)
    unpark_parts_read_stack(q->store, head->goroutine->create_stack, &head->create_stack);
  return head;
}

static const UnparkAsk ask_summary;

/* The chain of what it did in the selected time, but not while one walks along another. */
static void ask_why(UnparkParts *p, const UnparkQuestion *q) {
  if (unpark_session_get_chain(p->session))
    return;
  if (q->selected)
    unpark_pick_page_ask(p->page, &unpark_ask_chain, NULL, NULL);
}

static void tell_head(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const Head *head = answer;
  const UnparkGoroutine *g = head->goroutine;
  unpark_parts_title(p, q->pick.id);
  if (!g) {
    unpark_parts_dim(p, _("This goroutine has not been read yet."));
    return;
  }
  unpark_parts_totals(p, g->total_ns);
  unpark_parts_time(p, _("Created"), g->create_ns);
  unpark_parts_time(p, _("First ran"), g->start_ns);
  unpark_parts_time(p, _("Ended"), g->end_ns);
  if (g->end_ns != UNPARK_NONE)
    unpark_parts_duration(p, _("Lifetime"), g->end_ns - g->create_ns);
  if (!q->selected)
    unpark_parts_dim(p, _("Drag over the ruler, or press T, to select a time range: what delayed "
                          "the goroutine in it is shown here, step by step."));
  unpark_parts_ask_requests(p);
  unpark_pick_page_ask(p->page, &ask_summary, NULL, NULL);
  unpark_parts_ask_ranges(p, UNPARK_SCOPE_GOROUTINE, g->id, q->from_ns, q->to_ns);
  if (g->parent != UNPARK_NONE) {
    unpark_parts_heading(p, _("Created by"));
    unpark_parts_goroutine(p, g->parent, g->create_ns, NULL);
  }
  unpark_parts_stack(p, _("Created at"), &head->create_stack);
  ask_why(p, q);
}

const UnparkAsk unpark_ask_goroutine = {
    .busy = N_("Reading…"), .find = find_head, .tell = tell_head, .answer_free = head_free};

/* ---- what it did --------------------------------------------------------------------------- */

static gpointer find_summary(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  return unpark_goroutine_summary(q->store, q->pick.id, WAITS_SHOWN, cancellable, error);
}

/* Kinds that differ only in how they came about are one line. */
static void tell_kinds(UnparkParts *p, const UnparkGoroutineSummary *s) {
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GArray) sums = g_array_new(FALSE, TRUE, sizeof(UnparkKindTotal));
  for (guint i = 0; i < s->n_kinds; i++) {
    const UnparkKind *kind = unpark_store_kind(p->store, s->kinds[i].kind);
    guint at;
    if (!kind)
      continue;
    g_autofree char *name = unpark_words_state(kind);
    if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, &at)) {
      at = names->len;
      g_ptr_array_add(names, g_steal_pointer(&name));
      g_array_set_size(sums, at + 1);
    }
    UnparkKindTotal *sum = &g_array_index(sums, UnparkKindTotal, at);
    sum->count += s->kinds[i].count;
    unpark_time_sum(&sum->total_ns, s->kinds[i].total_ns);
  }
  if (names->len > 0)
    unpark_parts_heading(p, _("Time by state"));
  for (guint i = 0; i < names->len; i++) {
    const UnparkKindTotal *sum = &g_array_index(sums, UnparkKindTotal, i);
    char total[UNPARK_FORMAT_SIZE], count[UNPARK_FORMAT_SIZE];
    g_autofree char *value =
        g_strdup_printf("%s  ·  %s×", unpark_format_duration(sum->total_ns, total),
                        unpark_format_count((gint64)sum->count, count));
    unpark_parts_fact(p, names->pdata[i], value);
  }
}

static void tell_waits(UnparkParts *p, const UnparkGoroutineSummary *s) {
  if (s->n_waits > 0)
    unpark_parts_heading(p, _("Longest waits"));
  for (guint i = 0; i < s->n_waits; i++) {
    const UnparkSpan *wait = &s->waits[i];
    const UnparkKind *kind = unpark_store_kind(p->store, wait->kind);
    char at[UNPARK_FORMAT_SIZE], duration[UNPARK_FORMAT_SIZE];
    const UnparkPick target = {.type = UNPARK_PICK_SPAN,
                               .id = wait->goroutine,
                               .start_ns = wait->start_ns,
                               .end_ns = wait->end_ns};
    gint64 length = wait->end_ns - wait->start_ns;
    unpark_format_time(wait->start_ns, MAX(length / 20, 1000), at);
    /* Translators: a reason, and when: "sync at 1.203 s". */
    g_autofree char *text = g_strdup_printf(
        _("%s at %s"), kind && *kind->reason ? unpark_words_reason(kind) : _("waiting"), at);
    unpark_parts_link(p, text, unpark_format_duration(length, duration), NULL, &target);
  }
}

static void tell_children(UnparkParts *p, const UnparkGoroutineSummary *s) {
  char count[UNPARK_FORMAT_SIZE];
  if (s->n_children == 0)
    return;
  g_autofree char *title = g_strdup_printf(
      ngettext("The %s goroutine it created", "The %s goroutines it created", s->n_children),
      unpark_format_count(s->n_children, count));
  unpark_parts_heading(p, title);
  for (guint i = 0; i < MIN(s->n_children, CHILDREN_SHOWN); i++)
    unpark_parts_goroutine(p, s->children[i], UNPARK_NONE, NULL);
  if (s->n_children > CHILDREN_SHOWN) {
    g_autofree char *more = g_strdup_printf(
        _("and %s more"), unpark_format_count(s->n_children - CHILDREN_SHOWN, count));
    unpark_parts_dim(p, more);
  }
}

static void tell_summary(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const UnparkGoroutineSummary *s = answer;
  tell_waits(p, s);
  tell_kinds(p, s);
  tell_children(p, s);
}

static void summary_free(gpointer answer) {
  unpark_goroutine_summary_free(answer);
}

static const UnparkAsk ask_summary = {.busy = N_("Adding up its time…"),
                                      .find = find_summary,
                                      .tell = tell_summary,
                                      .answer_free = summary_free};

/* ---- groups ---------------------------------------------------------------------------------- */

typedef struct {
  guint n, n_ended;
  gint64 total_ns[UNPARK_N_STATES];
  guint64 n_spans;
  gint64 first_ns, last_ns;                      /* creation */
  const UnparkGoroutine *longest[MEMBERS_SHOWN]; /* by longest wait */
  UnparkStackFrames create_stack;                /* of the first one that has any */
} Group;

static void group_free(gpointer data) {
  g_free(((Group *)data)->create_stack.frames);
  g_free(data);
}

static void keep_longest(Group *group, const UnparkGoroutine *g) {
  for (guint i = 0; i < MEMBERS_SHOWN; i++) {
    if (group->longest[i] && group->longest[i]->longest_wait_ns >= g->longest_wait_ns)
      continue;
    const UnparkGoroutine *moved = group->longest[i];
    group->longest[i] = g;
    g = moved;
    if (!g)
      return;
  }
}

static void take_member(Group *group, const UnparkGoroutine *g, guint32 *create_stack) {
  group->first_ns = group->n == 0 ? g->create_ns : MIN(group->first_ns, g->create_ns);
  group->last_ns = group->n == 0 ? g->create_ns : MAX(group->last_ns, g->create_ns);
  group->n++;
  group->n_ended += g->end_ns != UNPARK_NONE;
  group->n_spans += g->span_count;
  for (guint s = 0; s < UNPARK_N_STATES; s++)
    unpark_time_sum(&group->total_ns[s], g->total_ns[s]);
  if (*create_stack == 0)
    *create_stack = g->create_stack;
  if (g->longest_wait_ns > 0)
    keep_longest(group, g);
}

static gpointer find_group(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  guint n;
  guint32 create_stack = 0;
  const UnparkGoroutine *all = unpark_store_goroutines(q->store, &n, error);
  if (!all)
    return NULL;
  Group *group = g_new0(Group, 1);
  for (guint i = 0; i < n; i++)
    if ((gint64)all[i].name_id == q->pick.id)
      take_member(group, &all[i], &create_stack);
  unpark_parts_read_stack(q->store, create_stack, &group->create_stack);
  return group;
}

static void tell_group(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const Group *group = answer;
  const char *name = unpark_store_string(p->store, (guint32)q->pick.id);
  char count[UNPARK_FORMAT_SIZE], ended[UNPARK_FORMAT_SIZE], duration[UNPARK_FORMAT_SIZE];
  unpark_parts_sentence(p, *name ? name : _("unknown function"), NULL);
  unpark_format_count(group->n, count);
  unpark_format_count(group->n_ended, ended);
  g_autofree char *members = g_strdup_printf(
      ngettext("%s goroutine started in this function; %s ended during the trace.",
               "%s goroutines started in this function; %s ended during the trace.", group->n),
      count, ended);
  unpark_parts_plain(p, members);
  if (group->n == 0)
    return;
  unpark_parts_totals(p, group->total_ns);
  unpark_parts_fact(p, _("Spans"), unpark_format_count((gint64)group->n_spans, count));
  unpark_parts_time(p, _("First created"), group->first_ns);
  unpark_parts_time(p, _("Last created"), group->last_ns);
  if (group->longest[0])
    unpark_parts_heading(p, _("Longest single waits"));
  for (guint i = 0; i < MEMBERS_SHOWN && group->longest[i]; i++)
    unpark_parts_goroutine(p, group->longest[i]->id, UNPARK_NONE,
                           unpark_format_duration(group->longest[i]->longest_wait_ns, duration));
  unpark_parts_stack(p, _("First created at"), &group->create_stack);
}

const UnparkAsk unpark_ask_group = {
    .busy = N_("Reading…"), .find = find_group, .tell = tell_group, .answer_free = group_free};
