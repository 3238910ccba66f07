/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the first pass keeps of a profile: everything but its samples.
 *
 * Strings are ids of the writer; everything else refers to strings by their number in the
 * profile's own table, which may come last, until unpark_pprof_resolve(). Sizes of a Go heap
 * profile of 10^6 stacks: 10^5 locations (32 bytes each), 10^5 lines (16), 10^4 functions (24). */
#pragma once

#include "importers/pprof/idmap.h"
#include "model/writer/writer.h"

/* Bytes of all tables together; what comes after is left out and counted. */
#define UNPARK_PPROF_TABLES_MAX ((gsize)112 * 1024 * 1024)

/* A string number that is not in the table. */
#define UNPARK_PPROF_NO_STRING G_MAXUINT32

typedef struct {
  guint64 id;
  guint64 address, mapping;
  guint32 first_line, n_lines;
} UnparkPprofLocation;

typedef struct {
  guint64 function;
  guint32 line;
} UnparkPprofLine;

typedef struct {
  guint64 id;
  guint32 name, system_name, file; /* string numbers */
} UnparkPprofFunction;

typedef struct {
  guint64 id;
  guint64 start, limit, offset;
  guint32 file, build_id; /* string numbers */
} UnparkPprofMapping;

typedef struct {
  guint32 type, unit; /* string numbers */
} UnparkPprofValueType;

/* Tolerated faults; each becomes one note. */
typedef enum {
  UNPARK_PPROF_FAULT_CUT_OFF,
  UNPARK_PPROF_FAULT_DAMAGED_FIELD,
  UNPARK_PPROF_FAULT_DAMAGED_MESSAGE,
  UNPARK_PPROF_FAULT_OVERSIZED_MESSAGE,
  UNPARK_PPROF_FAULT_TABLE_LIMIT,
  UNPARK_PPROF_FAULT_SAMPLE_LIMIT,
  UNPARK_PPROF_FAULT_STACK_LIMIT,
  UNPARK_PPROF_FAULT_UNKNOWN_STRING,
  UNPARK_PPROF_FAULT_UNKNOWN_FUNCTION,
  UNPARK_PPROF_FAULT_UNKNOWN_LOCATION,
  UNPARK_PPROF_FAULT_REPEATED_ID,
  UNPARK_PPROF_FAULT_ZERO_ID,
  UNPARK_PPROF_FAULT_VALUE_COUNT,
  UNPARK_PPROF_FAULT_DROP_FRAMES, /* no fault: information */
  UNPARK_PPROF_FAULT_NO_NUMBERS,  /* too */
  UNPARK_PPROF_N_FAULTS
} UnparkPprofFault;

typedef struct {
  GArray *strings;   /* guint32: the writer's string ids, by string number */
  GArray *functions; /* UnparkPprofFunction */
  GArray *locations; /* UnparkPprofLocation */
  GArray *lines;     /* UnparkPprofLine */
  GArray *mappings;  /* UnparkPprofMapping */
  GArray *types;     /* UnparkPprofValueType: what a sample's values are */
  GArray *comments;  /* guint32: string numbers */
  UnparkPprofValueType period_type;
  guint32 default_type; /* string number */
  gint64 period, time_ns, duration_ns;
  gsize bytes;
  guint64 faults[UNPARK_PPROF_N_FAULTS];
} UnparkPprofTables;

void unpark_pprof_tables_init(UnparkPprofTables *tables);
void unpark_pprof_tables_clear(UnparkPprofTables *tables);

/* FALSE, and counted, if `bytes` more would pass the limit. */
gboolean unpark_pprof_tables_grow(UnparkPprofTables *tables, gsize bytes);

/* The writer's id of a string number; 0, and counted, if the table has no such string. */
guint32 unpark_pprof_string(UnparkPprofTables *tables, guint32 number);

/* Notes of all faults. TRUE if nothing of the profile was lost. */
gboolean unpark_pprof_note_faults(const UnparkPprofTables *tables, UnparkWriter *writer);
