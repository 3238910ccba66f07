/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/sql/reader.h"

#include <string.h>

#include "model/sql/row-sort.h"
#include "model/sql/texts.h"
#include "model/sql/values.h"

#define BATCH UNPARK_BLOCK_ROWS

/* Consecutive blocks whose lanes ascend: a segment of the import. */
typedef struct {
  guint next, end; /* blocks */
  UnparkDecoded *d;
  guint row;
  gint64 base; /* zone lane of d, for numbered rows */
} Run;

struct _UnparkSqlReader {
  UnparkStore *store;
  const UnparkSqlView *view;
  guint n_columns;
  guint32 needs;
  GArray *runs;
  gint64 *columns[G_N_ELEMENTS(((UnparkSqlView *)0)->columns)];
  guint n;             /* rows in them */
  guint picked[BATCH]; /* rows of a block that are to be added */
  UnparkRowSort *sort; /* NULL: the blocks are in the wanted order */
  gboolean collected;  /* all rows are in `sort` */
  char *cut;           /* a long text, cut off */
};

static gint find_column(const UnparkSqlReader *rows, const char *name) {
  for (guint i = 0; i < rows->n_columns; i++)
    if (strcmp(rows->view->columns[i].name, name) == 0)
      return (gint)i;
  return -1;
}

static gint find_role(const UnparkSqlReader *rows, UnparkSqlRole role) {
  for (guint i = 0; i < rows->n_columns; i++)
    if (rows->view->columns[i].role == role)
      return (gint)i;
  return -1;
}

/* By goroutine and start, threads by themselves; what has neither by its number. */
static UnparkRowSort *make_sort(const UnparkSqlReader *rows) {
  gint first =
      find_column(rows, strcmp(rows->view->name, "thread_span") == 0 ? "thread" : "goroutine");

  if (rows->view->lane_sorted)
    return NULL;
  if (first < 0)
    first = find_role(rows, ROLE_LANE);
  return unpark_row_sort_new(rows->n_columns, first, find_role(rows, ROLE_START));
}

static void split_runs(UnparkSqlReader *rows) {
  const UnparkBlockList *list = unpark_store_blocks(rows->store, rows->view->fact);
  Run run = {.end = list->n};

  for (guint b = 1; rows->view->lane_sorted && b < list->n; b++)
    if (list->blocks[b].lane_min < list->blocks[b - 1].lane_max) {
      run.end = b;
      g_array_append_val(rows->runs, run);
      run = (Run){.next = b, .end = list->n};
    }
  g_array_append_val(rows->runs, run);
}

UnparkSqlReader *unpark_sql_reader_new(UnparkStore *store, const char *table) {
  const UnparkSqlView *view = unpark_sql_view_of(table);
  UnparkSqlReader *rows;

  if (!view)
    return NULL;
  rows = g_new0(UnparkSqlReader, 1);
  rows->store = unpark_store_ref(store);
  rows->view = view;
  rows->n_columns = unpark_sql_n_columns(view);
  rows->needs = unpark_sql_needs(view, G_MAXUINT64);
  rows->runs = g_array_new(FALSE, TRUE, sizeof(Run));
  for (guint i = 0; i < rows->n_columns; i++)
    rows->columns[i] = g_new(gint64, BATCH);
  rows->sort = make_sort(rows);
  split_runs(rows);
  return rows;
}

void unpark_sql_reader_free(UnparkSqlReader *rows) {
  if (!rows)
    return;
  for (guint i = 0; i < rows->runs->len; i++)
    g_clear_pointer(&g_array_index(rows->runs, Run, i).d, unpark_decoded_unref);
  g_array_unref(rows->runs);
  for (guint i = 0; i < rows->n_columns; i++)
    g_free(rows->columns[i]);
  unpark_row_sort_free(rows->sort);
  unpark_store_unref(rows->store);
  g_free(rows->cut);
  g_free(rows);
}

guint unpark_sql_reader_n_columns(const UnparkSqlReader *rows) {
  return rows->n_columns;
}

