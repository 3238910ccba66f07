#include "ui/inspector-items.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/format.h"
#include "ui/tables.h"

/* Comparing a wait with all waits at its place reads every span: for stores up to this size. */
#define COMPARE_SPANS 6000000
#define MAX_CHILDREN 12
#define MAX_WAITS 8

typedef struct {
  UnparkStore *store;
  GPtrArray *lines;
  GCancellable *cancellable;
} Say;

static void line_free(gpointer data) {
  UnparkLine *line = data;
  g_free(line->label);
  g_free(line->text);
  g_free(line);
}

static UnparkLine *say(Say *s, UnparkLineType type, const char *label, const char *text) {
  UnparkLine *line = g_new0(UnparkLine, 1);
  line->type = type;
  line->label = g_strdup(label ? label : "");
  line->text = g_strdup(text ? text : "");
  g_ptr_array_add(s->lines, line);
  return line;
}

static void say_duration(Say *s, const char *label, gint64 ns) {
  char buf[UNPARK_FORMAT_SIZE];
  say(s, UNPARK_LINE_PAIR, label, unpark_format_duration(ns, buf));
}

static void say_time(Say *s, const char *label, gint64 ns) {
  char buf[UNPARK_FORMAT_SIZE], wall[UNPARK_FORMAT_SIZE];
  const UnparkSource *source = unpark_store_source(s->store);
  if (ns == UNPARK_NONE)
    return;
  unpark_format_time(ns, 100, buf);
  if (source->start_wall_ns == UNPARK_NONE) {
    say(s, UNPARK_LINE_PAIR, label, buf);
    return;
  }
  g_autofree char *both =
      g_strdup_printf("%s · %s", buf, unpark_format_wall(source->start_wall_ns + ns, wall));
  say(s, UNPARK_LINE_PAIR, label, both);
}

static char *goroutine_name(UnparkStore *store, gint64 id) {
  const UnparkGoroutine *g = unpark_store_goroutine(store, id);
  const char *name = g ? unpark_store_string(store, g->name_id) : "";
  return g_strdup_printf("G %" G_GINT64_FORMAT " %s", id, unpark_format_function_short(name));
}

static void say_goroutine(Say *s, const char *label, gint64 id) {
  g_autofree char *name = goroutine_name(s->store, id);
  UnparkLine *line = say(s, UNPARK_LINE_PAIR, label, name);
  line->pick = (UnparkPick){
      .type = UNPARK_PICK_GOROUTINE, .id = id, .start_ns = UNPARK_NONE, .end_ns = UNPARK_NONE};
}

static void say_stack(Say *s, const char *heading, guint32 stack) {
  guint n;
  g_autofree UnparkFrame *frames = unpark_store_stack(s->store, stack, 0, &n);
  if (n == 0)
    return;
  say(s, UNPARK_LINE_HEADING, NULL, heading);
  for (guint i = 0; i < n; i++) {
    g_autofree char *place = g_strdup_printf("%s:%u", frames[i].file, frames[i].line);
    say(s, unpark_format_is_runtime(frames[i].function) ? UNPARK_LINE_RUNTIME : UNPARK_LINE_FRAME,
        place, frames[i].function);
  }
}

/* ---- sentences --------------------------------------------------------------------- */

static const char *wait_sentence(const UnparkKind *kind) {
  if (strstr(kind->reason, "chan send"))
    return _("Waited to send to a channel for %s.");
  if (strstr(kind->reason, "chan receive"))
    return _("Waited to receive from a channel for %s.");
  switch (kind->wait) {
  case UNPARK_WAIT_SYNC:
    return strstr(kind->reason, "cond") ? _("Waited for a condition variable for %s.")
                                        : _("Waited for a lock or a wait group for %s.");
  case UNPARK_WAIT_SELECT:
    return _("Waited in a select for %s.");
  case UNPARK_WAIT_CHANNEL:
    return _("Waited for a channel for %s.");
  case UNPARK_WAIT_NETWORK:
    return _("Waited for the network for %s.");
  case UNPARK_WAIT_SLEEP:
    return _("Slept for %s.");
  case UNPARK_WAIT_SYSCALL:
    return _("Waited in a system call for %s.");
  case UNPARK_WAIT_GC:
    return _("Waited for the garbage collector for %s.");
  case UNPARK_WAIT_SYSTEM:
    return _("A goroutine of the runtime, idle for %s.");
  case UNPARK_WAIT_FOREVER:
    return _("Can never go on; has waited for %s.");
  default:
    return _("Waited for %s.");
  }
}

