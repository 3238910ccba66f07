/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/template/template.h"

#include <glib/gi18n.h>
#include <string.h>

#include "model/base/duration.h"
#include "model/base/error.h"

#define GROUP "Template"
#define PARAMETERS "Parameters"
#define FIRST_LINE "[" GROUP "]"

static const char *const kinds[] = {"trace", "profile", "dump", "race", "spans"};
G_STATIC_ASSERT(G_N_ELEMENTS(kinds) == UNPARK_N_SOURCES);

const char *unpark_template_kind_name(UnparkSourceKind kind) {
  return kinds[kind];
}

static void parameter_clear(UnparkTemplateParameter *parameter) {
  g_free(parameter->name);
  g_free(parameter->value);
}

static void template_clear(gpointer data) {
  UnparkTemplate *template = data;

  for (guint i = 0; i < template->n_parameters; i++)
    parameter_clear(&template->parameters[i]);
  g_free(template->parameters);
  g_free(template->name);
  g_free(template->path);
  g_free(template->title);
  g_free(template->question);
  g_free(template->reading);
  g_free(template->verdict);
  g_free(template->sql);
  g_free(template->column);
}

UnparkTemplate *unpark_template_ref(UnparkTemplate *template) {
  return g_atomic_rc_box_acquire(template);
}

void unpark_template_unref(UnparkTemplate *template) {
  g_atomic_rc_box_release_full(template, template_clear);
}

/* ---- Reading a file ------------------------------------------------------------------------ */

/* A line of the head without its dashes; NULL: it is not a comment. */
static const char *comment_of(const char *line) {
  if (!g_str_has_prefix(line, "--"))
    return NULL;
  for (line += 2; *line == ' ' || *line == '\t'; line++)
    ;
  return line;
}

gboolean unpark_template_is(const char *text) {
  const char *first = comment_of(g_str_has_prefix(text, "\xef\xbb\xbf") ? text + 3 : text);

  return first && g_str_has_prefix(first, FIRST_LINE);
}

/* The key file of the head; *sql is where the statement begins. */
static GKeyFile *read_head(const char *text, const char **sql, GError **error) {
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autoptr(GString) head = g_string_new(NULL);
  const char *line = g_str_has_prefix(text, "\xef\xbb\xbf") ? text + 3 : text;

  for (const char *comment; (comment = comment_of(line));) {
    const char *end = strchr(comment, '\n');

    end = end ? end + 1 : comment + strlen(comment);
    g_string_append_len(head, comment, end - comment);
    line += end - line;
  }
  *sql = line;
  if (!g_key_file_load_from_data(file, head->str, head->len, G_KEY_FILE_KEEP_TRANSLATIONS, error))
    return NULL;
  return g_steal_pointer(&file);
}

/* "" if there is none. */
static char *text_of(GKeyFile *file, const char *key) {
  char *text = g_key_file_get_locale_string(file, GROUP, key, NULL, NULL);

  return text ? text : g_strdup("");
}

static gboolean fail(GError **error, const char *name, const char *format, ...) G_GNUC_PRINTF(3, 4);
static gboolean fail(GError **error, const char *name, const char *format, ...) {
  g_autofree char *text = NULL;
  va_list list;

  va_start(list, format);
  text = g_strdup_vprintf(format, list);
  va_end(list);
  g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_SQL, _("Template “%s”: %s"), name, text);
  return FALSE;
}

static gboolean take_kind(UnparkTemplate *template, GKeyFile *file, GError **error) {
  g_autofree char *kind = g_key_file_get_string(file, GROUP, "For", NULL);

  for (guint i = 0; kind && i < G_N_ELEMENTS(kinds); i++)
    if (strcmp(kind, kinds[i]) == 0) {
      template->kind = (UnparkSourceKind)i;
      return TRUE;
    }
  return fail(error, template->name, _("the key For must be trace, profile, dump, race or spans"));
}

/* A number, or a time with its unit. */
static gboolean parse_number(const char *text, double *number) {
  char *end;
  gint64 ns;

  if (unpark_duration_parse(text, UNPARK_BARE_REFUSED, &ns)) {
    *number = (double)ns;
    return TRUE;
  }
  *number = g_ascii_strtod(text, &end);
  return end > text && *end == '\0';
}

