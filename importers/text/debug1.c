/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/debug1.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/pprof/emit.h"
#include "importers/text/debug1-head.h"
#include "importers/text/labels.h"
#include "importers/text/profile-rows.h"
#include "importers/text/stack.h"
#include "model/base/error.h"

/* A comment line that names an address. */
typedef struct {
  guint64 address;
  guint32 frame;
} Name;

typedef struct {
  UnparkWriter *writer;
  UnparkDebug1Head head;
  char *profile_name;
  GArray *addresses; /* guint64: of the record at hand, one less than printed */
  GArray *names;     /* Name, in their order */
  GArray *frames;    /* guint32 */
  gboolean open;
  gint64 values[UNPARK_DEBUG1_VALUES_MAX];
  gint64 block_size;
  guint n_values;
  gboolean any[UNPARK_DEBUG1_VALUES_MAX]; /* a value of a sample is not 0 */
  gint64 sample;
  UnparkTextUnread unread;
  guint64 n_before; /* lines before the head */
} Debug1;

static guint64 address_at(const Debug1 *d, guint i) {
  return g_array_index(d->addresses, guint64, i);
}

/* How many elements from `i` on are equal addresses. */
static guint address_run(const Debug1 *d, guint i) {
  guint n = 1;

  while (i + n < d->addresses->len && address_at(d, i + n) == address_at(d, i))
    n++;
  return n;
}

static guint name_run(const Debug1 *d, guint i, guint64 address) {
  guint n = 0;

  while (i + n < d->names->len && g_array_index(d->names, Name, i + n).address == address)
    n++;
  return n;
}

/* Frames of the record: each address has the names printed for it (several where functions were
 * inlined); a recursive call has the same address, with the same names, again and again. Go does
 * not print the names of the runtime's own innermost frames, nor of runtime.goexit. */
static void build_frames(Debug1 *d) {
  guint at = 0;

  g_array_set_size(d->frames, 0);
  for (guint i = 0; i < d->addresses->len;) {
    guint64 address = address_at(d, i);
    guint run = address_run(d, i), names = name_run(d, at, address);
    guint each = names / run;
    for (guint k = 0; k < run; k++) {
      guint32 frame;
      for (guint j = 0; j < each; j++)
        g_array_append_val(d->frames, g_array_index(d->names, Name, at + k * each + j).frame);
      if (each > 0)
        continue;
      if (at > 0 && i + run == d->addresses->len)
        frame = unpark_writer_frame(
            d->writer, unpark_writer_string(d->writer, "runtime.goexit", strlen("runtime.goexit")),
            0, 0, FALSE);
      else
        frame = unpark_text_address_frame(d->writer, address, UNPARK_TEXT(""));
      g_array_append_val(d->frames, frame);
    }
    at += names;
    i += run;
  }
}

static void end_record(Debug1 *d) {
  if (!d->open)
    return;
  build_frames(d);
  unpark_text_sample(d->writer, d->sample,
                     unpark_writer_stack(d->writer, (const guint32 *)(const void *)d->frames->data,
                                         d->frames->len));
  for (guint i = 0; i < d->n_values; i++) {
    unpark_text_value(d->writer, d->sample, i, d->values[i]);
    d->any[i] = d->any[i] || d->values[i] != 0;
  }
  if (d->block_size != UNPARK_NONE)
    unpark_text_number_label(d->writer, d->sample, "bytes", d->block_size, NULL);
  d->open = FALSE;
}

static void begin_record(Debug1 *d, const UnparkLines *lines, UnparkText rest) {
  guint64 address;

  end_record(d);
  g_array_set_size(d->addresses, 0);
  g_array_set_size(d->names, 0);
  d->sample++;
  d->open = TRUE;
  for (;;) {
    unpark_text_take_blanks(&rest);
    if (!unpark_text_take_hex(&rest, &address))
      break;
    address--; /* the call, not where it returns to */
    g_array_append_val(d->addresses, address);
  }
  if (rest.len > 0)
    unpark_text_unread_add(&d->unread, lines, rest);
}

