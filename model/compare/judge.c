/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much more or less, and how certain that is. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/compare/private.h"
#include "model/compare/stats.h"

#define REPLICATES 300
#define SEED 20240229
/* Standard deviation, as a share, by which two runs of one program differ without a cause. */
#define RUN_NOISE 0.01
#define LEAST_CHANGE 0.03
#define LEAST_SHARE 0.001 /* of the time */
#define LEAST_BLOCKS 5
#define LEAST_FILES 4 /* on each side: the files are the sample */
#define RATE 0.05
#define MOST_DISTRUST 3.0
#define LEAST_TREND 0.6 /* of a series of files: Kendall's tau */

typedef enum { TIME, COUNT, MEAN, P50, P90, P99, N_MEASURES } Measure;
/* The measures, and behind them the quantiles of the curve. */
#define N_ESTIMATES (N_MEASURES + UNPARK_COMPARE_SHARES)
typedef double Estimates[N_ESTIMATES];
typedef UnparkCompareChance Chance;

const double unpark_compare_shares[UNPARK_COMPARE_SHARES] = {
    0.02, 0.05, 0.1,  0.15, 0.2,   0.25, 0.3,    0.35,  0.4,    0.45,
    0.5,  0.55, 0.6,  0.65, 0.7,   0.75, 0.8,    0.85,  0.9,    0.925,
    0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.9925, 0.995, 0.9975, 0.999};
#define SHARE_P50 10
#define SHARE_P90 18
#define SHARE_P99 25

/* One side of a series: all blocks of all files. */
typedef struct {
  guint n_files, n_blocks;
  double *total, *done, *count, *per;
  UnparkCompareValue *values; /* ascending; blocks counted over all files */
  guint n_values;
  guint64 n;    /* cases */
  guint n_busy; /* blocks with any time or case */
  double seconds;
} Side;

/* ---- sides ---------------------------------------------------------------------------------- */

static int shorter_first(const void *a, const void *b) {
  const UnparkCompareValue *x = a, *y = b;
  if (x->ns != y->ns)
    return x->ns < y->ns ? -1 : 1;
  return (x->block > y->block) - (x->block < y->block);
}

static void add_file(Side *side, const UnparkCompareSeries *series, guint file, GArray *values) {
  guint first = file * UNPARK_COMPARE_BLOCKS;
  for (guint i = 0; i < UNPARK_COMPARE_BLOCKS; i++) {
    side->total[first + i] = series->total[i];
    side->done[first + i] = series->done[i];
    side->count[first + i] = series->count[i];
    side->n += series->count[i];
    side->n_busy += series->total[i] > 0 || series->count[i] > 0;
  }
  for (guint i = 0; i < series->values->len; i++) {
    UnparkCompareValue value = g_array_index(series->values, UnparkCompareValue, i);
    value.block += first;
    g_array_append_val(values, value);
  }
}

/* `only`: of that file alone; G_MAXUINT: of all. */
static void side_init(Side *side, const GPtrArray *files, double (*per)[UNPARK_COMPARE_BLOCKS],
                      gint64 duration_ns, guint only) {
  g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(UnparkCompareValue));
  guint n = only == G_MAXUINT ? files->len : 1;
  *side = (Side){.n_files = n, .n_blocks = n * UNPARK_COMPARE_BLOCKS};
  side->seconds = (double)duration_ns / 1e9 * n / files->len;
  side->total = g_new0(double, side->n_blocks);
  side->done = g_new0(double, side->n_blocks);
  side->count = g_new0(double, side->n_blocks);
  side->per = g_new0(double, side->n_blocks);
  for (guint f = 0; f < n; f++) {
    guint from = only == G_MAXUINT ? f : only;
    memcpy(side->per + (gsize)f * UNPARK_COMPARE_BLOCKS, per[from], sizeof per[from]);
    if (files->pdata[from])
      add_file(side, files->pdata[from], f, values);
  }
  side->n_values = values->len;
  side->values = (UnparkCompareValue *)(void *)g_array_free(g_steal_pointer(&values), FALSE);
  if (side->n_values > 1)
    qsort(side->values, side->n_values, sizeof *side->values, shorter_first);
}

