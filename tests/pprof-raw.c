/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/pprof-raw.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support.h"

/* ---- What pprof printed ---------------------------------------------------------------- */

typedef struct {
  GHashTable *frames;   /* location number as text -> GString of its frames */
  GHashTable *mappings; /* mapping number as text -> file */
} Raw;

static void free_string(gpointer string) {
  g_string_free(string, TRUE);
}

/* "main.main racy/main.go:21:0 s=12(main.main)" -> "    main.main|racy/main.go|21" */
static void append_named_frame(GString *to, const char *text, const char *address) {
  g_autofree char *line = g_strdup(text);
  char *end = g_strrstr(line, " s="), *column, *number, *file;

  g_assert(end);
  *end = '\0';
  column = strrchr(line, ':');
  g_assert(column);
  *column = '\0';
  number = strrchr(line, ':');
  g_assert(number);
  *number++ = '\0';
  file = strrchr(line, ' ');
  g_assert(file);
  *file++ = '\0';
  /* A function without a name is shown as its address. */
  g_string_append_printf(to, "    %s|%s|%s\n", *line ? line : address, file, number);
}

/* "     3: 0x4dcb31 M=1 [F] NAME..." ; lines that go on begin with thirteen blanks. */
static void read_locations(Raw *raw, char **lines) {
  GString *frames = NULL;
  g_autofree char *address = NULL;

  for (; *lines && strcmp(*lines, "Mappings") != 0; lines++) {
    char *at = *lines;
    char *mapping = NULL;
    g_auto(GStrv) words = NULL;

    if (g_str_has_prefix(at, "             ")) {
      append_named_frame(frames, at + strspn(at, " "), address);
      continue;
    }
    at += strspn(at, " ");
    words = g_strsplit(at, " ", 3);
    words[0][strlen(words[0]) - 1] = '\0';
    frames = g_string_new(NULL);
    g_hash_table_insert(raw->frames, g_strdup(words[0]), frames);
    g_free(address);
    address = g_strdup(words[1]);
    at = words[2] ? words[2] : (char *)"";
    if (g_str_has_prefix(at, "M=")) {
      char *end = strchr(at, ' ');
      mapping = g_strndup(at + 2, (gsize)(end - at - 2));
      at = end + 1;
    }
    if (g_str_has_prefix(at, "[F] "))
      at += 4;
    if (*at || g_str_has_prefix(at, " "))
      append_named_frame(frames, at, address);
    else {
      const char *file = mapping ? g_hash_table_lookup(raw->mappings, mapping) : NULL;
      g_string_append_printf(frames, "    %s|%s|0\n", address, file ? file : "");
    }
    g_free(mapping);
  }
}

/* "1: 0x402000/0x775000/0x2000 FILE BUILDID [FN]": as "mapping 1 0x402000 0x775000 ...". Those
 * that pprof makes up where a profile has none begin at 0. */
static void read_mappings(Raw *raw, char **lines, GString *to) {
  for (; *lines && **lines; lines++) {
    g_auto(GStrv) words = g_strsplit(*lines, " ", 5);
    g_auto(GStrv) range = g_strsplit(words[1], "/", 3);

    words[0][strlen(words[0]) - 1] = '\0';
    if (strcmp(range[0], "0x0") == 0)
      continue;
    g_hash_table_insert(raw->mappings, g_strdup(words[0]), g_strdup(words[2]));
    g_string_append_printf(to, "mapping %s %s %s %s %s %s\n", words[0], range[0], range[1],
                           range[2], words[2], words[3]);
  }
}

/* "          1   10000000: 1 2 3 ": values and location numbers. */
static void append_sample(Raw *raw, const char *line, gboolean stacks, GString *to) {
  const char *colon = strchr(line, ':');
  g_autofree char *values_text = g_strndup(line, (gsize)(colon - line));
  g_auto(GStrv) values = g_strsplit_set(values_text, " ", -1);
  g_auto(GStrv) locations = g_strsplit(colon + 1, " ", -1);

  g_string_append(to, "sample");
  for (char **v = values; *v; v++)
    if (**v)
      g_string_append_printf(to, " %s", *v);
  g_string_append_c(to, '\n');
  for (char **l = locations; stacks && *l; l++) {
    GString *frames = **l ? g_hash_table_lookup(raw->frames, *l) : NULL;
    if (frames)
      g_string_append_len(to, frames->str, (gssize)frames->len);
  }
}