/* "#	0x708d3d	main.leakSend+0x1d	workloads/sched.go:148"; names may hold blanks. */
static void take_name(Debug1 *d, UnparkText line) {
  UnparkGoPosition position = {0};
  UnparkText function, place = UNPARK_TEXT("");
  Name name;
  gssize tab, plus = -1;

  if (!d->open || !unpark_text_take_hex(&line, &name.address))
    return;
  function = unpark_text_strip(line);
  if (function.len == 0)
    return; /* an address without a name */
  tab = unpark_text_find(function, UNPARK_TEXT("\t"));
  if (tab >= 0) {
    place = unpark_text_from(function, (gsize)tab);
    function.len = (gsize)tab;
  }
  for (gsize i = function.len; i > 0 && plus < 0; i--)
    if (unpark_text_starts(unpark_text_from(function, i - 1), UNPARK_TEXT("+0x")))
      plus = (gssize)i - 1;
  if (plus >= 0)
    function.len = (gsize)plus;
  unpark_go_position(place, &position);
  name.frame =
      unpark_writer_frame(d->writer, unpark_text_string(d->writer, function),
                          unpark_text_string(d->writer, position.file), position.line, FALSE);
  g_array_append_val(d->names, name);
}

static void take_comment(Debug1 *d, UnparkText line) {
  UnparkText text = unpark_text_strip(unpark_text_from(line, 1));

  if (unpark_text_take(&text, UNPARK_TEXT("labels: {"))) {
    if (d->open)
      unpark_text_labels(d->writer, d->sample, text);
  } else if (unpark_text_starts(text, UNPARK_TEXT("0x"))) {
    take_name(d, text);
  }
}

/* FALSE at a section that is not ours (a memory map). */
static gboolean take_line(Debug1 *d, const UnparkLines *lines, UnparkText line) {
  UnparkText stripped = unpark_text_strip(line);

  if (stripped.len == 0)
    return TRUE;
  if (stripped.text[0] == '#') {
    take_comment(d, stripped);
    return TRUE;
  }
  if (unpark_text_starts(stripped, UNPARK_TEXT("---")) ||
      unpark_text_starts(stripped, UNPARK_TEXT("MAPPED_LIBRARIES:")))
    return FALSE;
  if (d->head.form == UNPARK_DEBUG1_CYCLES && d->sample == 0 &&
      unpark_debug1_attribute(stripped, &d->head))
    return TRUE;
  /* The record before is complete: its values would be overwritten. */
  end_record(d);
  if (unpark_debug1_values(&d->head, &stripped, d->values, &d->block_size))
    begin_record(d, lines, stripped);
  else
    unpark_text_unread_add(&d->unread, lines, line);
  return TRUE;
}

static const char *kind_of(const Debug1 *d, const char *path) {
  if (d->head.form != UNPARK_DEBUG1_HEAP)
    return unpark_profile_kind_name(
        unpark_profile_kind_of_name(d->profile_name, strlen(d->profile_name)));
  /* Both print the same head. */
  return unpark_profile_kind_of_file(path) == UNPARK_PROFILE_ALLOCS ? "allocs" : "heap";
}

/* The last measure is shown first, unless it is 0 in every sample and another is not. */
static void first_measure(const Debug1 *d, const char *const *types, UnparkTextProfile *profile) {
  g_autoptr(GString) others = g_string_new(NULL);
  guint shown = d->n_values;

  while (shown > 0 && !d->any[shown - 1])
    shown--;
  if (shown == 0 || shown == d->n_values)
    return;
  profile->default_type = types[shown - 1];
  for (guint i = 0; i < d->n_values; i++)
    if (d->any[i])
      g_string_append_printf(others, "%s%s", others->len > 0 ? ", " : "", types[i]);
  unpark_pprof_note_zero(d->writer, types[d->n_values - 1], types[shown - 1], others->str);
}

static void end_profile(Debug1 *d, const char *path, const char *const *types,
                        const char *const *units) {
  UnparkTextProfile profile = {.kind = kind_of(d, path),
                               .period = d->head.period,
                               .period_type = types[0],
                               .period_unit = "count",
                               .duration_ns = d->head.duration_ns};

  if (d->head.form == UNPARK_DEBUG1_HEAP) {
    profile.period_type = "space";
    profile.period_unit = "bytes";
  }
  first_measure(d, types, &profile);
  unpark_text_profile(d->writer, &profile);
  for (guint i = 0; i < d->n_values; i++)
    unpark_text_sample_type(d->writer, i, types[i], units[i]);
}

