/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/watch/parse.h"

#include <string.h>

#include "model/base/go-name.h"

/* The next line without its end; moves *text behind it. FALSE: there is none. */
static gboolean next_line(const char **text, GString *line) {
  const char *end = strchr(*text, '\n');
  gsize size = end ? (gsize)(end - *text) : strlen(*text);

  if (!end && size == 0)
    return FALSE;
  g_string_truncate(line, 0);
  g_string_append_len(line, *text, (gssize)size);
  if (line->len > 0 && line->str[line->len - 1] == '\r')
    g_string_truncate(line, line->len - 1);
  *text += size + (end ? 1 : 0);
  return TRUE;
}

/* "goroutine 41 [chan receive, 5 minutes, locked to thread]:" gives "chan receive". */
static gboolean take_head(const char *line, GString *state) {
  const char *open = g_str_has_prefix(line, "goroutine ") ? strchr(line, '[') : NULL;

  if (!open || !g_ascii_isdigit(line[10]) || !strchr(open, ']'))
    return FALSE;
  g_string_truncate(state, 0);
  g_string_append_len(state, open + 1, (gssize)strcspn(open + 1, ",]"));
  return TRUE;
}

/* "main.(*T).f(0x1, {0x2, 0x3})" gives "main.(*T).f". */
static void cut_arguments(GString *function) {
  int depth = 0;

  if (function->len == 0 || function->str[function->len - 1] != ')')
    return;
  for (gsize i = function->len; i-- > 0;) {
    depth += (function->str[i] == ')') - (function->str[i] == '(');
    if (depth == 0) {
      g_string_truncate(function, i);
      return;
    }
  }
}

typedef struct {
  GString *state, *stack, *function, *place, *last;
  gboolean is_created; /* the line says where it was created: not a frame of its own */
} Reading;

static void take_function(Reading *r, const char *line) {
  r->is_created = g_str_has_prefix(line, "created by ");
  g_string_assign(r->last, line);
  if (!r->is_created) {
    cut_arguments(r->last);
  } else {
    char *by = strstr(r->last->str, " in goroutine ");
    if (by)
      g_string_truncate(r->last, (gsize)(by - r->last->str));
  }
  g_string_append_printf(r->stack, "%s\n", r->last->str);
}

/* The innermost function of the program's own; until there is one, the innermost of all. */
static void take_place(Reading *r, const char *line) {
  const char *offset = strstr(line, " +0x");
  g_autofree char *place = offset ? g_strndup(line, (gsize)(offset - line)) : g_strdup(line);
  gboolean known = r->function->len > 0 && !unpark_go_is_standard(r->function->str);

  g_string_append_printf(r->stack, "    %s\n", place);
  if (r->is_created || known || (r->function->len > 0 && unpark_go_is_standard(r->last->str)))
    return;
  g_string_assign(r->function, r->last->str);
  g_string_assign(r->place, place);
}

void unpark_watch_parse_dump(const char *text,
                             void (*take)(const UnparkWatchGoroutine *goroutine, gpointer data),
                             gpointer data) {
  g_autoptr(GString) line = g_string_new(NULL), state = g_string_new(NULL),
                     stack = g_string_new(NULL), function = g_string_new(NULL),
                     place = g_string_new(NULL), last = g_string_new(NULL);
  Reading r = {.state = state, .stack = stack, .function = function, .place = place, .last = last};

  while (next_line(&text, line)) {
    if (!take_head(line->str, state))
      continue;
    g_string_truncate(stack, 0);
    g_string_truncate(function, 0);
    g_string_truncate(place, 0);
    while (next_line(&text, line) && line->len > 0)
      if (line->str[0] == '\t')
        take_place(&r, line->str + 1);
      else
        take_function(&r, line->str);
    const UnparkWatchGoroutine goroutine = {state->str, stack->str, function->str, place->str};
    take(&goroutine, data);
  }
}

/* "# Name = 123", at the beginning of a line. */
static gint64 number_of(const char *text, const char *name) {
  g_autofree char *head = g_strdup_printf("\n# %s = ", name);
  const char *at = strstr(text, head);

  return at && g_ascii_isdigit(at[strlen(head)])
             ? (gint64)MIN(g_ascii_strtoull(at + strlen(head), NULL, 10), (guint64)G_MAXINT64)
             : -1;
}

void unpark_watch_parse_memory(const char *text, UnparkWatchSample *sample) {
  sample->heap_bytes = number_of(text, "HeapAlloc");
  sample->next_gc_bytes = number_of(text, "NextGC");
  sample->sys_bytes = number_of(text, "Sys");
  sample->gc_count = number_of(text, "NumGC");
  sample->pause_total_ns = number_of(text, "PauseTotalNs");
}
