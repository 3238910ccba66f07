/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers of templates: those asked for, or all that are of this kind of file. */
#include <glib/gi18n.h>
#include <string.h>

#include "app/report/cli-report-private.h"
#include "model/template/template.h"

typedef struct {
  const CliReportJob *job;
  const UnparkTemplate *template;
  UnparkReportColumn *columns;
  guint n_columns;
  int column; /* that the threshold is about; -1 */
  guint64 n_rows, reached;
  GArray *values; /* UnparkReportValue, texts owned */
} Answer;

/* What a column of SQL is, by its name. */
static UnparkReportType type_of(const char *name) {
  static const char *const moments[] = {"start_ns", "end_ns", "time_ns", "create_ns"};
  static const char *const numbers[] = {"line",   "id",    "goroutine", "waker",  "proc",
                                        "thread", "stack", "task",      "address"};
  static const char *const codes[] = {"function", "file", "waiter"};

  for (guint i = 0; i < G_N_ELEMENTS(moments); i++)
    if (strcmp(name, moments[i]) == 0)
      return UNPARK_REPORT_MOMENT;
  for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
    if (g_str_has_suffix(name, numbers[i]))
      return UNPARK_REPORT_ID;
  for (guint i = 0; i < G_N_ELEMENTS(codes); i++)
    if (g_str_has_suffix(name, codes[i]))
      return UNPARK_REPORT_CODE;
  if (strcmp(name, "share") == 0)
    return UNPARK_REPORT_SHARE;
  return g_str_has_suffix(name, "_ns") ? UNPARK_REPORT_DURATION : UNPARK_REPORT_COUNT;
}

static gboolean on_columns(const char *const *names, guint n, gpointer data) {
  Answer *a = data;

  a->columns = g_new0(UnparkReportColumn, n);
  a->n_columns = n;
  for (guint i = 0; i < n; i++) {
    a->columns[i] = (UnparkReportColumn){g_strdup(names[i]), g_strdup(names[i]), type_of(names[i])};
    if (a->template->column && strcmp(names[i], a->template->column) == 0)
      a->column = (int)i;
  }
  return TRUE;
}

static UnparkReportValue value_of(const UnparkValue *value, UnparkReportType type) {
  gboolean text = type == UNPARK_REPORT_TEXT || type == UNPARK_REPORT_CODE;

  switch (value->type) {
  case UNPARK_VALUE_INT:
    return type == UNPARK_REPORT_SHARE
               ? unpark_report_real(UNPARK_REPORT_SHARE, (double)value->integer)
               : unpark_report_number(text ? UNPARK_REPORT_COUNT : type, value->integer);
  case UNPARK_VALUE_REAL:
    return unpark_report_real(type == UNPARK_REPORT_SHARE ? type : UNPARK_REPORT_REAL, value->real);
  case UNPARK_VALUE_TEXT:
    return unpark_report_string(text ? type : UNPARK_REPORT_TEXT, g_strdup(value->text));
  default:
    return (UnparkReportValue){.type = type, .null = TRUE};
  }
}

static gboolean on_row(const UnparkValue *values, guint n, gpointer data) {
  Answer *a = data;

  for (guint i = 0; i < n; i++) {
    const UnparkReportValue value = value_of(&values[i], a->columns[i].type);

    g_array_append_val(a->values, value);
  }
  a->n_rows++;
  if (a->column >= 0 && unpark_template_reached(a->template, &values[a->column]))
    a->reached++;
  return TRUE;
}

/* A column of texts is not aligned as numbers are. */
static void settle_types(Answer *a) {
  for (guint c = 0; c < a->n_columns; c++) {
    gboolean text = FALSE;

    for (guint i = c; i < a->values->len && !text; i += a->n_columns) {
      const UnparkReportValue *value = &g_array_index(a->values, UnparkReportValue, i);

      text = !value->null && value->type == UNPARK_REPORT_TEXT;
    }
    if (text)
      a->columns[c].type = UNPARK_REPORT_TEXT;
  }
}