/* Other lines may stand before it: the head of an HTTP answer, a log. FALSE without one. */
static gboolean read_head(Debug1 *d, UnparkLines *lines, GError **error) {
  UnparkText line;

  while (unpark_lines_next(lines, &line, error)) {
    UnparkText stripped = unpark_text_strip(line);
    if (stripped.len == 0 || stripped.text[0] == '#')
      continue;
    if (!unpark_debug1_head(stripped, &d->head)) {
      d->n_before++;
      continue;
    }
    d->profile_name =
        g_utf8_make_valid(d->head.name.text ? d->head.name.text : "", (gssize)d->head.name.len);
    return TRUE;
  }
  return FALSE;
}

static gboolean read_profile(Debug1 *d, UnparkLines *lines, GError **error) {
  const char *types[UNPARK_DEBUG1_VALUES_MAX], *units[UNPARK_DEBUG1_VALUES_MAX];
  g_autoptr(GError) failure = NULL;
  UnparkText line;

  if (!read_head(d, lines, &failure)) {
    if (failure)
      g_propagate_error(error, g_steal_pointer(&failure));
    else
      g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_CORRUPT,
                  _("%s: no profile header such as “goroutine profile: total 3”"),
                  unpark_input_name(lines->input));
    return FALSE;
  }
  d->n_values = unpark_debug1_types(&d->head, d->profile_name, types, units);
  while (unpark_lines_next(lines, &line, &failure) && take_line(d, lines, line))
    ;
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  end_record(d);
  end_profile(d, unpark_input_name(lines->input), types, units);
  return TRUE;
}

static gboolean import(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                       gboolean *complete, GCancellable *cancellable, GError **error) {
  Debug1 d = {.writer = writer,
              .addresses = g_array_new(FALSE, FALSE, sizeof(guint64)),
              .names = g_array_new(FALSE, FALSE, sizeof(Name)),
              .frames = g_array_new(FALSE, FALSE, sizeof(guint32))};
  UnparkLines lines;
  gboolean ok;

  unpark_lines_init(&lines, input, writer, cancellable);
  unpark_writer_set_source(writer, UNPARK_SOURCE_PROFILE, "pprof-text", "pprof text (debug=1)",
                           NULL, UNPARK_NONE);
  ok = read_profile(&d, &lines, error);
  if (ok) {
    gboolean whole = unpark_text_unread_note(
        &d.unread, writer, _("A line is not a record of this kind of profile and was left out"));
    if (d.n_before > 0)
      unpark_writer_note(writer, UNPARK_NOTE_INFO, "leading-lines", d.n_before,
                         _("A line before the profile was left out"));
    unpark_writer_count_events(writer, (guint64)d.sample);
    *duration_ns = d.head.duration_ns == UNPARK_NONE ? 0 : d.head.duration_ns;
    *complete = unpark_lines_note(&lines) && whole;
  }
  g_array_unref(d.addresses);
  g_array_unref(d.names);
  g_array_unref(d.frames);
  g_free(d.profile_name);
  return ok;
}

/* "3 @ 0x46f ...", or a comment: what comes below a head. */
static gboolean is_below_head(UnparkText line) {
  return line.len == 0 || line.text[0] == '#' || unpark_text_find(line, UNPARK_TEXT("@")) > 0 ||
         unpark_text_find(line, UNPARK_TEXT("/second=")) > 0;
}

/* As the first line a head is enough; behind others a record has to follow. */
static gboolean sniff(const guint8 *bytes, gsize size) {
  UnparkDebug1Head head;
  gboolean first = TRUE;
  UnparkText line;
  gsize at = 0;

  while (unpark_lines_of_head(bytes, size, &at, &line)) {
    line = unpark_text_strip(line);
    if (line.len == 0 || line.text[0] == '#')
      continue;
    if (unpark_debug1_head(line, &head))
      return first || (!head.addresses_only && unpark_lines_of_head(bytes, size, &at, &line) &&
                       is_below_head(unpark_text_strip(line)));
    first = FALSE;
  }
  return FALSE;
}

const UnparkImporter unpark_importer_debug1 = {
    .name = "pprof-text",
    .title = N_("pprof profile as text"),
    .expects = N_("“goroutine profile: total 3” or “heap profile: …”"),
    .sniff = sniff,
    .import = import,
};