static void side_clear(Side *side) {
  g_free(side->total);
  g_free(side->done);
  g_free(side->count);
  g_free(side->per);
  g_free(side->values);
}

/* ---- estimates ------------------------------------------------------------------------------ */

static double ratio(const double *above, const double *below, const guint8 *weights, guint n) {
  double a = 0, b = 0;
  for (guint i = 0; i < n; i++) {
    a += above[i] * weights[i];
    b += below[i] * weights[i];
  }
  return b > 0 ? a / b : NAN;
}

/* Quantiles of the values, each as often as its block was drawn. */
static void quantiles(const Side *side, const guint8 *weights, Estimates out) {
  const double *shares = unpark_compare_shares;
  guint64 all = 0, seen = 0;
  guint next = 0;
  for (guint i = 0; i < side->n_values; i++)
    all += weights[side->values[i].block];
  for (guint i = 0; i < side->n_values && next < UNPARK_COMPARE_SHARES; i++) {
    seen += weights[side->values[i].block];
    while (next < UNPARK_COMPARE_SHARES && (double)seen >= shares[next] * (double)all && seen > 0)
      out[N_MEASURES + next++] = (double)side->values[i].ns;
  }
  out[P50] = out[N_MEASURES + SHARE_P50];
  out[P90] = out[N_MEASURES + SHARE_P90];
  out[P99] = out[N_MEASURES + SHARE_P99];
}

static void estimate(const Side *side, const guint8 *weights, Estimates out) {
  for (guint m = 0; m < N_ESTIMATES; m++)
    out[m] = NAN;
  out[TIME] = ratio(side->total, side->per, weights, side->n_blocks);
  out[COUNT] = ratio(side->count, side->per, weights, side->n_blocks);
  out[MEAN] = ratio(side->done, side->count, weights, side->n_blocks);
  quantiles(side, weights, out);
}

static guint8 *weights_one(guint n) {
  guint8 *weights = g_new(guint8, n);
  memset(weights, 1, n);
  return weights;
}

static void draw(guint8 *weights, guint n, GRand *rand) {
  memset(weights, 0, n);
  for (guint i = 0; i < n; i++) {
    guint8 *w = &weights[g_rand_int_range(rand, 0, (gint32)n)];
    *w += *w < G_MAXUINT8;
  }
}

/* Variance of the logarithms of the estimates, from blocks that are drawn anew. */
static void bootstrap(const Side *side, Estimates variance) {
  g_autoptr(GRand) rand = g_rand_new_with_seed(SEED);
  g_autofree guint8 *weights = g_new(guint8, side->n_blocks);
  Estimates sum = {0}, square = {0}, out;
  guint n[N_ESTIMATES] = {0};
  for (guint r = 0; r < REPLICATES; r++) {
    draw(weights, side->n_blocks, rand);
    estimate(side, weights, out);
    for (guint m = 0; m < N_ESTIMATES; m++) {
      if (!(out[m] > 0))
        continue;
      double value = log(out[m]);
      sum[m] += value;
      square[m] += value * value;
      n[m]++;
    }
  }
  for (guint m = 0; m < N_ESTIMATES; m++) {
    double mean = n[m] ? sum[m] / n[m] : 0;
    variance[m] = n[m] > REPLICATES / 2 ? MAX(square[m] / n[m] - mean * mean, 0) : NAN;
  }
}

/* ---- rows ----------------------------------------------------------------------------------- */

