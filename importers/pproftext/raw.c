/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/pproftext/raw.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/pprof/emit.h"
#include "importers/text/lines.h"
#include "model/base/error.h"

/* Bytes of a sample's message, with its labels. */
#define MESSAGE_MAX ((gsize)16 * 1024 * 1024)

typedef enum { PART_HEAD, PART_TYPES, PART_SAMPLES, PART_LOCATIONS, PART_MAPPINGS } Part;

typedef struct {
  UnparkWriter *writer;
  UnparkPprofTables tables;
  UnparkSpool spool;
  GHashTable *numbers; /* of strings, by the writer's id */
  Part part;
  GByteArray *message; /* the sample at hand, as in a profile; empty: none */
  guint n_label_lines; /* of it */
  GByteArray *packed;  /* of it: one list of numbers, or a label */
  gboolean has_duration;
  GString *comments;
  UnparkTextUnread unread;
} Raw;

/* ---- A sample as a profile has it --------------------------------------------------- */

static void put_varint(GByteArray *to, guint64 value) {
  guint8 bytes[10];
  guint n = 0;

  for (; value >= 0x80; value >>= 7)
    bytes[n++] = (guint8)(value | 0x80);
  bytes[n++] = (guint8)value;
  g_byte_array_append(to, bytes, n);
}

static void put_number(GByteArray *to, guint field, guint64 value) {
  put_varint(to, field << 3);
  put_varint(to, value);
}

/* r->packed as a field of the message. */
static void put_packed(Raw *r, guint field) {
  put_varint(r->message, field << 3 | 2);
  put_varint(r->message, r->packed->len);
  g_byte_array_append(r->message, r->packed->data, r->packed->len);
  g_byte_array_set_size(r->packed, 0);
}

static gboolean end_sample(Raw *r, GError **error) {
  gboolean ok =
      r->message->len == 0 || unpark_spool_add(&r->spool, r->message->data, r->message->len, error);

  g_byte_array_set_size(r->message, 0);
  r->n_label_lines = 0;
  return ok;
}

/* ---- Tables ------------------------------------------------------------------------- */

/* Number of a string in the profile's table. */
static guint32 string_of(Raw *r, UnparkText text) {
  guint32 id = unpark_text_string(r->writer, text), number;
  gpointer known;

  if (g_hash_table_lookup_extended(r->numbers, GUINT_TO_POINTER(id), NULL, &known))
    return GPOINTER_TO_UINT(known);
  if (!unpark_pprof_tables_grow(&r->tables, 48))
    return 0;
  number = r->tables.strings->len;
  g_array_append_val(r->tables.strings, id);
  g_hash_table_insert(r->numbers, GUINT_TO_POINTER(id), GUINT_TO_POINTER(number));
  return number;
}

/* The text before `end`, which is taken off with it; all of it where that does not occur. */
static UnparkText take_to(UnparkText *text, UnparkText end) {
  gssize at = unpark_text_find(*text, end);
  UnparkText before = {text->text, at < 0 ? text->len : (gsize)at};

  *text = unpark_text_from(*text, at < 0 ? text->len : (gsize)at + end.len);
  return before;
}

static UnparkText take_word(UnparkText *text) {
  *text = unpark_text_strip(*text);
  return take_to(text, UNPARK_TEXT(" "));
}

/* ---- Head --------------------------------------------------------------------------- */

/* The next number, whatever is before it. */
static gint64 field_of(UnparkText *text) {
  gint64 n = 0;

  while (text->len > 0 && !g_ascii_isdigit(text->text[0]))
    *text = unpark_text_from(*text, 1);
  unpark_text_take_number(text, FALSE, &n);
  return MIN(n, 9999);
}

/* "2026-11-23 09:08:07.123456 +0100 CET"; 0: not known. */
static gint64 parse_time(UnparkText text) {
  gint64 part[6], fraction = 0, zone;
  gboolean west;
  g_autoptr(GDateTime) time = NULL;

  for (guint i = 0; i < G_N_ELEMENTS(part); i++)
    part[i] = field_of(&text);
  if (unpark_text_take(&text, UNPARK_TEXT("."))) {
    gsize before = text.len;
    if (!unpark_text_take_number(&text, FALSE, &fraction) || before - text.len > 9)
      return 0;
    for (gsize n = before - text.len; n < 9; n++)
      fraction *= 10;
  }
  text = unpark_text_strip(text);
  west = text.len > 0 && text.text[0] == '-';
  zone = field_of(&text);
  zone = (zone / 100 * 60 + zone % 100) * 60 * (west ? -1 : 1);
  time = g_date_time_new_utc((gint)part[0], (gint)part[1], (gint)part[2], (gint)part[3],
                             (gint)part[4], (gdouble)part[5]);
  if (!time || part[0] < 1970 || part[0] > 2200)
    return 0;
  return (g_date_time_to_unix(time) - zone) * G_GINT64_CONSTANT(1000000000) + fraction;
}