const char *unpark_sql_reader_name(const UnparkSqlReader *rows, guint column) {
  return rows->view->columns[column].name;
}

gboolean unpark_sql_reader_is_text(const UnparkSqlReader *rows, guint column) {
  return rows->view->columns[column].type[0] == 'T';
}

const char *unpark_sql_reader_text(UnparkSqlReader *rows, guint column, gint64 code, gsize *size) {
  const char *text;

  switch (rows->view->columns[column].kind) {
  case VIEW_STATE:
    text = unpark_state_name((UnparkState)code);
    break;
  case VIEW_CAUSE:
    text = unpark_cause_name((UnparkCause)code);
    break;
  case VIEW_SCOPE:
    text = unpark_scope_name((UnparkScope)code);
    break;
  default:
    text = unpark_store_string(rows->store, (guint32)code);
    break;
  }
  g_clear_pointer(&rows->cut, g_free);
  rows->cut = unpark_sql_cut_text(text, size);
  return rows->cut ? rows->cut : text;
}

/* ---- Values
 * -------------------------------------------------------------------------------------- */

static gint64 kind_value(const UnparkSqlReader *rows, UnparkSqlKind what, gint64 id) {
  const UnparkKind *kind = unpark_sql_kind(rows->store, id);

  if (!kind)
    return UNPARK_NONE;
  if (what == VIEW_STATE)
    return kind->state;
  return what == VIEW_REASON ? (gint64)kind->reason_id : (gint64)kind->cause;
}

static void fill_sum(gint64 *to, const gint64 *a, const gint64 *b, gint64 sign, const guint *picked,
                     guint n) {
  for (guint i = 0; i < n; i++) {
    gint64 x = a[picked[i]], y = b[picked[i]];

    if (sign < 0 && (x == UNPARK_NONE || y == UNPARK_NONE))
      to[i] = UNPARK_NONE;
    else /* wraps as it does in SQL, without being undefined */
      to[i] = (gint64)((guint64)x + (guint64)sign * (guint64)y);
  }
}

static void fill_numbers(const UnparkSqlReader *rows, const UnparkSqlColumn *column, gint64 *to,
                         const gint64 *a, guint n) {
  gint64 null = unpark_sql_null(rows->view, column);

  for (guint i = 0; i < n; i++) {
    gint64 value = a[rows->picked[i]];
    to[i] = value == null ? UNPARK_NONE : value;
  }
}

/* Adds the first `n` picked rows of `d` to a column. */
static void fill(const UnparkSqlReader *rows, guint c, const UnparkDecoded *d, gint64 base,
                 guint n) {
  const UnparkSqlColumn *column = &rows->view->columns[c];
  const gint64 *a = column->a >= 0 ? d->columns[column->a] : NULL;
  const guint *picked = rows->picked;
  gint64 *to = rows->columns[c] + rows->n;

  switch (column->kind) {
  case VIEW_NUMBER:
  case VIEW_STRING:
  case VIEW_STACK:
  case VIEW_SCOPE:
    fill_numbers(rows, column, to, a, n);
    break;
  case VIEW_SUM:
  case VIEW_DIFFERENCE:
    fill_sum(to, a, d->columns[column->b], column->kind == VIEW_SUM ? 1 : -1, picked, n);
    break;
  case VIEW_ROW_ID:
    for (guint i = 0; i < n; i++)
      to[i] = base + picked[i];
    break;
  case VIEW_STATE:
  case VIEW_REASON:
  case VIEW_CAUSE:
    for (guint i = 0; i < n; i++)
      to[i] = kind_value(rows, column->kind, a[picked[i]]);
    break;
  case VIEW_NODE_DEPTH:
    for (guint i = 0; i < n; i++)
      to[i] = unpark_sql_depth(rows->store, a[picked[i]]);
    break;
  default:
    for (guint i = 0; i < n; i++)
      to[i] = unpark_sql_span_value(rows->store, column->kind, d, picked[i]);
    break;
  }
}

