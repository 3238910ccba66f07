/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the expressions of a spec say of frames and of stacks; the meaning is pprof's. */
#include <string.h>

#include "model/flame/graph/private.h"

typedef struct {
  const char *pattern;
  guint8 flag;
  gboolean negate;
  GRegex *regex;
} Rule;

/* focus, ignore, hide, show (hides what does not match), show_from */
#define N_RULES 5

static gboolean has(const char *pattern) {
  return pattern && *pattern;
}

static gboolean rules_init(Rule rules[N_RULES], const UnparkFlameSpec *spec, GError **error) {
  const Rule all[N_RULES] = {{spec->focus, FLAME_FOCUS, FALSE, NULL},
                             {spec->ignore, FLAME_IGNORE, FALSE, NULL},
                             {spec->hide, FLAME_HIDDEN, FALSE, NULL},
                             {spec->show, FLAME_HIDDEN, TRUE, NULL},
                             {spec->show_from, FLAME_FROM, FALSE, NULL}};
  memcpy(rules, all, sizeof all);
  for (guint i = 0; i < N_RULES; i++)
    if (has(rules[i].pattern) &&
        !(rules[i].regex = g_regex_new(rules[i].pattern, G_REGEX_OPTIMIZE, 0, error))) {
      g_prefix_error(error, "“%s”: ", rules[i].pattern);
      return FALSE;
    }
  return TRUE;
}

static void rules_clear(Rule rules[N_RULES]) {
  for (guint i = 0; i < N_RULES; i++)
    g_clear_pointer(&rules[i].regex, g_regex_unref);
}

static guint8 judge(const Rule rules[N_RULES], const char *function, const char *file) {
  guint8 flags = 0;
  for (guint i = 0; i < N_RULES; i++)
    if (rules[i].regex && (g_regex_match(rules[i].regex, function, 0, NULL) ||
                           g_regex_match(rules[i].regex, file, 0, NULL)) != rules[i].negate)
      flags |= rules[i].flag;
  return flags;
}

/* Frames that no entry uses are not looked at: their texts would be read for nothing. */
static guint8 *used_nodes(const UnparkFlameInput *input) {
  guint8 *used = g_new0(guint8, (gsize)input->n_nodes + 1);
  for (guint i = 0; i < input->entries->len; i++)
    used[g_array_index(input->entries, UnparkFlameEntry, i).node] = 1;
  for (guint32 node = input->n_nodes; node > 0; node--)
    if (used[node])
      used[input->node_parent[node - 1]] = 1;
  return used;
}

static void resolve(UnparkFlameFilter *filter, const UnparkFlameInput *input,
                    const UnparkFlameSpec *spec, UnparkFlameNames *names, const Rule rules[N_RULES],
                    guint32 frame) {
  const gint64 *row = input->frames + (gsize)frame * 4;
  const char *function = unpark_store_string(input->store, (guint32)row[0]);
  const char *file = input->are_regions ? "" : unpark_store_string(input->store, (guint32)row[1]);
  guint32 name;
  if (input->are_regions)
    name = unpark_flame_names_special(names, UNPARK_NAME_GROUP, function);
  else
    name = unpark_flame_names_frame(names, spec->merge, function, file, (guint32)row[2]);
  filter->frame_name[frame] = name + 1;
  filter->frame_flags[frame] = judge(rules, function, file);
  if (spec->part != UNPARK_FLAME_WHOLE && spec->function &&
      strcmp(g_array_index(names->names, UnparkFlameName, name).text, spec->function) == 0)
    filter->frame_flags[frame] |= FLAME_FUNCTION;
}

/* Parents come first, so one walk hands everything down. */
static void flag_nodes(UnparkFlameFilter *filter, const UnparkFlameInput *input,
                       const guint8 *used) {
  const guint8 inherited = FLAME_FOCUS | FLAME_IGNORE | FLAME_FROM | FLAME_FUNCTION;
  filter->node_flags = g_new0(guint8, (gsize)input->n_nodes + 1);
  for (guint32 node = 1; node <= input->n_nodes; node++) {
    guint32 frame = input->node_frame[node - 1];
    if (!used[node] || frame == 0)
      continue;
    guint8 own = filter->frame_flags[frame - 1];
    guint8 above = filter->node_flags[input->node_parent[node - 1]];
    if (own & FLAME_HIDDEN) /* a hidden frame starts nothing */
      own &= (guint8) ~(FLAME_FROM | FLAME_FUNCTION);
    if (own & FLAME_FUNCTION && !(above & FLAME_FUNCTION))
      own |= FLAME_IS_TOP;
    filter->node_flags[node] = own | (above & inherited);
  }
}

gboolean unpark_flame_filter_init(UnparkFlameFilter *filter, const UnparkFlameInput *input,
                                  const UnparkFlameSpec *spec, UnparkFlameNames *names,
                                  GError **error) {
  Rule rules[N_RULES];
  memset(filter, 0, sizeof *filter);
  if (!rules_init(rules, spec, error)) {
    rules_clear(rules);
    return FALSE;
  }
  g_autofree guint8 *used = used_nodes(input);
  filter->frame_name = g_new0(guint32, (gsize)input->n_frames + 1);
  filter->frame_flags = g_new0(guint8, (gsize)input->n_frames + 1);
  for (guint32 node = 1; node <= input->n_nodes; node++) {
    guint32 frame = used[node] ? input->node_frame[node - 1] : 0;
    if (frame > 0 && !filter->frame_name[frame - 1])
      resolve(filter, input, spec, names, rules, frame - 1);
  }
  if (has(spec->focus) || has(spec->ignore) || has(spec->hide) || has(spec->show) ||
      has(spec->show_from) || spec->part != UNPARK_FLAME_WHOLE)
    flag_nodes(filter, input, used);
  rules_clear(rules);
  return TRUE;
}

void unpark_flame_filter_clear(UnparkFlameFilter *filter) {
  g_clear_pointer(&filter->frame_name, g_free);
  g_clear_pointer(&filter->frame_flags, g_free);
  g_clear_pointer(&filter->node_flags, g_free);
}

gboolean unpark_flame_filter_keeps(const UnparkFlameFilter *filter, const UnparkFlameSpec *spec,
                                   guint32 node) {
  guint8 flags;
  if (!filter->node_flags)
    return TRUE;
  if (node == 0)
    return FALSE;
  flags = filter->node_flags[node];
  return (!has(spec->focus) || flags & FLAME_FOCUS) && !(flags & FLAME_IGNORE) &&
         (!has(spec->show_from) || flags & FLAME_FROM) &&
         (spec->part == UNPARK_FLAME_WHOLE || flags & FLAME_FUNCTION);
}