static void add_row(UnparkCompareWork *work, const UnparkCompareEntry *entry, char *measure,
                    const char *unit, double a, double b, Chance chance, guint64 n_a, guint64 n_b) {
  double log_change = a > 0 && b > 0 ? log(b / a) : NAN;
  /* The interval is made when it is known how far the whole table is to be trusted. */
  UnparkCompareRow row = {.name = g_strdup(entry->name),
                          .stack = g_strdup(entry->stack),
                          .kind = entry->kind,
                          .measure = measure,
                          .unit = unit,
                          .a = a,
                          .b = b,
                          .change = a > 0 ? b / a - 1 : NAN,
                          .low = NAN,
                          .high = NAN,
                          .n_a = n_a,
                          .n_b = n_b,
                          .place = entry->number};
  row.certainty = isnan(chance.p)     ? NAN
                  : isnan(log_change) ? sqrt(MAX(-2 * log(MAX(chance.p, 1e-300)), 0))
                  : chance.error > 0  ? fabs(log_change) / chance.error
                                      : 0;
  g_array_append_val(work->rows, row);
  g_array_append_val(work->chances, chance);
}

static char *measure_name(const UnparkCompareWork *work, const UnparkCompareEntry *entry,
                          Measure measure) {
  static const char *const pers[] = {"per_second", "per_task", "per_goroutine"};
  static const char *const names[] = {"time", "count", "mean_ns", "p50_ns", "p90_ns", "p99_ns"};
  if (measure > COUNT)
    return g_strdup(names[measure]);
  if (g_str_has_prefix(entry->kind, "cpu"))
    return g_strdup_printf("samples_%s", pers[work->spec->per]);
  return g_strdup_printf("%s_%s", names[measure], pers[work->spec->per]);
}

static guint64 cases_needed(Measure measure) {
  static const guint64 needed[] = {1, 20, 20, 20, 50, 500};
  return needed[measure];
}

/* The files are the sample: how their estimates differ by themselves. */
static Chance by_files(const double *a, guint n_a, const double *b, guint n_b) {
  Chance chance = {unpark_stats_mann_whitney(a, n_a, b, n_b), 0};
  const double *const sides[] = {a, b};
  const guint n[] = {n_a, n_b};
  for (guint s = 0; s < 2; s++) {
    double sum = 0, square = 0;
    for (guint i = 0; i < n[s]; i++) {
      double value = log(MAX(sides[s][i], 1e-9));
      sum += value;
      square += value * value;
    }
    chance.error += MAX(square / n[s] - sum / n[s] * sum / n[s], 0) / (n[s] - 1);
  }
  chance.error = sqrt(chance.error + 2 * RUN_NOISE * RUN_NOISE / MIN(n_a, n_b));
  return chance;
}

static Estimates *estimates_of_files(const GPtrArray *files, double (*per)[UNPARK_COMPARE_BLOCKS]) {
  g_autofree guint8 *ones = weights_one(UNPARK_COMPARE_BLOCKS);
  Estimates *out = g_new(Estimates, files->len);
  for (guint f = 0; f < files->len; f++) {
    Side side;
    side_init(&side, files, per, 0, f);
    estimate(&side, ones, out[f]);
    side_clear(&side);
  }
  return out;
}

/* One of the measures by file; what is not there is 0. */
static double *measure_of_files(Estimates *files, guint n, Measure measure) {
  double *values = g_new(double, n);
  for (guint i = 0; i < n; i++)
    values[i] = isnan(files[i][measure]) ? 0 : files[i][measure];
  return values;
}

/* Both sides of an entry, and what is estimated of them. */
typedef struct {
  const UnparkCompareEntry *entry;
  Side a, b;
  gboolean above_floor;
  Estimates of_a, of_b, error;
  /* By file; NULL: the files are not the sample, or it is too little for a verdict. */
  Estimates *files_a, *files_b;
} Pair;

static gboolean is_above_floor(const UnparkCompareEntry *entry, const Side *a, const Side *b) {
  double share = 0;
  const Side *const sides[] = {a, b};
  for (guint s = 0; s < 2; s++) {
    double all_blocks = 0;
    for (guint i = 0; i < sides[s]->n_blocks; i++)
      all_blocks += sides[s]->total[i];
    share = MAX(share, sides[s]->seconds > 0 ? all_blocks / 1e9 / sides[s]->seconds : 0);
  }
  if (g_str_has_prefix(entry->kind, "cpu"))
    return a->n + b->n >= 100;
  return share >= LEAST_SHARE;
}