/* ---- Blocks
 * ------------------------------------------------------------------------------------------ */

static gint64 run_lane(const UnparkSqlReader *rows, const Run *run) {
  gint8 lane = unpark_facts[rows->view->fact].lane;

  return lane >= 0 ? run->d->columns[lane][run->row] : run->base + run->row;
}

/* The run's next block, if it is at the end of one. d NULL: the run is over. */
static gboolean settle(UnparkSqlReader *rows, Run *run, GError **error) {
  const UnparkBlockList *list = unpark_store_blocks(rows->store, rows->view->fact);

  while (!run->d || run->row >= run->d->n) {
    g_clear_pointer(&run->d, unpark_decoded_unref);
    if (run->next >= run->end)
      return TRUE;
    const UnparkBlockInfo *info = &list->blocks[run->next++];
    run->d = unpark_store_decode(rows->store, rows->view->fact, info, rows->needs, error);
    if (!run->d)
      return FALSE;
    run->base = info->lane_min;
    run->row = 0;
  }
  return TRUE;
}

/* The run with the least lane; of equal ones the first, which is the earliest in time. *next: the
 * least lane of those after it. NULL: all are over. */
static Run *choose_run(const UnparkSqlReader *rows, gint64 *next) {
  Run *found = NULL;
  gint64 least = 0;

  *next = G_MAXINT64;
  for (guint i = 0; i < rows->runs->len; i++) {
    Run *run = &g_array_index(rows->runs, Run, i);
    gint64 lane = run->d ? run_lane(rows, run) : 0;

    if (!run->d)
      continue;
    if (!found || lane < least) {
      *next = found ? least : G_MAXINT64;
      found = run;
      least = lane;
    } else {
      *next = MIN(*next, lane);
    }
  }
  return found;
}

/* Adds rows of `run` up to the lane `last`, at most as many as there is room for. `alone`: all of
 * them. */
static void take_rows(UnparkSqlReader *rows, Run *run, gboolean alone, gint64 last) {
  guint room = BATCH - rows->n, n = 0;
  gint64 first = run_lane(rows, run);

  for (; run->row < run->d->n && n < room; run->row++) {
    gint64 lane = alone ? first : run_lane(rows, run);
    if (lane > first && lane >= last)
      break;
    if (unpark_sql_has_row(rows->store, rows->view, run->d, run->row))
      rows->picked[n++] = run->row;
  }
  for (guint c = 0; c < rows->n_columns && n > 0; c++)
    fill(rows, c, run->d, run->base, n);
  rows->n += n;
}

/* Fills the columns from the blocks. */
static gboolean read_blocks(UnparkSqlReader *rows, GCancellable *cancellable, GError **error) {
  gboolean alone = rows->runs->len == 1;
  gint64 next;
  Run *run;

  rows->n = 0;
  for (guint i = 0; i < rows->runs->len; i++)
    if (!settle(rows, &g_array_index(rows->runs, Run, i), error))
      return FALSE;
  while (rows->n < BATCH && (run = choose_run(rows, &next))) {
    take_rows(rows, run, alone, next);
    if (g_cancellable_set_error_if_cancelled(cancellable, error) || !settle(rows, run, error))
      return FALSE;
  }
  return TRUE;
}

gboolean unpark_sql_reader_next(UnparkSqlReader *rows, gint64 *const **columns, guint *n,
                                GCancellable *cancellable, GError **error) {
  *columns = rows->columns;
  *n = 0;
  while (rows->sort && !rows->collected) {
    if (!read_blocks(rows, cancellable, error) ||
        !unpark_row_sort_add(rows->sort, rows->columns, rows->n, error))
      return FALSE;
    rows->collected = rows->n == 0;
    if (rows->collected && !unpark_row_sort_end(rows->sort, error))
      return FALSE;
  }
  if (rows->sort)
    return unpark_row_sort_take(rows->sort, rows->columns, BATCH, n, error);
  if (!read_blocks(rows, cancellable, error))
    return FALSE;
  *n = rows->n;
  return TRUE;
}