static void add_answer(Answer *a) {
  UnparkReport *r = a->job->report;
  const UnparkTemplate *t = a->template;

  /* The texts of the user's own may say whose program it is. */
  gboolean told = !a->job->redacted || !t->path;

  unpark_report_begin(r, "template", told ? t->title : _("A template of your own"));
  unpark_report_fact(r, "template", _("Template"),
                     unpark_report_string(UNPARK_REPORT_CODE, told ? t->name : NULL));
  unpark_report_text(r, UNPARK_REPORT_PLAIN, told ? t->question : "");
  if (a->reached > 0 && *t->verdict && told)
    unpark_report_text(r, UNPARK_REPORT_NOTABLE, t->verdict);
  if (a->n_rows == 0)
    unpark_report_text(r, UNPARK_REPORT_DIM, _("There is nothing of it in the file."));
  else {
    settle_types(a);
    unpark_report_table(r, told ? t->name : "template",
                        told ? t->title : _("A template of your own"), a->columns, a->n_columns);
    for (guint i = 0; i < a->values->len; i += a->n_columns)
      unpark_report_row(r, &g_array_index(a->values, UnparkReportValue, i));
    unpark_report_text(r, UNPARK_REPORT_DIM, told ? t->reading : "");
  }
  unpark_report_end(r);
}

static void answer_clear(Answer *a) {
  for (guint i = 0; i < a->values->len; i++)
    g_free((char *)g_array_index(a->values, UnparkReportValue, i).text);
  for (guint i = 0; i < a->n_columns; i++) {
    g_free((char *)a->columns[i].name);
    g_free((char *)a->columns[i].title);
  }
  g_array_unref(a->values);
  g_free(a->columns);
}

/* Parameters go to the templates that have them. */
static gboolean set_parameters(const CliReportJob *job, const UnparkTemplate *template,
                               UnparkTemplateValues *values, GError **error) {
  for (guint i = 0; job->parameters[i]; i++) {
    g_auto(GStrv) parts = g_strsplit(job->parameters[i], "=", 2);

    for (guint k = 0; k < template->n_parameters; k++)
      if (strcmp(template->parameters[k].name, parts[0]) == 0 &&
          !unpark_template_values_set(values, parts[0], parts[1], error))
        return FALSE;
  }
  return TRUE;
}

static gboolean run(const CliReportJob *job, const UnparkTemplate *template, GError **error) {
  g_autoptr(UnparkTemplateValues) values = unpark_template_values_new(template);
  UnparkQuery query = {.columns = on_columns, .row = on_row, .limit = 500, .scope = job->scope};
  Answer a = {.job = job, .template = template, .column = -1};
  gboolean ok;

  unpark_template_values_set_time(values, job->from_ns, job->to_ns);
  if (!set_parameters(job, template, values, error))
    return FALSE;
  query.parameters = unpark_template_values_get(values, &query.n_parameters);
  a.values = g_array_new(FALSE, FALSE, sizeof(UnparkReportValue));
  ok = unpark_store_query(job->store, template->sql, &query, &a, NULL, job->cancellable, error);
  if (ok)
    add_answer(&a);
  answer_clear(&a);
  return ok;
}

/* Those asked for that are of this kind of file; an unknown one is an error. */
static GPtrArray *choose(const CliReportJob *job, GError **error) {
  g_autoptr(GPtrArray) list = NULL;

  if (!job->templates[0])
    return unpark_template_list(NULL);
  list = g_ptr_array_new_with_free_func((GDestroyNotify)unpark_template_unref);
  for (guint i = 0; job->templates[i]; i++) {
    UnparkTemplate *template = unpark_template_find(job->templates[i], error);

    if (!template)
      return NULL;
    g_ptr_array_add(list, template);
  }
  return g_steal_pointer(&list);
}

gboolean cli_report_templates(const CliReportJob *job, GError **error) {
  UnparkSourceKind kind = unpark_store_source(job->store)->kind;
  g_autoptr(GPtrArray) list = choose(job, error);
  gboolean ok = list != NULL;

  if (!ok)
    return FALSE;
  for (guint i = list->len; i-- > 0;)
    if (((const UnparkTemplate *)list->pdata[i])->kind != kind)
      g_ptr_array_remove_index(list, i);
  if (list->len == 0)
    return TRUE;
  unpark_report_begin(job->report, "templates", _("Usual Questions"));
  for (guint i = 0; i < list->len && ok; i++)
    ok = run(job, list->pdata[i], error);
  unpark_report_end(job->report);
  return ok;
}