/* Only on one side: by how often, and in how many blocks, it was there. */
static double chance_of_one_side(const Side *with, const Side *without) {
  double share = without->seconds / MAX(with->seconds + without->seconds, 1e-9);
  guint64 times = MIN(with->n, with->n_busy);
  return times >= 2 * LEAST_BLOCKS ? pow(MAX(1 - share, 0.05), (double)times / 2) : NAN;
}

static void judge_measure(UnparkCompareWork *work, const Pair *pair, Measure m) {
  const Side *a = &pair->a, *b = &pair->b;
  double p = pair->of_a[m], q = pair->of_b[m];
  Chance chance = {NAN, pair->error[m]};
  if (isnan(p) || isnan(q)) { /* a length of nothing */
    if (m > COUNT)
      return;
    p = isnan(p) ? 0 : p;
    q = isnan(q) ? 0 : q;
  }
  if (!(p > 0) && !(q > 0))
    return;
  if (pair->above_floor) {
    if (!(p > 0))
      chance.p = chance_of_one_side(b, a);
    else if (!(q > 0))
      chance.p = chance_of_one_side(a, b);
    else if (MIN(a->n_busy, b->n_busy) >= LEAST_BLOCKS && MIN(a->n, b->n) >= cases_needed(m) &&
             chance.error > 0)
      chance.p = unpark_stats_two_sided(log(q / p) / chance.error);
  }
  if (pair->files_a && !isnan(chance.p)) {
    g_autofree double *x = measure_of_files(pair->files_a, a->n_files, m);
    g_autofree double *y = measure_of_files(pair->files_b, b->n_files, m);
    chance = by_files(x, a->n_files, y, b->n_files);
  }
  add_row(work, pair->entry, measure_name(work, pair->entry, m), m == COUNT ? "count" : "ns", p, q,
          chance, a->n, b->n);
}

#define LEAST_VALUES 20  /* for a curve */
#define LEAST_BEYOND 2.0 /* values beyond a quantile that is shown */

static gboolean fill_curve(UnparkCompareQuantile *to, const Side *side, const Estimates out,
                           const Estimates variance) {
  gboolean any = FALSE;
  for (guint i = 0; i < UNPARK_COMPARE_SHARES; i++) {
    double share = unpark_compare_shares[i], beyond = MIN(share, 1 - share) * side->n_values;
    double value = out[N_MEASURES + i];
    double error = 1.96 * sqrt(variance[N_MEASURES + i]);
    gboolean known = side->n_values >= LEAST_VALUES && beyond >= LEAST_BEYOND && error >= 0;
    to[i] = known ? (UnparkCompareQuantile){value, value * exp(-error), value * exp(error)}
                  : (UnparkCompareQuantile){NAN, NAN, NAN};
    any = any || known;
  }
  return any;
}

/* NULL: neither side has enough. */
static UnparkCompareCurve *curve_of(const Pair *pair, const Estimates u, const Estimates v) {
  UnparkCompareCurve *curve = g_new(UnparkCompareCurve, 1);
  gboolean a = fill_curve(curve->a, &pair->a, pair->of_a, u);
  gboolean b = fill_curve(curve->b, &pair->b, pair->of_b, v);
  if (!a && !b)
    g_clear_pointer(&curve, g_free);
  return curve;
}