static const char *runnable_sentence(UnparkCause cause) {
  switch (cause) {
  case UNPARK_CAUSE_CREATED:
    return _("Was just created and waited for a processor for %s.");
  case UNPARK_CAUSE_WOKEN:
    return _("Had been woken and waited for a processor for %s.");
  case UNPARK_CAUSE_PREEMPTED:
    return _("Was preempted and waited for a processor for %s.");
  case UNPARK_CAUSE_SYSCALL:
    return _("Came back from a system call and waited for a processor for %s.");
  case UNPARK_CAUSE_YIELD:
    return _("Gave its processor up and waited for one for %s.");
  default:
    return _("Waited for a processor for %s.");
  }
}

char *unpark_inspector_sentence(const UnparkKind *kind, gint64 duration_ns, gboolean open) {
  char buf[UNPARK_FORMAT_SIZE];
  const char *format = _("Ran for %s.");
  if (kind->state == UNPARK_STATE_WAITING)
    format = wait_sentence(kind);
  else if (kind->state == UNPARK_STATE_RUNNABLE)
    format = runnable_sentence(kind->cause);
  else if (kind->state == UNPARK_STATE_SYSCALL)
    format = _("Was in a system call for %s.");
  unpark_format_duration(duration_ns, buf);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_autofree char *sentence = g_strdup_printf(format, buf);
#pragma GCC diagnostic pop
  return open ? g_strconcat(sentence, " ", _("The trace ends before it does."), NULL)
              : g_steal_pointer(&sentence);
}

/* ---- spans --------------------------------------------------------------------------- */

typedef struct {
  guint16 kind;
  guint32 stack;
  gint64 duration, longest, total;
  guint64 n, shorter;
} Compare;

static gboolean compare_span(const UnparkSpan *spans, guint n, gpointer data) {
  Compare *c = data;
  for (guint i = 0; i < n; i++) {
    if (spans[i].kind != c->kind || spans[i].stack != c->stack)
      continue;
    gint64 duration = spans[i].end_ns - spans[i].start_ns;
    c->n++;
    c->shorter += duration < c->duration;
    c->longest = MAX(c->longest, duration);
    c->total += duration;
  }
  return TRUE;
}

/* How this wait compares with all waits at the same place. */
static gboolean say_compare(Say *s, const UnparkSpan *span, GError **error) {
  Compare c = {.kind = span->kind, .stack = span->stack, .duration = span->end_ns - span->start_ns};
  char buf[UNPARK_FORMAT_SIZE], longest[UNPARK_FORMAT_SIZE];
  if (!span->stack || unpark_store_span_count(s->store) > COMPARE_SPANS)
    return TRUE;
  if (!unpark_store_visit_spans(s->store, G_MININT64 + 1, G_MAXINT64, compare_span, &c,
                                s->cancellable, error))
    return FALSE;
  if (c.n < 2)
    return TRUE;
  g_autofree char *text = g_strdup_printf(_("longer than %.0f %% of %s waits; the longest took %s"),
                                          100.0 * (double)c.shorter / (double)(c.n - 1),
                                          unpark_format_count((gint64)c.n, buf),
                                          unpark_format_duration(c.longest, longest));
  say(s, UNPARK_LINE_PAIR, _("At this place"), text);
  return TRUE;
}

static void say_waker(Say *s, const UnparkSpan *span, const UnparkKind *kind) {
  if (kind->state != UNPARK_STATE_WAITING)
    return;
  if (span->waker != UNPARK_NONE)
    say_goroutine(s, span->waker == span->goroutine ? _("Woken by itself") : _("Woken by"),
                  span->waker);
  else if (span->end_ns < unpark_store_source(s->store)->duration_ns)
    say(s, UNPARK_LINE_PAIR, _("Woken by"), _("the runtime (timer, network poller or another)"));
}

static void say_neighbour(Say *s, const char *label, const UnparkSpan *span) {
  const UnparkKind *kind = unpark_store_kind(s->store, span->kind);
  char buf[UNPARK_FORMAT_SIZE];
  if (!kind)
    return;
  unpark_format_duration(span->end_ns - span->start_ns, buf);
  g_autofree char *text = g_strdup_printf("%s%s%s, %s", unpark_state_name(kind->state),
                                          *kind->reason ? ", " : "", kind->reason, buf);
  UnparkLine *line = say(s, UNPARK_LINE_PAIR, label, text);
  line->pick = (UnparkPick){.type = UNPARK_PICK_SPAN,
                            .id = span->goroutine,
                            .start_ns = span->start_ns,
                            .end_ns = span->end_ns};
}

