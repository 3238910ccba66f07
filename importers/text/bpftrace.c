/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/bpftrace.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/text/decimal.h"
#include "importers/text/profile-rows.h"
#include "model/base/error.h"

/* Of one key; a stack that goes on is counted, but not kept. */
#define FRAMES_MAX 65536

typedef struct {
  UnparkWriter *writer;
  GPtrArray *maps; /* names */
  GArray *frames;  /* guint32 */
  guint map;       /* of the key at hand */
  gboolean open;   /* a key over several lines has begun */
  gint64 sample;
  UnparkTextValues values;
  UnparkTextUnread unread;
  guint64 n_deep;
} Bpftrace;

/* "@", "@calls"; then an opening bracket. */
static gboolean take_map(UnparkText *line, UnparkText *name) {
  gsize n = 1;

  if (line->len < 2 || line->text[0] != '@')
    return FALSE;
  while (n < line->len && (g_ascii_isalnum(line->text[n]) || line->text[n] == '_'))
    n++;
  if (n == line->len || line->text[n] != '[')
    return FALSE;
  *name = (UnparkText){line->text + 1, n - 1};
  *line = unpark_text_from(*line, n + 1);
  return TRUE;
}

/* Takes "]: 42" off the end. */
static gboolean take_value(UnparkText *line, UnparkDecimal *value) {
  for (gsize i = line->len; i >= 3; i--)
    if (memcmp(line->text + i - 3, "]: ", 3) == 0) {
      if (!unpark_decimal_parse(unpark_text_strip(unpark_text_from(*line, i)), value))
        return FALSE;
      line->len = i - 3;
      return TRUE;
    }
  return FALSE;
}

static guint map_of(Bpftrace *b, UnparkText name) {
  for (guint i = 0; i < b->maps->len; i++) {
    const char *known = g_ptr_array_index(b->maps, i);
    if (unpark_text_equal(name, (UnparkText){known, strlen(known)}))
      return i;
  }
  if (b->maps->len < UNPARK_MEASURES_MAX)
    g_ptr_array_add(b->maps, g_strndup(name.text, name.len));
  return b->maps->len - 1;
}

/* "vfs_read+1": without the offset. */
static void push(Bpftrace *b, UnparkText name) {
  guint32 frame;

  name = unpark_text_strip(name);
  for (gsize i = name.len; i > 1; i--) {
    if (name.text[i - 1] == '+' && i < name.len)
      name.len = i - 1;
    else if (g_ascii_isxdigit(name.text[i - 1]) || name.text[i - 1] == 'x')
      continue;
    break;
  }
  if (name.len == 0)
    return;
  if (b->frames->len == FRAMES_MAX) {
    b->n_deep++;
    return;
  }
  frame = unpark_writer_frame(b->writer, unpark_text_string(b->writer, name), 0, 0, FALSE);
  g_array_append_val(b->frames, frame);
}

/* The parts of a key, in their order. */
static void push_parts(Bpftrace *b, UnparkText key, UnparkText between) {
  while (key.len > 0) {
    gssize at = unpark_text_find(key, between);
    push(b, (UnparkText){key.text, at < 0 ? key.len : (gsize)at});
    key = unpark_text_from(key, at < 0 ? key.len : (gsize)at + between.len);
  }
}

static void reverse(GArray *frames) {
  for (guint i = 0, k = frames->len; i + 1 < k--; i++) {
    guint32 frame = g_array_index(frames, guint32, i);
    g_array_index(frames, guint32, i) = g_array_index(frames, guint32, k);
    g_array_index(frames, guint32, k) = frame;
  }
}

static void end_key(Bpftrace *b, const UnparkDecimal *value) {
  b->sample++;
  unpark_text_sample(b->writer, b->sample,
                     unpark_writer_stack(b->writer, (const guint32 *)(const void *)b->frames->data,
                                         b->frames->len));
  unpark_text_values_add(&b->values, b->sample, b->map, value);
  g_array_set_size(b->frames, 0);
  b->open = FALSE;
}

static void one_line(Bpftrace *b, UnparkText key, const UnparkDecimal *value) {
  gboolean folded = memchr(key.text, ';', key.len) != NULL;

  push_parts(b, key, folded ? UNPARK_TEXT(";") : UNPARK_TEXT(", "));
  reverse(b->frames);
  end_key(b, value);
}