static void pair_init(Pair *pair, const UnparkCompareWork *work, const UnparkCompareEntry *entry) {
  Estimates u, v;
  *pair = (Pair){.entry = entry};
  side_init(&pair->a, entry->a, work->per_a, work->result->a.duration_ns, G_MAXUINT);
  side_init(&pair->b, entry->b, work->per_b, work->result->b.duration_ns, G_MAXUINT);
  g_autofree guint8 *ones_a = weights_one(pair->a.n_blocks);
  g_autofree guint8 *ones_b = weights_one(pair->b.n_blocks);
  estimate(&pair->a, ones_a, pair->of_a);
  estimate(&pair->b, ones_b, pair->of_b);
  for (guint m = 0; m < N_ESTIMATES; m++)
    u[m] = v[m] = NAN;
  pair->above_floor = is_above_floor(entry, &pair->a, &pair->b);
  if (pair->above_floor) {
    bootstrap(&pair->a, u);
    bootstrap(&pair->b, v);
    work->result->curves[entry->number] = curve_of(pair, u, v);
  }
  for (guint m = 0; m < N_MEASURES; m++)
    pair->error[m] = sqrt(u[m] + v[m] + 2 * RUN_NOISE * RUN_NOISE);
  if (pair->above_floor && MIN(entry->a->len, entry->b->len) >= LEAST_FILES) {
    pair->files_a = estimates_of_files(entry->a, work->per_a);
    pair->files_b = estimates_of_files(entry->b, work->per_b);
  }
}

static void pair_clear(Pair *pair) {
  side_clear(&pair->a);
  side_clear(&pair->b);
  g_free(pair->files_a);
  g_free(pair->files_b);
}

void unpark_compare_judge_series(UnparkCompareWork *work, UnparkCompareEntry *entry) {
  gboolean cpu = g_str_has_prefix(entry->kind, "cpu");
  Pair pair;
  pair_init(&pair, work, entry);
  for (guint m = 0; m < N_MEASURES; m++)
    if (!cpu || m == COUNT)
      judge_measure(work, &pair, (Measure)m);
  pair_clear(&pair);
}

/* ---- counts --------------------------------------------------------------------------------- */

static double mean_of(const double *values, guint n) {
  double sum = 0;
  for (guint i = 0; i < n; i++)
    sum += values[i];
  return sum / n;
}

/* First, those between, last; free with g_free(). */
static double *series_of(const UnparkCompareWork *work, const UnparkCompareEntry *entry) {
  guint n_b = work->spec->n_b;
  double *values = g_new(double, (gsize)n_b + 1);
  values[0] = entry->values_a[0];
  for (guint i = 1; i < n_b; i++)
    values[i] = entry->values_b[i];
  values[n_b] = entry->values_b[0];
  return values;
}

/* From the first to the last; what goes up and down on the way tells nothing. */
static void judge_steps(UnparkCompareWork *work, const UnparkCompareEntry *entry) {
  double *values = series_of(work, entry);
  double a = values[0], b = values[work->spec->n_b];
  double trend = unpark_stats_trend(values, work->spec->n_b + 1);
  Chance chance = {NAN, 0};
  gboolean goes = b > a ? trend >= LEAST_TREND : trend <= -LEAST_TREND;
  if (a > 0 && b > 0) {
    chance.error = sqrt(1 / a + 1 / b + 2 * RUN_NOISE * RUN_NOISE);
    chance.p = goes ? unpark_stats_two_sided(log(b / a) / chance.error) : NAN;
  } else if (goes) {
    chance.p = MIN(2 * pow(0.5, MAX(a, b)), 1);
  }
  add_row(work, entry, g_strdup(entry->measure), entry->unit, a, b, chance, (guint64)a, (guint64)b);
  g_array_index(work->rows, UnparkCompareRow, work->rows->len - 1).series = values;
}