static gboolean say_span(Say *s, const UnparkPick *pick, GError **error) {
  guint n, at = 0;
  g_autoptr(GError) failure = NULL;
  g_autofree UnparkSpan *spans = unpark_store_spans(
      s->store, pick->id, pick->start_ns - 1, pick->end_ns + 1, 64, &n, s->cancellable, &failure);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  while (at < n && spans[at].start_ns != pick->start_ns)
    at++;
  const UnparkKind *kind = at < n ? unpark_store_kind(s->store, spans[at].kind) : NULL;
  if (!kind) {
    say(s, UNPARK_LINE_SENTENCE, NULL, _("This span is not in the store (yet)."));
    return TRUE;
  }
  const UnparkSpan *span = &spans[at];
  gboolean open = span->end_ns >= unpark_store_source(s->store)->duration_ns;
  g_autofree char *title = goroutine_name(s->store, span->goroutine);
  g_autofree char *sentence = unpark_inspector_sentence(kind, span->end_ns - span->start_ns, open);
  say(s, UNPARK_LINE_TITLE, NULL, title);
  say(s, UNPARK_LINE_SENTENCE, NULL, sentence);
  say_goroutine(s, _("Goroutine"), span->goroutine);
  say(s, UNPARK_LINE_PAIR, _("State"), unpark_state_name(kind->state));
  if (*kind->reason)
    say(s, UNPARK_LINE_PAIR, _("Reason"), kind->reason);
  say_time(s, _("From"), span->start_ns);
  say_time(s, _("To"), span->end_ns);
  if (span->proc != UNPARK_NONE) {
    g_autofree char *where = g_strdup_printf("P %" G_GINT64_FORMAT, span->proc);
    say(s, UNPARK_LINE_PAIR, _("Processor"), where);
  }
  if (span->thread != UNPARK_NONE) {
    g_autofree char *where = g_strdup_printf("M %" G_GINT64_FORMAT, span->thread);
    say(s, UNPARK_LINE_PAIR, _("Thread"), where);
  }
  say_waker(s, span, kind);
  if (at + 1 < n && kind->state == UNPARK_STATE_WAITING) {
    const UnparkKind *next = unpark_store_kind(s->store, spans[at + 1].kind);
    if (next && next->state == UNPARK_STATE_RUNNABLE)
      say_duration(s, _("Then waited to run"), spans[at + 1].end_ns - spans[at + 1].start_ns);
  }
  if (kind->state == UNPARK_STATE_WAITING && !say_compare(s, span, error))
    return FALSE;
  if (at > 0)
    say_neighbour(s, _("Before"), &spans[at - 1]);
  if (at + 1 < n)
    say_neighbour(s, _("After"), &spans[at + 1]);
  say_stack(s, _("Where it stopped"), span->stack);
  say_stack(s, _("Where it was woken"), span->waker_stack);
  return TRUE;
}

/* ---- goroutines and groups ---------------------------------------------------------------- */

static void say_states(Say *s, const gint64 *total_ns) {
  UnparkLine *line = say(s, UNPARK_LINE_STATES, NULL, NULL);
  memcpy(line->total_ns, total_ns, sizeof line->total_ns);
  say_duration(s, _("Running"), total_ns[UNPARK_STATE_RUNNING]);
  say_duration(s, _("Runnable"), total_ns[UNPARK_STATE_RUNNABLE]);
  say_duration(s, _("Waiting"), total_ns[UNPARK_STATE_WAITING]);
  say_duration(s, _("System calls"), total_ns[UNPARK_STATE_SYSCALL]);
}

static void say_children(Say *s, gint64 id) {
  guint n, found = 0;
  const UnparkGoroutine *all = unpark_store_goroutines(s->store, &n, NULL);
  for (guint i = 0; i < n; i++) {
    if (all[i].parent != id)
      continue;
    if (found++ == 0)
      say(s, UNPARK_LINE_HEADING, NULL, _("Goroutines it created"));
    if (found <= MAX_CHILDREN)
      say_goroutine(s, "", all[i].id);
  }
  if (found > MAX_CHILDREN) {
    g_autofree char *more = g_strdup_printf(_("and %u more"), found - MAX_CHILDREN);
    say(s, UNPARK_LINE_PAIR, "", more);
  }
}