static gboolean take_head(Raw *r, UnparkText line) {
  if (unpark_text_take(&line, UNPARK_TEXT("PeriodType:"))) {
    r->tables.period_type.type = string_of(r, take_word(&line));
    r->tables.period_type.unit = string_of(r, unpark_text_strip(line));
  } else if (unpark_text_take(&line, UNPARK_TEXT("Period:"))) {
    line = unpark_text_strip(line);
    return unpark_text_take_number(&line, TRUE, &r->tables.period);
  } else if (unpark_text_take(&line, UNPARK_TEXT("Time:"))) {
    r->tables.time_ns = parse_time(line);
  } else if (unpark_text_take(&line, UNPARK_TEXT("Duration:"))) {
    r->has_duration = TRUE;
  } else if (unpark_text_take(&line, UNPARK_TEXT("Comment:")) ||
             unpark_text_take(&line, UNPARK_TEXT("Doc:"))) {
    line = unpark_text_strip(line);
    if (r->comments->len < 4096 && line.len < 1024)
      g_string_append_printf(r->comments, "%s%.*s", r->comments->len ? "; " : "", (int)line.len,
                             line.text);
  } else {
    return FALSE;
  }
  return TRUE;
}

/* "samples/count cpu/nanoseconds[dflt]" */
static void take_types(Raw *r, UnparkText line) {
  while ((line = unpark_text_strip(line)).len > 0) {
    UnparkText word = take_word(&line), type = take_to(&word, UNPARK_TEXT("/"));
    gboolean is_default = unpark_text_ends(word, UNPARK_TEXT("[dflt]"));
    UnparkPprofValueType value;

    if (is_default)
      word.len -= strlen("[dflt]");
    value = (UnparkPprofValueType){string_of(r, type), string_of(r, word)};
    if (is_default)
      r->tables.default_type = value.type;
    if (unpark_pprof_tables_grow(&r->tables, sizeof value))
      g_array_append_val(r->tables.types, value);
  }
}

/* ---- Samples ------------------------------------------------------------------------ */

/* Numbers with blanks between, to r->packed. FALSE where something else comes. */
static gboolean take_numbers(Raw *r, UnparkText text) {
  gint64 n;

  g_byte_array_set_size(r->packed, 0);
  while ((text = unpark_text_strip(text)).len > 0) {
    if (!unpark_text_take_number(&text, TRUE, &n) ||
        (text.len > 0 && text.text[0] != ' ' && text.text[0] != '\t'))
      return FALSE;
    put_varint(r->packed, (guint64)n);
  }
  return TRUE;
}

/* Whether it is one of the numbers that allocators note. */
static gboolean is_number_key(UnparkText key) {
  static const char *const keys[] = {"bytes", "request", "alignment", "allocations"};

  for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
    if (unpark_text_equal(key, (UnparkText){keys[i], strlen(keys[i])}))
      return TRUE;
  return FALSE;
}

/* Labels that are text come on one line, numbers on the next; where there is only one, "[42]" is a
 * text, as a Go program sets it, but for a few keys, and "[42 bytes]" a number. */
static gboolean take_label_number(const Raw *r, UnparkText key, UnparkText text, gint64 *n,
                                  UnparkText *unit) {
  if (!unpark_text_take_number(&text, TRUE, n))
    return FALSE;
  *unit = unpark_text_strip(text);
  if (unit->len == 0)
    return text.len == 0 && (r->n_label_lines > 0 || is_number_key(key));
  return text.text[0] == ' ' && !memchr(unit->text, ' ', unit->len);
}

/* One label: `text` is what is between the brackets. */
static void put_label(Raw *r, UnparkText key, UnparkText text) {
  UnparkText unit;
  gint64 n;

  put_number(r->packed, 1, string_of(r, key));
  if (take_label_number(r, key, text, &n, &unit)) {
    put_number(r->packed, 3, (guint64)n);
    if (unit.len > 0)
      put_number(r->packed, 4, string_of(r, unit));
  } else {
    put_number(r->packed, 2, string_of(r, text));
  }
  put_packed(r, 3);
}