static gboolean is_sample(const char *line) {
  const char *at = line + strspn(line, " ");

  return line[0] == ' ' && at[strspn(at, "-0123456789 ")] == ':' && strchr("-0123456789", *at);
}

static char **find_line(char **lines, const char *text) {
  while (*lines && strcmp(*lines, text) != 0)
    lines++;
  g_assert(*lines);
  return lines + 1;
}

static char *header(char **lines, const char *name) {
  for (; *lines && strcmp(*lines, "Samples:") != 0; lines++)
    if (g_str_has_prefix(*lines, name))
      return g_strdup(*lines + strlen(name));
  return g_strdup("");
}

char *raw_expected(const char *text, gboolean stacks) {
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  char **samples = find_line(lines, "Samples:");
  g_autofree char *period = header(lines, "Period: ");
  g_autofree char *period_type = header(lines, "PeriodType: ");
  GString *out = g_string_new(NULL), *mappings = g_string_new(NULL);
  Raw raw = {g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_string),
             g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};

  read_mappings(&raw, find_line(lines, "Mappings"), mappings);
  read_locations(&raw, find_line(lines, "Locations"));
  g_string_append_printf(out, "period %s %s\ntypes %s\n", period, g_strstrip(period_type),
                         samples[0]);
  for (char **l = samples + 1; *l && strcmp(*l, "Locations") != 0; l++) {
    if (is_sample(*l))
      append_sample(&raw, *l, stacks, out);
    else
      g_string_append_printf(out, "  %s\n", g_strstrip(*l));
  }
  if (stacks)
    g_string_append_len(out, mappings->str, (gssize)mappings->len);
  g_string_free(mappings, TRUE);
  g_hash_table_unref(raw.frames);
  g_hash_table_unref(raw.mappings);
  return g_string_free(out, FALSE);
}

/* ---- What the store holds ----------------------------------------------------------------- */

typedef struct {
  GString *values, *frames;
  GPtrArray *texts, *numbers; /* labels: "key:[a b]", as pprof joins them */
} Sample;

static void free_sample(gpointer data) {
  Sample *s = data;

  g_string_free(s->values, TRUE);
  g_string_free(s->frames, TRUE);
  g_ptr_array_unref(s->texts);
  g_ptr_array_unref(s->numbers);
  g_free(s);
}

static Sample *sample_at(GPtrArray *samples, gint64 id) {
  while (samples->len < id) {
    Sample *s = g_new0(Sample, 1);
    s->values = g_string_new(NULL);
    s->frames = g_string_new(NULL);
    s->texts = g_ptr_array_new_with_free_func(free_string);
    s->numbers = g_ptr_array_new_with_free_func(free_string);
    g_ptr_array_add(samples, s);
  }
  return samples->pdata[id - 1];
}

static gboolean take_value(const UnparkValue *v, guint n, gpointer data) {
  g_assert(n == 3);
  g_string_append_printf(sample_at(data, v[0].integer)->values, " %" G_GINT64_FORMAT, v[2].integer);
  return TRUE;
}

static gboolean take_frame(const UnparkValue *v, guint n, gpointer data) {
  Sample *s = sample_at(data, v[0].integer);

  g_assert(n == 4);
  if (v[1].type != UNPARK_VALUE_NULL || v[3].type != UNPARK_VALUE_NULL)
    g_string_append_printf(s->frames, "    %s|%s|%" G_GINT64_FORMAT "\n",
                           v[1].text ? v[1].text : "", v[2].text ? v[2].text : "", v[3].integer);
  return TRUE;
}

/* Go prints a list of values between brackets; lists are sorted by key. */
static void append_label(GPtrArray *labels, const char *key, const char *value) {
  g_autofree char *start = g_strconcat(key, ":[", NULL);

  for (guint i = 0; i < labels->len; i++) {
    GString *label = labels->pdata[i];
    if (g_str_has_prefix(label->str, start)) {
      g_string_append_printf(label, " %s", value);
      return;
    }
  }
  g_ptr_array_add(labels, g_string_new(start));
  g_string_append(labels->pdata[labels->len - 1], value);
}

