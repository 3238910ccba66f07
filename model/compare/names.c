/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is the same place in two builds of a program. */
#include <string.h>

#include "model/base/go-name.h"
#include "model/compare/private.h"

/* "[...]" and what is nested in it. */
static char *without_brackets(const char *function) {
  GString *text = g_string_new(NULL);
  guint depth = 0;
  for (const char *p = function; *p; p++) {
    if (*p == '[')
      depth++;
    else if (*p == ']' && depth > 0)
      depth--;
    else if (depth == 0)
      g_string_append_c(text, *p);
  }
  return g_string_free(text, FALSE);
}

static gboolean is_number(const char *text) {
  gsize digits = strspn(text, "0123456789");
  return digits > 0 && text[digits] == '\0';
}

/* ".func1", ".2", ".gowrap1", ".deferwrap2", "-range1", "-fm" at the end. */
static gboolean is_closure(const char *last) {
  static const char *const words[] = {".func", ".gowrap", ".deferwrap", "-range", "."};
  if (strcmp(last, "-fm") == 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (g_str_has_prefix(last, words[i]) && is_number(last + strlen(words[i])))
      return TRUE;
  return FALSE;
}

char *unpark_compare_function(const char *function) {
  char *text = without_brackets(function);
  gsize package = unpark_go_package_length(text);
  for (;;) {
    char *dot = strrchr(text, '.'), *dash = strrchr(text, '-');
    char *last = MAX(dot, dash);
    if (!last || last <= text + package || !is_closure(last))
      return text;
    *last = '\0';
  }
}

void unpark_compare_place(UnparkStore *store, guint32 stack_id, const char *reason, gboolean own,
                          char **name, char **stack) {
  guint n = 0;
  g_autofree UnparkFrame *frames = unpark_store_stack(store, stack_id, 0, &n);
  g_autoptr(GString) path = g_string_new(NULL);
  g_autofree char *shown = NULL, *last = NULL;
  for (guint i = 0; i < n; i++) {
    g_autofree char *function = unpark_compare_function(frames[i].function);
    if (!shown && unpark_go_kind(function) == UNPARK_GO_USER)
      shown = g_strdup(function);
    /* A closure and the function it is in are one. */
    if (!last || strcmp(last, function) != 0)
      g_string_append_printf(path, "%s%s", path->len ? "\n" : "", function);
    g_free(last);
    last = g_steal_pointer(&function);
  }
  if (!shown && n > 0)
    shown = unpark_compare_function(frames[0].function);
  if (!shown)
    shown = g_strdup("");
  *name = !*reason  ? g_strdup(shown)
          : !*shown ? g_strdup(reason)
                    : g_strdup_printf("%s (%s)", shown, reason);
  *stack = own ? g_strdup(shown) : g_strdup(path->str);
}
