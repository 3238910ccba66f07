/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching groups: each word is looked for once in each text, and spreads down the tree of
 * stacks from callers to callees. */
#include <string.h>

#include "model/tables/dump-groups.h"
#include "model/store/decode.h"

typedef struct {
  UnparkStore *store;
  const UnparkStacks *stacks;
  guint8 *frame_found, *node_found; /* by frame, by node - 1 */
  char *word;                       /* folded */
} Search;

static gboolean text_holds(const char *text, const char *word) {
  g_autofree char *folded = g_utf8_casefold(text, -1);
  return strstr(folded, word) != NULL;
}

static gboolean look_at_texts(Search *s, GCancellable *cancellable, GError **error) {
  g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL); /* string id -> 1 no, 2 yes */
  for (guint i = 0; i < s->stacks->n_frames; i++) {
    s->frame_found[i] = 0;
    if ((i & 0xfff) == 0 && g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    for (guint column = 0; column < 2 && !s->frame_found[i]; column++) {
      guint32 id = (guint32)s->stacks->frames[(gsize)i * 4 + column];
      guint found = GPOINTER_TO_UINT(g_hash_table_lookup(known, GUINT_TO_POINTER(id)));
      if (found == 0) {
        found = text_holds(unpark_store_string(s->store, id), s->word) ? 2 : 1;
        g_hash_table_insert(known, GUINT_TO_POINTER(id), GUINT_TO_POINTER(found));
      }
      s->frame_found[i] = found == 2;
    }
  }
  for (guint i = 0; i < s->stacks->n_nodes; i++) {
    guint32 frame = s->stacks->node_frame[i], parent = s->stacks->node_parent[i];
    s->node_found[i] =
        (frame && s->frame_found[frame - 1]) || (parent && s->node_found[parent - 1]);
  }
  return TRUE;
}

static gboolean stack_found(const Search *s, guint32 stack) {
  guint32 node = stack && stack <= s->stacks->n_stacks ? s->stacks->stack_node[stack - 1] : 0;
  return node && s->node_found[node - 1];
}

static gboolean group_found(const Search *s, const UnparkDumpGroups *all,
                            const UnparkDumpGroup *group, gint64 id) {
  const UnparkDumpMember *members = all->members + group->first;
  if (stack_found(s, group->stack) || text_holds(group->state, s->word))
    return TRUE;
  for (guint i = 0; i < group->n; i++)
    if ((id >= 0 && members[i].id == id) ||
        (members[i].create_stack &&
         (i == 0 || members[i].create_stack != members[i - 1].create_stack) &&
         stack_found(s, members[i].create_stack)))
      return TRUE;
  return FALSE;
}

/* Of "41" and "g41"; -1 if the word is none. */
static gint64 number_of(const char *word) {
  guint64 number;
  word += *word == 'g' && word[1];
  if (!g_ascii_string_to_unsigned(word, 10, 0, G_MAXINT64, &number, NULL))
    return -1;
  return (gint64)number;
}

static gboolean narrow(Search *s, UnparkDumpGroups *all, guint8 *matches, GCancellable *cancellable,
                       GError **error) {
  gint64 id = number_of(s->word);
  if (!look_at_texts(s, cancellable, error))
    return FALSE;
  for (guint i = 0; i < all->n_groups; i++)
    if (matches[i])
      matches[i] = group_found(s, all, &all->groups[i], id);
  return TRUE;
}

guint8 *unpark_dump_groups_match(UnparkDumpGroups *groups, const char *text,
                                 GCancellable *cancellable, GError **error) {
  Search s = {.store = groups->store, .stacks = unpark_store_stacks(groups->store, error)};
  g_autofree guint8 *frame_found = NULL, *node_found = NULL, *matches = NULL;
  g_auto(GStrv) words = g_strsplit_set(text, " \t\n", -1);
  if (!s.stacks)
    return NULL;
  s.frame_found = frame_found = g_malloc((gsize)s.stacks->n_frames + 1);
  s.node_found = node_found = g_malloc((gsize)s.stacks->n_nodes + 1);
  matches = g_malloc((gsize)groups->n_groups + 1);
  memset(matches, 1, (gsize)groups->n_groups + 1);
  for (guint i = 0; words[i]; i++) {
    g_autofree char *folded = g_utf8_casefold(words[i], -1);
    gboolean letter = strcmp(folded, "g") == 0 && words[i + 1] && number_of(words[i + 1]) >= 0;
    s.word = folded;
    if (*folded && !letter && !narrow(&s, groups, matches, cancellable, error))
      return NULL;
  }
  return g_steal_pointer(&matches);
}