static gint longer_first(gconstpointer a, gconstpointer b) {
  const UnparkSpan *x = a, *y = b;
  gint64 p = x->end_ns - x->start_ns, q = y->end_ns - y->start_ns;
  return p > q ? -1 : p < q;
}

static gboolean say_longest_waits(Say *s, gint64 id, GError **error) {
  guint n;
  g_autoptr(GError) failure = NULL;
  g_autofree UnparkSpan *spans = unpark_store_spans(s->store, id, G_MININT64 + 1, G_MAXINT64,
                                                    2000000, &n, s->cancellable, &failure);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  g_autoptr(GArray) waits = g_array_new(FALSE, FALSE, sizeof(UnparkSpan));
  for (guint i = 0; i < n; i++) {
    const UnparkKind *kind = unpark_store_kind(s->store, spans[i].kind);
    if (kind && kind->state == UNPARK_STATE_WAITING)
      g_array_append_val(waits, spans[i]);
  }
  g_array_sort(waits, longer_first);
  if (waits->len > 0)
    say(s, UNPARK_LINE_HEADING, NULL, _("Longest waits"));
  for (guint i = 0; i < MIN(waits->len, MAX_WAITS); i++) {
    char buf[UNPARK_FORMAT_SIZE];
    const UnparkSpan *span = &g_array_index(waits, UnparkSpan, i);
    say_neighbour(s, unpark_format_time(span->start_ns, 1000, buf), span);
  }
  return TRUE;
}

static gboolean say_goroutine_pick(Say *s, gint64 id, GError **error) {
  const UnparkGoroutine *g = unpark_store_goroutine(s->store, id);
  char buf[UNPARK_FORMAT_SIZE];
  g_autofree char *title = goroutine_name(s->store, id);
  say(s, UNPARK_LINE_TITLE, NULL, title);
  if (!g) {
    say(s, UNPARK_LINE_SENTENCE, NULL, _("This goroutine is not in the store (yet)."));
    return TRUE;
  }
  say(s, UNPARK_LINE_PAIR, _("Started in"), unpark_store_string(s->store, g->name_id));
  say_states(s, g->total_ns);
  say_duration(s, _("Longest wait"), g->longest_wait_ns);
  say(s, UNPARK_LINE_PAIR, _("Spans"), unpark_format_count(g->span_count, buf));
  say_time(s, _("Created"), g->create_ns);
  say_time(s, _("First ran"), g->start_ns);
  say_time(s, _("Ended"), g->end_ns);
  if (g->parent != UNPARK_NONE)
    say_goroutine(s, _("Created by"), g->parent);
  if (!say_longest_waits(s, id, error))
    return FALSE;
  say_stack(s, _("Where it was created"), g->create_stack);
  say_children(s, id);
  return TRUE;
}

static void say_group(Say *s, gint64 name_id) {
  guint n, count = 0;
  gint64 total[UNPARK_N_STATES] = {0}, longest = 0, who = 0;
  char buf[UNPARK_FORMAT_SIZE];
  const UnparkGoroutine *all = unpark_store_goroutines(s->store, &n, NULL);
  for (guint i = 0; i < n; i++) {
    if (all[i].name_id != (guint32)name_id)
      continue;
    for (guint k = 0; k < UNPARK_N_STATES; k++)
      total[k] += all[i].total_ns[k];
    if (count++ == 0 || all[i].longest_wait_ns > longest) {
      longest = all[i].longest_wait_ns;
      who = all[i].id;
    }
  }
  const char *name = unpark_store_string(s->store, (guint32)name_id);
  say(s, UNPARK_LINE_TITLE, NULL, *name ? unpark_format_function_short(name) : _("(unknown)"));
  say(s, UNPARK_LINE_PAIR, _("Function"), name);
  say(s, UNPARK_LINE_PAIR, _("Goroutines"), unpark_format_count(count, buf));
  say_states(s, total);
  if (count > 0) {
    say_duration(s, _("Longest wait"), longest);
    say_goroutine(s, _("of"), who);
  }
}

/* ---- rows: ranges, tasks -------------------------------------------------------------------- */

/* Columns of a row that people name: the name, start and end, goroutine and stack; -1: none. */
typedef struct {
  int table, name, start, end, goroutine, stack;
} RowColumns;

