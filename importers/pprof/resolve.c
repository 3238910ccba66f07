/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/pprof/resolve.h"

typedef struct {
  UnparkPprofTables *tables;
  UnparkWriter *writer;
  const UnparkPprofWords *words;
  UnparkIdMap functions, mappings;
  gboolean unlock; /* a function of the location at hand gives a lock back */
} Resolver;

/* Text of an address, for code that has no name. */
static guint32 address_name(Resolver *r, guint64 address) {
  char text[32];
  int n = g_snprintf(text, sizeof text, "0x%" G_GINT64_MODIFIER "x", address);

  return unpark_writer_string(r->writer, text, (gsize)n);
}

static guint32 mapping_file(Resolver *r, guint64 mapping) {
  guint32 i = mapping ? unpark_id_map_find(&r->mappings, mapping) : UNPARK_ID_MISSING;

  if (i == UNPARK_ID_MISSING)
    return 0;
  return unpark_pprof_string(r->tables,
                             g_array_index(r->tables->mappings, UnparkPprofMapping, i).file);
}

/* The frame of a location without a name: its address in its file. */
static guint32 unnamed_frame(Resolver *r, const UnparkPprofLocation *location) {
  return unpark_writer_frame(r->writer, address_name(r, location->address),
                             mapping_file(r, location->mapping), 0, FALSE);
}

static guint32 line_frame(Resolver *r, const UnparkPprofLocation *location,
                          const UnparkPprofLine *line, gboolean inlined) {
  guint32 i = unpark_id_map_find(&r->functions, line->function);
  const UnparkPprofFunction *function;
  guint32 name;

  if (i == UNPARK_ID_MISSING) {
    r->tables->faults[UNPARK_PPROF_FAULT_UNKNOWN_FUNCTION]++;
    return unnamed_frame(r, location);
  }
  function = &g_array_index(r->tables->functions, UnparkPprofFunction, i);
  name = unpark_pprof_string(r->tables, function->name);
  if (!name)
    name = unpark_pprof_string(r->tables, function->system_name);
  if (!name)
    name = address_name(r, location->address);
  r->unlock = r->unlock || unpark_pprof_is_unlock(r->words, name);
  return unpark_writer_frame(r->writer, name, unpark_pprof_string(r->tables, function->file),
                             line->line, inlined);
}

/* Agents of .NET number no function: all are 0, and the first one is the first location's, and so
 * on.
 */
static void number_functions(UnparkPprofTables *t) {
  guint n = t->functions->len;

  if (n == 0 || n != t->locations->len)
    return;
  for (guint i = 0; i < n; i++)
    if (g_array_index(t->functions, UnparkPprofFunction, i).id != 0)
      return;
  for (guint i = 0; i < t->lines->len; i++)
    if (g_array_index(t->lines, UnparkPprofLine, i).function != 0)
      return;
  for (guint i = 0; i < n; i++) {
    const UnparkPprofLocation *location = &g_array_index(t->locations, UnparkPprofLocation, i);
    g_array_index(t->functions, UnparkPprofFunction, i).id = i + 1;
    for (guint k = 0; k < location->n_lines; k++)
      g_array_index(t->lines, UnparkPprofLine, location->first_line + k).function = i + 1;
  }
  t->faults[UNPARK_PPROF_FAULT_NO_NUMBERS] = n;
}

static void build_map(UnparkPprofTables *tables, UnparkIdMap *map, GArray *array) {
  guint64 repeated, zero;

  unpark_id_map_build(map, (const guint64 *)(const void *)array->data,
                      g_array_get_element_size(array), array->len, &repeated, &zero);
  tables->faults[UNPARK_PPROF_FAULT_REPEATED_ID] += repeated;
  tables->faults[UNPARK_PPROF_FAULT_ZERO_ID] += zero;
}

static void resolve_location(Resolver *r, const UnparkPprofLocation *location, guint32 *frames) {
  if (location->n_lines == 0)
    frames[0] = unnamed_frame(r, location);
  /* The last line is the function that has code of its own; those before were inlined. */
  for (guint32 i = 0; i < location->n_lines; i++)
    frames[i] = line_frame(
        r, location, &g_array_index(r->tables->lines, UnparkPprofLine, location->first_line + i),
        i + 1 < location->n_lines);
}

void unpark_pprof_resolve(UnparkPprofTables *tables, const UnparkPprofWords *words,
                          UnparkPprofFrames *frames) {
  Resolver r = {.tables = tables, .writer = words->writer, .words = words};
  guint32 n = tables->locations->len, at = 0;

  number_functions(tables);
  build_map(tables, &frames->map, tables->locations);
  build_map(tables, &r.functions, tables->functions);
  build_map(tables, &r.mappings, tables->mappings);
  frames->first = g_new(guint32, (gsize)n + 1);
  frames->unlocks = g_new(guint8, (gsize)n + 1);
  frames->frames = g_new(guint32, (gsize)n + tables->lines->len + 1);
  for (guint32 i = 0; i < n; i++) {
    const UnparkPprofLocation *location = &g_array_index(tables->locations, UnparkPprofLocation, i);
    frames->first[i] = at;
    r.unlock = FALSE;
    resolve_location(&r, location, frames->frames + at);
    frames->unlocks[i] = r.unlock;
    at += MAX(location->n_lines, 1);
  }
  frames->first[n] = at;
  unpark_id_map_clear(&r.functions);
  unpark_id_map_clear(&r.mappings);
  g_clear_pointer(&tables->locations, g_array_unref);
  g_clear_pointer(&tables->lines, g_array_unref);
  g_clear_pointer(&tables->functions, g_array_unref);
}

void unpark_pprof_frames_clear(UnparkPprofFrames *frames) {
  unpark_id_map_clear(&frames->map);
  g_clear_pointer(&frames->first, g_free);
  g_clear_pointer(&frames->frames, g_free);
  g_clear_pointer(&frames->unlocks, g_free);
}