static gboolean take_label(const UnparkValue *v, guint n, gpointer data) {
  Sample *s = sample_at(data, v[0].integer);
  g_autofree char *number = NULL;

  g_assert(n == 6);
  if (v[2].type == UNPARK_VALUE_TEXT) {
    append_label(s->texts, v[1].text, v[2].text);
    return TRUE;
  }
  /* Where one value of a key has a unit, all are printed with one. */
  number = v[5].integer ? g_strdup_printf("%" G_GINT64_FORMAT " %s", v[3].integer,
                                          v[4].type == UNPARK_VALUE_TEXT ? v[4].text : "")
                        : g_strdup_printf("%" G_GINT64_FORMAT, v[3].integer);
  append_label(s->numbers, v[1].text, number);
  return TRUE;
}

static int compare_labels(gconstpointer a, gconstpointer b) {
  return strcmp((*(GString *const *)a)->str, (*(GString *const *)b)->str);
}

static void append_labels(GString *to, GPtrArray *labels) {
  if (labels->len == 0)
    return;
  g_ptr_array_sort(labels, compare_labels);
  g_string_append(to, " ");
  for (guint i = 0; i < labels->len; i++)
    g_string_append_printf(to, " %s]", ((GString *)labels->pdata[i])->str);
  g_string_append_c(to, '\n');
}

static gboolean append_text(const UnparkValue *v, guint n, gpointer data) {
  for (guint i = 0; i < n; i++)
    if (v[i].type == UNPARK_VALUE_TEXT)
      g_string_append(data, v[i].text);
  return TRUE;
}

static void query(UnparkStore *store, const char *sql,
                  gboolean (*row)(const UnparkValue *, guint, gpointer), gpointer data) {
  const UnparkQuery how = {.row = row};
  g_autoptr(GError) error = NULL;

  unpark_store_query(store, sql, &how, data, NULL, NULL, &error);
  if (error)
    g_error("%s: %s", sql, error->message);
}

char *raw_of_store(UnparkStore *store, gboolean stacks) {
  GPtrArray *samples = g_ptr_array_new_with_free_func(free_sample);
  GString *out = g_string_new(NULL);

  query(store, "SELECT sample, idx, value FROM sample_value ORDER BY sample, idx", take_value,
        samples);
  if (stacks)
    query(store,
          "SELECT s.id, f.function, f.file, f.line FROM sample s LEFT JOIN stack_frame f "
          "ON f.stack = s.stack ORDER BY s.id, f.depth",
          take_frame, samples);
  query(store,
        "SELECT sample, key, text, number, unit, max(unit IS NOT NULL) OVER "
        "(PARTITION BY sample, key) FROM sample_label ORDER BY sample",
        take_label, samples);
  query(store,
        "SELECT 'period ' || period || ' ' || coalesce(period_type, '') || "
        "CASE WHEN coalesce(period_unit, '') = '' THEN '' ELSE ' ' || period_unit END || char(10) "
        "|| 'types' FROM profile",
        append_text, out);
  query(store,
        "SELECT ' ' || type || '/' || unit || CASE WHEN type = default_type THEN '[dflt]' ELSE '' "
        "END FROM sample_type, profile ORDER BY idx",
        append_text, out);
  g_string_append_c(out, '\n');
  for (guint i = 0; i < samples->len; i++) {
    Sample *s = samples->pdata[i];
    g_string_append_printf(out, "sample%s\n%s", s->values->str, s->frames->str);
    if (stacks)
      append_labels(out, s->texts);
    append_labels(out, s->numbers);
  }
  if (stacks)
    query(store,
          "SELECT 'mapping ' || id || printf(' 0x%x 0x%x 0x%x ', start, \"limit\", \"offset\") || "
          "coalesce(file, '') || ' ' || coalesce(build_id, '') || char(10) "
          "FROM mapping",
          append_text, out);
  g_ptr_array_unref(samples);
  return g_string_free(out, FALSE);
}