/* "key:[text] bytes:[16 bytes]" */
static gboolean take_labels(Raw *r, UnparkText line) {
  line = unpark_text_strip(line);
  if (r->message->len == 0 || unpark_text_find(line, UNPARK_TEXT(":[")) <= 0 ||
      !unpark_text_ends(line, UNPARK_TEXT("]")))
    return FALSE;
  line.len--;
  while (line.len > 0 && r->message->len < MESSAGE_MAX) {
    UnparkText key = take_to(&line, UNPARK_TEXT(":["));
    put_label(r, key, take_to(&line, UNPARK_TEXT("] ")));
  }
  r->n_label_lines++;
  return TRUE;
}

/* "         1   10000000: 1 2 3" */
static gboolean take_sample(Raw *r, UnparkText line, GError **error) {
  UnparkText values = take_to(&line, UNPARK_TEXT(":"));

  if (!end_sample(r, error))
    return FALSE;
  if (!take_numbers(r, line))
    return FALSE;
  put_packed(r, 1);
  if (values.len > 0 && take_numbers(r, values)) {
    put_packed(r, 2);
    return TRUE;
  }
  g_byte_array_set_size(r->message, 0);
  return FALSE;
}

/* ---- Locations and mappings --------------------------------------------------------- */

/* "main.work /src/a b.go:12:0 s=10(system name)", "??" */
static void take_line(Raw *r, UnparkText text) {
  UnparkPprofFunction function = {.id = r->tables.functions->len + 1};
  UnparkPprofLine line = {.function = function.id};
  gssize place, start = -1;
  gint64 number = 0;

  if (unpark_text_equal(text, UNPARK_TEXT("??")) ||
      !unpark_pprof_tables_grow(&r->tables, sizeof function + sizeof line))
    return;
  for (gsize i = 0; i + 3 < text.len; i++)
    if (memcmp(text.text + i, " s=", 3) == 0)
      start = (gssize)i;
  if (start >= 0) {
    UnparkText system = unpark_text_from(text, (gsize)start + 3);
    unpark_text_take_number(&system, TRUE, &number);
    if (unpark_text_take(&system, UNPARK_TEXT("(")) && system.len > 1)
      function.system_name = string_of(r, (UnparkText){system.text, system.len - 1});
    text.len = (gsize)start;
  }
  /* Names of C++ have blanks; so may folders, but those begin with a slash. */
  place = unpark_text_find(text, UNPARK_TEXT(" /"));
  for (gsize i = 0; place < 0 && i < text.len; i++)
    if (text.text[text.len - 1 - i] == ' ')
      place = (gssize)(text.len - 1 - i);
  /* What has no name has its place first: ":0:0". */
  if (place >= 0 || (start >= 0 && unpark_text_find(text, UNPARK_TEXT(":")) >= 0)) {
    UnparkText file = unpark_text_from(text, (gsize)(place + 1)), rest = file;
    gsize numbers[2] = {file.len, file.len}; /* where the last two colons are */
    for (gsize i = 0; i < file.len; i++)
      if (file.text[i] == ':') {
        numbers[0] = numbers[1];
        numbers[1] = i;
      }
    rest = unpark_text_from(file, MIN(numbers[0] == file.len ? numbers[1] : numbers[0], file.len));
    file.len -= rest.len;
    unpark_text_take(&rest, UNPARK_TEXT(":"));
    unpark_text_take_number(&rest, FALSE, &number);
    line.line = (guint32)CLAMP(number, 0, G_MAXINT32);
    function.file = string_of(r, file);
    text.len = (gsize)MAX(place, 0);
  }
  function.name = string_of(r, unpark_text_strip(text));
  if (!function.system_name)
    function.system_name = function.name;
  g_array_append_val(r->tables.functions, function);
  g_array_append_val(r->tables.lines, line);
  g_array_index(r->tables.locations, UnparkPprofLocation, r->tables.locations->len - 1).n_lines++;
}

