/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folded stacks and speedscope. */
#include <string.h>

#include "model/base/json.h"
#include "model/base/times.h"
#include "model/flame/picture/export.h"

/* ---- Folded ----------------------------------------------------------------------------- */

static void append_folded(GString *to, const char *name) {
  for (; *name; name++)
    g_string_append_c(to, *name == ';' ? ':' : (guchar)*name < 0x20 ? ' ' : *name);
}

/* One line grows and shrinks as the walk goes down and up: lengths by depth. */
gboolean unpark_flame_write_folded(const UnparkFlame *flame, GOutputStream *out,
                                   GCancellable *cancellable, GError **error) {
  g_autoptr(GString) line = g_string_new(NULL);
  g_autofree gsize *length = g_new0(gsize, (gsize)flame->max_depth + 1);
  UnparkFlameWriter w;
  unpark_flame_writer_begin(&w, out, cancellable, error);
  for (guint32 i = 1; i < flame->n_nodes && unpark_flame_writer_step(&w); i++) {
    const UnparkFlameNode *node = &flame->nodes[i];
    g_string_truncate(line, length[node->depth - 1]);
    if (node->depth > 1)
      g_string_append_c(line, ';');
    append_folded(line, unpark_flame_name(flame, i)->text);
    length[node->depth] = line->len;
    if (node->self == 0 && node->base_self == 0)
      continue;
    g_string_append_len(w.text, line->str, (gssize)line->len);
    if (flame->has_base)
      g_string_append_printf(w.text, " %" G_GINT64_FORMAT, node->base_self);
    g_string_append_printf(w.text, " %" G_GINT64_FORMAT "\n", node->self);
  }
  return unpark_flame_writer_end(&w);
}

/* ---- Speedscope ----------------------------------------------------------------------------- */

static const char *speedscope_unit(const char *unit) {
  static const char *const units[] = {"nanoseconds", "microseconds", "milliseconds", "seconds",
                                      "bytes"};
  for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
    if (strcmp(unit, units[i]) == 0)
      return unit;
  return "none";
}

static void event(UnparkFlameWriter *w, const UnparkFlame *flame, guint32 node, gboolean opens,
                  gboolean first) {
  const UnparkFlameNode *n = &flame->nodes[node];
  g_string_append_printf(w->text, "%s{\"type\":\"%c\",\"frame\":%u,\"at\":%" G_GINT64_FORMAT "}",
                         first ? "" : ",\n", opens ? 'O' : 'C', n->name,
                         opens ? n->start : unpark_time_add(n->start, n->weight));
}

static void write_frames(UnparkFlameWriter *w, const UnparkFlame *flame) {
  for (guint32 i = 0; i < flame->n_names && unpark_flame_writer_step(w); i++) {
    const UnparkFlameName *name = &flame->names[i];
    g_string_append(w->text, i > 0 ? ",\n{\"name\":" : "{\"name\":");
    unpark_json_append(w->text, name->text, -1);
    if (*name->file) {
      g_string_append(w->text, ",\"file\":");
      unpark_json_append(w->text, name->file, -1);
    }
    if (name->line > 0)
      g_string_append_printf(w->text, ",\"line\":%u", name->line);
    g_string_append_c(w->text, '}');
  }
}

gboolean unpark_flame_write_speedscope(const UnparkFlame *flame, GOutputStream *out,
                                       GCancellable *cancellable, GError **error) {
  guint32 open = 0; /* the innermost open frame; 0: none */
  UnparkFlameWriter w;
  unpark_flame_writer_begin(&w, out, cancellable, error);
  g_string_append(w.text, "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\",\n"
                          "\"exporter\":\"unpark\",\"name\":");
  unpark_json_append(w.text, flame->title, -1);
  g_string_append(w.text, ",\n\"shared\":{\"frames\":[\n");
  write_frames(&w, flame);
  g_string_append(w.text, "]},\n\"profiles\":[{\"type\":\"evented\",\"name\":");
  unpark_json_append(w.text, flame->title, -1);
  g_string_append_printf(
      w.text, ",\"unit\":\"%s\",\"startValue\":0,\"endValue\":%" G_GINT64_FORMAT ",\"events\":[\n",
      speedscope_unit(flame->unit), flame->nodes[0].weight);
  for (guint32 i = 1; i < flame->n_nodes && unpark_flame_writer_step(&w); i++) {
    for (; open != flame->nodes[i].parent; open = flame->nodes[open].parent)
      event(&w, flame, open, FALSE, FALSE);
    event(&w, flame, i, TRUE, i == 1);
    open = i;
  }
  for (; open != 0; open = flame->nodes[open].parent)
    event(&w, flame, open, FALSE, FALSE);
  g_string_append(w.text, "]}]}\n");
  return unpark_flame_writer_end(&w);
}