/* "longest_ns >= 100ms" */
static gboolean take_threshold(UnparkTemplate *template, GKeyFile *file, GError **error) {
  static const char *const signs[] = {">=", ">", "<=", "<"};
  g_autofree char *text = g_key_file_get_string(file, GROUP, "Threshold", NULL);

  if (!text)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS(signs); i++) {
    const char *sign = strstr(text, signs[i]);

    if (!sign)
      continue;
    g_autofree char *number = g_strstrip(g_strdup(sign + strlen(signs[i])));
    template->column = g_strchomp(g_strndup(text, (gsize)(sign - text)));
    template->comparison = (UnparkTemplateComparison)i;
    if (*template->column && parse_number(number, &template->threshold))
      return TRUE;
    break;
  }
  return fail(error, template->name,
              _("the threshold must be a column, >=, >, <= or <, and a number or a time"));
}

static gboolean is_time(const char *parameter) {
  return g_str_has_suffix(parameter, "_ns");
}

static gboolean check_value(const char *template, const char *name, const char *value,
                            GError **error) {
  gint64 ns;

  if (!is_time(name) || unpark_duration_parse(value, UNPARK_BARE_NS, &ns))
    return TRUE;
  return fail(error, template, _("the parameter %s must be a time such as 10ms, not “%s”"), name,
              value);
}

static gboolean take_parameters(UnparkTemplate *template, GKeyFile *file, GError **error) {
  g_auto(GStrv) keys = g_key_file_get_keys(file, PARAMETERS, NULL, NULL);

  template->parameters = g_new0(UnparkTemplateParameter, keys ? g_strv_length(keys) + 1 : 1);
  for (guint i = 0; keys && keys[i]; i++) {
    UnparkTemplateParameter *parameter = &template->parameters[template->n_parameters++];

    parameter->name = g_strdup(keys[i]);
    parameter->value = g_key_file_get_string(file, PARAMETERS, keys[i], NULL);
    if (!parameter->value)
      parameter->value = g_strdup("");
    if (!check_value(template->name, parameter->name, parameter->value, error))
      return FALSE;
  }
  return TRUE;
}

UnparkTemplate *unpark_template_parse(const char *text, const char *name, GError **error) {
  g_autoptr(UnparkTemplate) template = g_atomic_rc_box_new0(UnparkTemplate);
  g_autoptr(GKeyFile) file = NULL;
  g_autoptr(GError) wrong = NULL;
  const char *sql;

  template->name = g_strdup(name);
  if (!g_utf8_validate(text, -1, NULL)) {
    fail(error, name, _("it is not UTF-8 text"));
    return NULL;
  }
  if (!unpark_template_is(text)) {
    fail(error, name, _("it must begin with the line “%s”"), "-- " FIRST_LINE);
    return NULL;
  }
  file = read_head(text, &sql, &wrong);
  if (!file) {
    fail(error, name, "%s", wrong->message);
    return NULL;
  }
  template->title = text_of(file, "Title");
  template->question = text_of(file, "Question");
  template->reading = text_of(file, "Reading");
  template->verdict = text_of(file, "Verdict");
  template->sql = g_strstrip(g_strdup(sql));
  if (*template->title == '\0' || *template->sql == '\0') {
    fail(error, name, _("it needs a title and a statement"));
    return NULL;
  }
  if (!take_kind(template, file, error) || !take_threshold(template, file, error) ||
      !take_parameters(template, file, error))
    return NULL;
  return g_steal_pointer(&template);
}

static void append_key(GString *to, const char *key, const char *value) {
  if (value && *value)
    g_string_append_printf(to, "-- %s=%s\n", key, value);
}

char *unpark_template_text(const UnparkTemplate *template) {
  GString *text = g_string_new("-- " FIRST_LINE "\n");

  append_key(text, "Title", template->title);
  append_key(text, "Question", template->question);
  append_key(text, "For", kinds[template->kind]);
  append_key(text, "Reading", template->reading);
  if (template->n_parameters > 0)
    g_string_append(text, "-- [" PARAMETERS "]\n");
  for (guint i = 0; i < template->n_parameters; i++)
    append_key(text, template->parameters[i].name, template->parameters[i].value);
  g_string_append_printf(text, "%s\n", template->sql);
  return g_string_free(text, FALSE);
}