static const RowColumns row_columns[] = {
    {UNPARK_ROWS_RANGE, UNPARK_RANGE_NAME, UNPARK_RANGE_START, UNPARK_RANGE_END, -1,
     UNPARK_RANGE_STACK},
    {UNPARK_ROWS_TASK, UNPARK_TASK_NAME, UNPARK_TASK_START, UNPARK_TASK_END, UNPARK_TASK_GOROUTINE,
     -1},
};

static void say_row_columns(Say *s, const RowColumns *c, const gint64 *row) {
  gint64 start = row[c->start], end = row[c->end];
  say(s, UNPARK_LINE_TITLE, NULL, unpark_store_string(s->store, (guint32)row[c->name]));
  if (start != UNPARK_NONE && end != UNPARK_NONE)
    say_duration(s, _("Duration"), end - start);
  say_time(s, _("From"), start);
  say_time(s, _("To"), end);
  if (c->goroutine >= 0 && row[c->goroutine] != UNPARK_NONE)
    say_goroutine(s, _("Goroutine"), row[c->goroutine]);
  if (c->table == UNPARK_ROWS_RANGE && row[UNPARK_RANGE_SCOPE] == UNPARK_SCOPE_GOROUTINE)
    say_goroutine(s, _("Goroutine"), row[UNPARK_RANGE_SCOPE_ID]);
  if (c->stack >= 0)
    say_stack(s, _("Where it began"), (guint32)row[c->stack]);
}

static gboolean say_row(Say *s, const UnparkPick *pick, GError **error) {
  guint n, n_columns;
  g_autoptr(GError) failure = NULL;
  g_autofree gint64 *rows = unpark_store_rows(s->store, pick->table, G_MININT64 + 1, G_MAXINT64, &n,
                                              &n_columns, s->cancellable, &failure);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS(row_columns); i++)
    if (row_columns[i].table == pick->table && pick->id >= 0 && pick->id < n)
      say_row_columns(s, &row_columns[i], rows + pick->id * n_columns);
  return TRUE;
}

static void say_place(Say *s, const char *prefix, gint64 id) {
  g_autofree char *title = g_strdup_printf("%s %" G_GINT64_FORMAT, prefix, id);
  say(s, UNPARK_LINE_TITLE, NULL, title);
  say(s, UNPARK_LINE_SENTENCE, NULL,
      strcmp(prefix, "P") == 0 ? _("A processor: it runs one goroutine at a time.")
                               : _("An operating system thread."));
}

GPtrArray *unpark_inspector_lines(UnparkStore *store, const UnparkPick *pick,
                                  GCancellable *cancellable, GError **error) {
  Say s = {store, g_ptr_array_new_with_free_func(line_free), cancellable};
  gboolean ok = unpark_store_goroutines(store, NULL, error) != NULL;
  if (ok)
    switch (pick->type) {
    case UNPARK_PICK_SPAN:
      ok = say_span(&s, pick, error);
      break;
    case UNPARK_PICK_GOROUTINE:
      ok = say_goroutine_pick(&s, pick->id, error);
      break;
    case UNPARK_PICK_GROUP:
      say_group(&s, pick->id);
      break;
    case UNPARK_PICK_PROC:
      say_place(&s, "P", pick->id);
      break;
    case UNPARK_PICK_THREAD:
      say_place(&s, "M", pick->id);
      break;
    case UNPARK_PICK_ROW:
      ok = say_row(&s, pick, error);
      break;
    case UNPARK_PICK_NONE:
      break;
    }
  if (!ok)
    g_clear_pointer(&s.lines, g_ptr_array_unref);
  return s.lines;
}

char *unpark_inspector_text(GPtrArray *lines) {
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < lines->len; i++) {
    const UnparkLine *line = lines->pdata[i];
    switch (line->type) {
    case UNPARK_LINE_TITLE:
    case UNPARK_LINE_SENTENCE:
      g_string_append_printf(out, "%s\n", line->text);
      break;
    case UNPARK_LINE_PAIR:
      g_string_append_printf(out, "%s: %s\n", line->label, line->text);
      break;
    case UNPARK_LINE_HEADING:
      g_string_append_printf(out, "\n%s\n", line->text);
      break;
    case UNPARK_LINE_FRAME:
    case UNPARK_LINE_RUNTIME:
      g_string_append_printf(out, "%s\n\t%s\n", line->text, line->label);
      break;
    case UNPARK_LINE_STATES:
      break;
    }
  }
  return g_string_free(out, FALSE);
}