void unpark_compare_judge_counts(UnparkCompareWork *work, UnparkCompareEntry *entry) {
  guint n_a = work->spec->n_a, n_b = work->spec->n_b;
  if (work->spec->series) {
    judge_steps(work, entry);
    return;
  }
  double a = mean_of(entry->values_a, n_a), b = mean_of(entry->values_b, n_b);
  double k = entry->cases_a, l = entry->cases_b;
  gboolean dump = strcmp(entry->kind, "dump") == 0;
  Chance chance = {NAN, 0};
  if (!(fabs(a) > 0) && !(fabs(b) > 0))
    return;
  if (MIN(n_a, n_b) >= LEAST_FILES) {
    chance = by_files(entry->values_a, n_a, entry->values_b, n_b);
  } else if (a > 0 && b > 0 && k >= 1 && l >= 1) {
    /* Samples come in bursts, goroutines by themselves. */
    chance.error = sqrt((dump ? 1 : 2) * (1 / k + 1 / l) + 2 * RUN_NOISE * RUN_NOISE);
    chance.p = dump || k + l >= 20 ? unpark_stats_two_sided(log(b / a) / chance.error) : NAN;
  } else if (MAX(k, l) >= (dump ? 1 : 10)) {
    double other = a > 0 ? n_b : n_a;
    chance.p = MIN(2 * pow(1 - other / (n_a + n_b), MAX(k, l) / (dump ? 1 : 2)), 1);
  }
  add_row(work, entry, g_strdup(entry->measure), entry->unit, a, b, chance, (guint64)MAX(k, 0),
          (guint64)MAX(l, 0));
}

/* ---- verdicts ------------------------------------------------------------------------------- */

/* By how much more rows differ than chance allows: most rows of a table have no cause to. */
static double distrust(const UnparkCompareWork *work) {
  g_autofree double *squares = g_new(double, (gsize)work->rows->len + 1);
  guint n = 0;
  for (guint i = 0; i < work->rows->len; i++) {
    const UnparkCompareRow *row = &g_array_index(work->rows, UnparkCompareRow, i);
    if (!isnan(g_array_index(work->chances, Chance, i).p) && !isnan(row->certainty))
      squares[n++] = row->certainty * row->certainty;
  }
  if (n < 10)
    return 1;
  unpark_stats_sort(squares, n);
  return CLAMP(sqrt(unpark_stats_quantile(squares, n, 0.5) / 0.4549), 1, MOST_DISTRUST);
}

static void finish_row(UnparkCompareRow *row, Chance chance, double factor) {
  double error = chance.error * factor;
  if (isnan(row->certainty))
    row->certainty = 0;
  row->certainty /= factor;
  if (isnan(row->change) || row->b <= 0 || !(error > 0))
    return;
  row->low = expm1(log1p(row->change) - 1.96 * error);
  row->high = expm1(log1p(row->change) + 1.96 * error);
  if (isnan(chance.p))
    row->certainty = 0;
}

static void decide_row(UnparkCompareRow *row, gboolean found) {
  gboolean both = !isnan(row->low);
  if (!found || (both && (fabs(row->change) < LEAST_CHANGE || (row->low <= 0 && row->high >= 0))))
    return;
  row->verdict = row->b > row->a ? UNPARK_VERDICT_MORE : UNPARK_VERDICT_LESS;
}

void unpark_compare_decide(UnparkCompareWork *work) {
  guint n = 0;
  double factor = distrust(work);
  g_autofree double *p = g_new(double, (gsize)work->rows->len + 1);
  g_autofree guint *index = g_new(guint, (gsize)work->rows->len + 1);
  g_autofree gboolean *found = g_new0(gboolean, (gsize)work->rows->len + 1);
  gboolean files = MIN(work->spec->n_a, work->spec->n_b) >= LEAST_FILES;
  for (guint i = 0; i < work->rows->len; i++) {
    UnparkCompareRow *row = &g_array_index(work->rows, UnparkCompareRow, i);
    Chance chance = g_array_index(work->chances, Chance, i);
    finish_row(row, chance, factor);
    /* Files: that the ranks differ is asked as well. */
    if (isnan(chance.p) || (files && chance.p > RATE))
      continue;
    p[n] = unpark_stats_two_sided(row->certainty);
    index[n++] = i;
  }
  unpark_stats_discover(p, n, RATE, found);
  for (guint i = 0; i < n; i++)
    decide_row(&g_array_index(work->rows, UnparkCompareRow, index[i]), found[i]);
}
