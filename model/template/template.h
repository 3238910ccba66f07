/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Diagnoses as files: a question, the SQL that answers it, and how to read the answer.
 *
 * A template is a file of SQL, NAME.sql, that begins with a key file (as of GKeyFile) in comments:
 *
 *   -- [Template]
 *   -- Title=Longest waits by place
 *   -- Title[zh_CN]=...
 *   -- Question=Where did goroutines wait, and for how long?
 *   -- For=trace
 *   -- Reading=One row for each place ...
 *   -- Threshold=longest_ns >= 100ms
 *   -- Verdict=A goroutine waited for 100 ms or more here.
 *   -- [Parameters]
 *   -- limit=20
 *   SELECT ... LIMIT :limit
 *
 * For is trace, profile, dump, race or spans. Title, question, reading and verdict may be
 * translated as in any key file. Parameters are bound to :NAME, never put into the text of the
 * statement; those whose name ends in _ns also take times, such as 10ms. :from_ns and :to_ns are
 * there without being listed: the asked time, in ns from the start of the trace.
 *
 * Immutable once made, atomically reference-counted; any thread, but for what reads files.
 */
#pragma once

#include <gio/gio.h>

#include "model/base/types.h"
#include "model/sql/query.h"

typedef enum {
  UNPARK_TEMPLATE_AT_LEAST, /* >= */
  UNPARK_TEMPLATE_ABOVE,    /* > */
  UNPARK_TEMPLATE_AT_MOST,  /* <= */
  UNPARK_TEMPLATE_BELOW     /* < */
} UnparkTemplateComparison;

typedef struct {
  char *name;  /* without the colon */
  char *value; /* as written in the file; a default */
} UnparkTemplateParameter;

typedef struct {
  char *name; /* of the file, without .sql */
  char *path; /* of the user's own; NULL: one that comes with the program */
  char *title, *question, *reading, *verdict; /* in the reader's language; "" if there is none */
  UnparkSourceKind kind;
  char *sql; /* without the comments at its head */
  UnparkTemplateParameter *parameters;
  guint n_parameters;
  char *column; /* that the threshold is about; NULL: there is no threshold */
  UnparkTemplateComparison comparison;
  double threshold;
} UnparkTemplate;

UnparkTemplate *unpark_template_ref(UnparkTemplate *template);
void unpark_template_unref(UnparkTemplate *template);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkTemplate, unpark_template_unref)

/* Whether a text begins as a template does. */
gboolean unpark_template_is(const char *text);
/* `name` is used in messages. NULL with *error: UNPARK_ERROR_SQL, with the line's or key's name. */
UnparkTemplate *unpark_template_parse(const char *text, const char *name, GError **error);
/* The file again, in the reader's language alone, for an editor. Free with g_free(). */
char *unpark_template_text(const UnparkTemplate *template);

/* Worker. The templates that come with the program, by name, and then the user's own, of
 * $XDG_DATA_HOME/unpark/templates (one of the same name takes the place of the program's). A file
 * that is not a template is left out, with a sentence added to `complaints` (of char *; may be
 * NULL). */
GPtrArray *unpark_template_list(GPtrArray *complaints);
/* Worker. By name, or a path: what has a slash or ends in .sql. NULL with *error. */
UnparkTemplate *unpark_template_find(const char *name_or_path, GError **error);
/* "trace", "profile", "dump", "race", "spans". */
const char *unpark_template_kind_name(UnparkSourceKind kind);

/* What the parameters are bound to: the defaults, until they are set. */
typedef struct _UnparkTemplateValues UnparkTemplateValues;

UnparkTemplateValues *unpark_template_values_new(const UnparkTemplate *template);
void unpark_template_values_free(UnparkTemplateValues *values);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkTemplateValues, unpark_template_values_free)
/* `text` as on a command line. FALSE with *error if there is no such parameter, or it is not a time
 * where one is expected. */
gboolean unpark_template_values_set(UnparkTemplateValues *values, const char *name,
                                    const char *text, GError **error);
void unpark_template_values_set_time(UnparkTemplateValues *values, gint64 from_ns, gint64 to_ns);
/* For UnparkQuery; valid until the values are freed or set again. */
const UnparkQueryParameter *unpark_template_values_get(const UnparkTemplateValues *values,
                                                       guint *n);

/* Whether a value of the threshold's column reaches it. */
gboolean unpark_template_reached(const UnparkTemplate *template, const UnparkValue *value);