/* ---- Values of parameters ------------------------------------------------------------------ */

struct _UnparkTemplateValues {
  char *template;
  guint n; /* the last two are the asked time */
  UnparkQueryParameter *parameters;
  char **texts;
};

static void set_value(UnparkTemplateValues *values, guint i, const char *text) {
  UnparkValue *value = &values->parameters[i].value;
  gint64 whole;
  char *end;

  g_free(values->texts[i]);
  values->texts[i] = g_strdup(text);
  *value = (UnparkValue){
      .type = UNPARK_VALUE_TEXT, .text = values->texts[i], .size = strlen(values->texts[i])};
  double real = g_ascii_strtod(text, &end);
  if (is_time(values->parameters[i].name) && unpark_duration_parse(text, UNPARK_BARE_NS, &whole))
    *value = (UnparkValue){.type = UNPARK_VALUE_INT, .integer = whole};
  else if (g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &whole, NULL))
    *value = (UnparkValue){.type = UNPARK_VALUE_INT, .integer = whole};
  else if (end > text && *end == '\0')
    *value = (UnparkValue){.type = UNPARK_VALUE_REAL, .real = real};
}

UnparkTemplateValues *unpark_template_values_new(const UnparkTemplate *template) {
  UnparkTemplateValues *values = g_new0(UnparkTemplateValues, 1);

  values->template = g_strdup(template->name);
  values->n = template->n_parameters + 2;
  values->parameters = g_new0(UnparkQueryParameter, values->n);
  values->texts = g_new0(char *, values->n);
  for (guint i = 0; i < template->n_parameters; i++) {
    values->parameters[i].name = g_strdup(template->parameters[i].name);
    set_value(values, i, template->parameters[i].value);
  }
  values->parameters[values->n - 2].name = g_strdup("from_ns");
  values->parameters[values->n - 1].name = g_strdup("to_ns");
  unpark_template_values_set_time(values, G_MININT64 + 1, G_MAXINT64);
  return values;
}

void unpark_template_values_free(UnparkTemplateValues *values) {
  for (guint i = 0; i < values->n; i++) {
    g_free((char *)values->parameters[i].name);
    g_free(values->texts[i]);
  }
  g_free(values->parameters);
  g_free(values->texts);
  g_free(values->template);
  g_free(values);
}

gboolean unpark_template_values_set(UnparkTemplateValues *values, const char *name,
                                    const char *text, GError **error) {
  g_autoptr(GString) names = g_string_new(NULL);

  for (guint i = 0; i < values->n; i++) {
    if (strcmp(values->parameters[i].name, name) == 0) {
      if (!check_value(values->template, name, text, error))
        return FALSE;
      set_value(values, i, text);
      return TRUE;
    }
    g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", values->parameters[i].name);
  }
  return fail(error, values->template, _("unknown parameter “%s”; the template has %s"), name,
              names->str);
}

void unpark_template_values_set_time(UnparkTemplateValues *values, gint64 from_ns, gint64 to_ns) {
  values->parameters[values->n - 2].value =
      (UnparkValue){.type = UNPARK_VALUE_INT, .integer = from_ns};
  values->parameters[values->n - 1].value =
      (UnparkValue){.type = UNPARK_VALUE_INT, .integer = to_ns};
}

const UnparkQueryParameter *unpark_template_values_get(const UnparkTemplateValues *values,
                                                       guint *n) {
  *n = values->n;
  return values->parameters;
}

gboolean unpark_template_reached(const UnparkTemplate *template, const UnparkValue *value) {
  double number = value->type == UNPARK_VALUE_INT ? (double)value->integer : value->real;

  if (!template->column || (value->type != UNPARK_VALUE_INT && value->type != UNPARK_VALUE_REAL))
    return FALSE;
  switch (template->comparison) {
  case UNPARK_TEMPLATE_AT_LEAST:
    return number >= template->threshold;
  case UNPARK_TEMPLATE_ABOVE:
    return number > template->threshold;
  case UNPARK_TEMPLATE_AT_MOST:
    return number <= template->threshold;
  default:
    return number < template->threshold;
  }
}
