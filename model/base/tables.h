/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The row tables of a store (everything but goroutine spans) and their columns, for those who write
 * them and those who read them. model/store/facts.c adds codec and zone of each column. */
#pragma once

/* Values are gint64 in the order of the columns below. String columns hold ids of
 * unpark_writer_string(), stack columns those of unpark_writer_stack(); UNPARK_NONE is NULL.
 * 64-bit addresses and unsigned values are stored as their bit pattern.
 *
 *   METRIC          name(string), time_ns, value
 *   RANGE           name(string), scope(UnparkScope), scope_id, start_ns, end_ns, stack
 *   TASK            id, parent(NONE), name(string), goroutine, start_ns, end_ns
 *   REGION          task, goroutine, name(string), start_ns, end_ns, depth
 *   LOG             task, goroutine, time_ns, category(string), message(string)
 *   CPU_SAMPLE      time_ns, goroutine, proc, thread, stack
 *   PROFILE         id, kind(string), period, period_type(string), period_unit(string),
 *                   time_wall_ns, duration_ns, default_type(string)
 *   SAMPLE_TYPE     profile, idx, type(string), unit(string)
 *   SAMPLE          id, profile, stack
 *   SAMPLE_VALUE    sample, idx, value
 *   SAMPLE_LABEL    sample, key(string), text(string or NONE), number, unit(string or NONE)
 *   MAPPING         profile, id, start, limit, offset, file(string), build_id(string)
 *   DUMP_GOROUTINE  id, state(string), wait_minutes, locked_to_thread, stack, create_stack,
 *                   creator, count
 *   RACE            id, kind(string), address, goroutine, stack, previous_kind(string),
 *                   previous_goroutine, previous_stack, goroutine_create_stack,
 *                   previous_create_stack
 *   LABEL           goroutine, time_ns, label(string): the labels a goroutine took on
 *   CLOCK           time_ns, mono_ns(of the host), wall_ns(Unix time): clocks read at one moment
 *   TRACE_SPAN      id(from 1), trace_high, trace_low, span_id, parent_id(0: none), resource(set),
 *                   library(set), name(string), kind(UnparkTraceKind), start_ns, end_ns,
 *                   status(UnparkTraceStatus), message(string), state(string: the tracestate),
 *                   children(made, NONE), flags(UnparkTraceFlags)
 *   TRACE_ATTRIBUTE span, scope(UnparkTraceScope), item(of EVENT and LINK: its number within the
 *                   span from 1, else 0), key(string), type(UnparkTraceValue), text(string),
 *                   number; ascending by span
 *   TRACE_SET       set(from 1, ascending), key, type, text, number: what many spans have in
 *                   common, of a resource or a library
 *   TRACE_EVENT     span, time_ns, name(string); ascending by span
 *   TRACE_LINK      span, trace_high, trace_low, span_id; ascending by span
 *
 * Times of the TRACE tables count from UNPARK_TRACE_EPOCH_NS: spans come in any order, and the
 * first one is known only at the end. Whoever reads them counts from source.start_wall_ns.
 */
typedef enum {
  UNPARK_TABLE_METRIC,
  UNPARK_TABLE_RANGE,
  UNPARK_TABLE_TASK,
  UNPARK_TABLE_REGION,
  UNPARK_TABLE_LOG,
  UNPARK_TABLE_CPU_SAMPLE,
  UNPARK_TABLE_PROFILE,
  UNPARK_TABLE_SAMPLE_TYPE,
  UNPARK_TABLE_SAMPLE,
  UNPARK_TABLE_SAMPLE_VALUE,
  UNPARK_TABLE_SAMPLE_LABEL,
  UNPARK_TABLE_MAPPING,
  UNPARK_TABLE_DUMP_GOROUTINE,
  UNPARK_TABLE_RACE,
  UNPARK_TABLE_LABEL,
  UNPARK_TABLE_CLOCK,
  UNPARK_TABLE_TRACE_SPAN,
  UNPARK_TABLE_TRACE_ATTRIBUTE,
  UNPARK_TABLE_TRACE_SET,
  UNPARK_TABLE_TRACE_EVENT,
  UNPARK_TABLE_TRACE_LINK,
  UNPARK_N_ROW_TABLES
} UnparkTable;

/* Columns of the tables that readers take apart themselves, in the order above. */
enum { METRIC_NAME, METRIC_TIME, METRIC_VALUE };
enum { RANGE_NAME, RANGE_SCOPE, RANGE_SCOPE_ID, RANGE_START, RANGE_END, RANGE_STACK };
enum { TASK_ID, TASK_PARENT, TASK_NAME, TASK_GOROUTINE, TASK_START, TASK_END };
enum { REGION_TASK, REGION_GOROUTINE, REGION_NAME, REGION_START, REGION_END, REGION_DEPTH };
enum { LOG_TASK, LOG_GOROUTINE, LOG_TIME, LOG_CATEGORY, LOG_MESSAGE };
enum { LABEL_GOROUTINE, LABEL_TIME, LABEL_TEXT };
enum { CLOCK_TIME, CLOCK_MONO, CLOCK_WALL };
enum { SAMPLE_TIME, SAMPLE_GOROUTINE, SAMPLE_PROC, SAMPLE_THREAD, SAMPLE_STACK };
enum {
  TRACE_ID,
  TRACE_HIGH,
  TRACE_LOW,
  TRACE_SPAN_ID,
  TRACE_PARENT_ID,
  TRACE_RESOURCE,
  TRACE_LIBRARY,
  TRACE_NAME,
  TRACE_KIND,
  TRACE_START,
  TRACE_END,
  TRACE_STATUS,
  TRACE_MESSAGE,
  TRACE_STATE,
  TRACE_CHILDREN,
  TRACE_FLAGS,
  TRACE_N_COLUMNS
};
enum { ATTR_SPAN, ATTR_SCOPE, ATTR_ITEM, ATTR_KEY, ATTR_TYPE, ATTR_TEXT, ATTR_NUMBER };
enum { SET_ID, SET_KEY, SET_TYPE, SET_TEXT, SET_NUMBER };

/* 2020-01-01 as Unix time: what is within 36 years of it is within UNPARK_TIME_MAX. */
#define UNPARK_TRACE_EPOCH_NS G_GINT64_CONSTANT(1577836800000000000)