/* "     1: 0x46a0e3 M=1 [F] ..." or, of what was inlined into it, what follows that. */
static gboolean take_location(Raw *r, UnparkText line) {
  UnparkPprofLocation location = {.first_line = r->tables.lines->len};
  gboolean inlined = line.len > 0 && unpark_text_starts(line, UNPARK_TEXT("            "));
  gint64 id, mapping = 0;

  line = unpark_text_strip(line);
  if (inlined && r->tables.locations->len > 0) {
    take_line(r, line);
    return TRUE;
  }
  if (!unpark_text_take_number(&line, FALSE, &id) || !unpark_text_take(&line, UNPARK_TEXT(":")))
    return FALSE;
  line = unpark_text_strip(line);
  if (!unpark_text_take_hex(&line, &location.address))
    return FALSE;
  line = unpark_text_strip(line);
  if (unpark_text_take(&line, UNPARK_TEXT("M=")) &&
      !unpark_text_take_number(&line, FALSE, &mapping))
    return FALSE;
  line = unpark_text_strip(line);
  unpark_text_take(&line, UNPARK_TEXT("[F] "));
  if (!unpark_pprof_tables_grow(&r->tables, sizeof location))
    return TRUE;
  location.id = (guint64)id;
  location.mapping = (guint64)mapping;
  g_array_append_val(r->tables.locations, location);
  if ((line = unpark_text_strip(line)).len > 0)
    take_line(r, line);
  return TRUE;
}

/* "1: 0x400000/0x500000/0x0 /bin/program build-id [FN][FL]" */
static gboolean take_mapping(Raw *r, UnparkText line) {
  UnparkPprofMapping mapping = {0};
  gint64 id;

  line = unpark_text_strip(line);
  if (!unpark_text_take_number(&line, FALSE, &id) || !unpark_text_take(&line, UNPARK_TEXT(": ")) ||
      !unpark_text_take_hex(&line, &mapping.start) || !unpark_text_take(&line, UNPARK_TEXT("/")) ||
      !unpark_text_take_hex(&line, &mapping.limit) || !unpark_text_take(&line, UNPARK_TEXT("/")) ||
      !unpark_text_take_hex(&line, &mapping.offset))
    return FALSE;
  if (!unpark_pprof_tables_grow(&r->tables, sizeof mapping))
    return TRUE;
  mapping.id = (guint64)id;
  unpark_text_take(&line, UNPARK_TEXT(" "));
  mapping.file = string_of(r, take_to(&line, UNPARK_TEXT(" ")));
  mapping.build_id = string_of(r, take_to(&line, UNPARK_TEXT(" ")));
  g_array_append_val(r->tables.mappings, mapping);
  return TRUE;
}

/* ---- The file ----------------------------------------------------------------------- */

/* FALSE: it is no line of its part; or `error`. */
static gboolean take(Raw *r, UnparkText line, GError **error) {
  UnparkText stripped = unpark_text_strip(line);

  if (stripped.len == 0)
    return TRUE;
  if (r->part == PART_HEAD && unpark_text_equal(stripped, UNPARK_TEXT("Samples:"))) {
    r->part = PART_TYPES;
  } else if (r->part == PART_SAMPLES && unpark_text_equal(stripped, UNPARK_TEXT("Locations"))) {
    r->part = PART_LOCATIONS;
    return end_sample(r, error);
  } else if (r->part == PART_LOCATIONS && unpark_text_equal(stripped, UNPARK_TEXT("Mappings"))) {
    r->part = PART_MAPPINGS;
  } else if (r->part == PART_HEAD) {
    return take_head(r, line);
  } else if (r->part == PART_TYPES) {
    take_types(r, stripped);
    r->part = PART_SAMPLES;
  } else if (r->part == PART_SAMPLES) {
    return take_labels(r, line) || take_sample(r, line, error);
  } else {
    return r->part == PART_LOCATIONS ? take_location(r, line) : take_mapping(r, line);
  }
  return TRUE;
}

static gboolean read_file(Raw *r, UnparkLines *lines, GError **error) {
  GError *failure = NULL;
  UnparkText line;

  while (!failure && unpark_lines_next(lines, &line, &failure))
    if (!take(r, line, &failure) && !failure)
      unpark_text_unread_add(&r->unread, lines, line);
  if (!failure)
    end_sample(r, &failure);
  if (failure) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  if (r->tables.types->len > 0)
    return TRUE;
  g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_CORRUPT,
              _("%s begins like the output of “go tool pprof -raw”, but has no line with the types "
                "of its samples"),
              unpark_input_name(lines->input));
  return FALSE;
}