/* A line within a key: a frame, or the comma between two parts of the key and what follows. */
static void inner_line(Bpftrace *b, UnparkText line) {
  UnparkDecimal value;
  gboolean ends = take_value(&line, &value);

  line = unpark_text_strip(line);
  if (unpark_text_take(&line, UNPARK_TEXT(",")))
    push_parts(b, unpark_text_strip(line), UNPARK_TEXT(", "));
  else
    push(b, line);
  if (ends)
    end_key(b, &value);
}

static void take_line(Bpftrace *b, const UnparkLines *lines, UnparkText line) {
  UnparkText rest = unpark_text_strip(line), name;
  UnparkDecimal value;

  if (take_map(&rest, &name)) {
    if (b->open) /* the key before has no end */
      unpark_text_unread_add(&b->unread, lines, line);
    g_array_set_size(b->frames, 0);
    b->map = map_of(b, name);
    b->open = TRUE;
    if (take_value(&rest, &value))
      one_line(b, rest, &value);
    else
      push_parts(b, rest, UNPARK_TEXT(", ")); /* "@[app, " and a stack below */
  } else if (b->open) {
    inner_line(b, line);
  } else if (rest.len > 0 && !unpark_text_starts(rest, UNPARK_TEXT("Attaching "))) {
    unpark_text_unread_add(&b->unread, lines, line);
  }
}

static void end_profile(Bpftrace *b) {
  UnparkTextProfile profile = {.kind = "custom",
                               .period = 1,
                               .period_type = "",
                               .period_unit = "",
                               .duration_ns = UNPARK_NONE};

  unpark_text_values_end(&b->values);
  unpark_text_profile(b->writer, &profile);
  for (guint i = 0; i < b->maps->len; i++) {
    const char *name = g_ptr_array_index(b->maps, i);
    g_autofree char *unit = unpark_text_values_unit(&b->values, i, "count");
    unpark_text_sample_type(b->writer, i, *name ? name : "samples", unit);
  }
}

static gboolean read_maps(Bpftrace *b, UnparkLines *lines, GError **error) {
  g_autoptr(GError) failure = NULL;
  UnparkText line;

  while (unpark_lines_next(lines, &line, &failure))
    take_line(b, lines, line);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  if (b->open)
    unpark_text_unread_add(&b->unread, lines, UNPARK_TEXT("@["));
  if (b->sample > 0) {
    end_profile(b);
    return TRUE;
  }
  g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_CORRUPT,
              _("%s: no bpftrace map key has a number, such as “@[main;work]: 7”"),
              unpark_input_name(lines->input));
  return FALSE;
}

static gboolean import(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                       gboolean *complete, GCancellable *cancellable, GError **error) {
  Bpftrace b = {.writer = writer,
                .maps = g_ptr_array_new_with_free_func(g_free),
                .frames = g_array_new(FALSE, FALSE, sizeof(guint32))};
  UnparkLines lines;
  gboolean ok;

  unpark_text_values_init(&b.values, writer);
  unpark_lines_init(&lines, input, writer, cancellable);
  unpark_writer_set_source(writer, UNPARK_SOURCE_PROFILE, "bpftrace", "bpftrace maps", NULL,
                           UNPARK_NONE);
  ok = read_maps(&b, &lines, error);
  if (ok) {
    gboolean whole = unpark_text_unread_note(&b.unread, writer,
                                             _("A line is not part of a map and was left out"));
    if (b.n_deep > 0)
      unpark_writer_note(writer, UNPARK_NOTE_WARNING, "deep-stack", b.n_deep,
                         _("An outer frame of a very deep stack was left out"));
    unpark_writer_count_events(writer, (guint64)b.sample);
    *duration_ns = 0;
    whole = unpark_text_values_note(&b.values) && whole && b.n_deep == 0;
    *complete = unpark_lines_note(&lines) && whole;
  }
  unpark_text_values_clear(&b.values);
  g_ptr_array_unref(b.maps);
  g_array_unref(b.frames);
  return ok;
}

/* A map as the first line but bpftrace's own, or behind others if it is one for sure. */
static gboolean sniff(const guint8 *bytes, gsize size) {
  UnparkDecimal value;
  UnparkText line, name;
  gsize at = 0;

  while (unpark_lines_of_head(bytes, size, &at, &line)) {
    line = unpark_text_strip(line);
    if (take_map(&line, &name) &&
        (line.len == 0 || take_value(&line, &value) || unpark_text_ends(line, UNPARK_TEXT(","))))
      return TRUE;
  }
  return FALSE;
}

const UnparkImporter unpark_importer_bpftrace = {
    .name = "bpftrace",
    .title = N_("bpftrace maps"),
    .expects = N_("“@[main;work]: 7”, or “@[” with a stack below"),
    .sniff = sniff,
    .import = import,
};