static void raw_init(Raw *r, UnparkWriter *writer) {
  const guint32 empty = 0;

  *r = (Raw){.writer = writer,
             .numbers = g_hash_table_new(NULL, NULL),
             .message = g_byte_array_new(),
             .packed = g_byte_array_new(),
             .comments = g_string_new(NULL)};
  unpark_pprof_tables_init(&r->tables);
  unpark_spool_init(&r->spool);
  g_array_append_val(r->tables.strings, empty);
  g_hash_table_insert(r->numbers, GUINT_TO_POINTER(0), GUINT_TO_POINTER(0));
}

static void raw_clear(Raw *r) {
  unpark_pprof_tables_clear(&r->tables);
  unpark_spool_clear(&r->spool);
  g_hash_table_unref(r->numbers);
  g_byte_array_unref(r->message);
  g_byte_array_unref(r->packed);
  g_string_free(r->comments, TRUE);
}

static gboolean note_all(Raw *r, const UnparkLines *lines) {
  gboolean whole = unpark_text_unread_note(
      &r->unread, r->writer, _("A line is not what “go tool pprof -raw” prints and was left out"));

  if (r->part != PART_MAPPINGS)
    unpark_writer_note(r->writer, UNPARK_NOTE_ERROR, "cut-off", 1,
                       _("The text ends before its list of mappings, as if it was cut off"));
  if (r->has_duration)
    unpark_writer_note(r->writer, UNPARK_NOTE_INFO, "no-duration", 1,
                       _("The text gives the profile's duration in four characters, which may have "
                         "been cut; it is treated as unknown"));
  if (r->comments->len > 0)
    unpark_writer_note(r->writer, UNPARK_NOTE_INFO, "comment", 1, "%s", r->comments->str);
  whole = unpark_pprof_note_faults(&r->tables, r->writer) && whole;
  return unpark_lines_note(lines) && whole && r->part == PART_MAPPINGS;
}

static gboolean import(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                       gboolean *complete, GCancellable *cancellable, GError **error) {
  UnparkPprofWords words;
  UnparkLines lines;
  gboolean ok;
  Raw r;

  unpark_pprof_words_init(&words, writer);
  raw_init(&r, writer);
  unpark_lines_init(&lines, input, writer, cancellable);
  unpark_writer_set_source(writer, UNPARK_SOURCE_PROFILE, "pprof-raw", "pprof -raw text", NULL,
                           UNPARK_NONE);
  ok = read_file(&r, &lines, error) &&
       unpark_pprof_emit(&r.tables, &r.spool, &words, writer, unpark_input_name(input), cancellable,
                         error);
  if (ok) {
    unpark_writer_set_source(writer, UNPARK_SOURCE_PROFILE, NULL, NULL, NULL,
                             r.tables.time_ns ? r.tables.time_ns : UNPARK_NONE);
    unpark_writer_count_events(writer, r.spool.count);
    *duration_ns = 0;
    *complete = note_all(&r, &lines);
  }
  raw_clear(&r);
  return ok;
}

/* Lines of the head, "Samples:", and types with a slash. */
static gboolean sniff(const guint8 *head, gsize size) {
  static const char *const keys[] = {
      "Comment:", "Doc:", "PeriodType:", "Period:", "Duration:", "Time:"};
  gboolean has_period = FALSE;
  UnparkText line;
  gsize at = 0;

  while (unpark_lines_of_head(head, size, &at, &line)) {
    gboolean known = FALSE;
    line = unpark_text_strip(line);
    if (line.len == 0)
      continue;
    if (unpark_text_equal(line, UNPARK_TEXT("Samples:")))
      return has_period && unpark_lines_of_head(head, size, &at, &line) &&
             unpark_text_find(line, UNPARK_TEXT("/")) > 0;
    for (gsize i = 0; i < G_N_ELEMENTS(keys) && !known; i++)
      known = unpark_text_starts(line, (UnparkText){keys[i], strlen(keys[i])});
    if (!known)
      return FALSE;
    has_period = has_period || unpark_text_starts(line, UNPARK_TEXT("Period:"));
  }
  return FALSE;
}

const UnparkImporter unpark_importer_pprof_raw = {
    .name = "pprof-raw",
    .title = N_("output of “go tool pprof -raw”"),
    .expects = N_("“PeriodType: cpu nanoseconds”, “Period: 10000000”, “Samples:”"),
    .sniff = sniff,
    .import = import,
};
