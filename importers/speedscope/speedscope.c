/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/speedscope/speedscope.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/json/json.h"
#include "importers/speedscope/stacks.h"
#include "model/base/error.h"
#include "model/base/format.h"

/* Ancestors among which a frame is looked for that is closed out of order. */
#define UNWIND_MAX 4096

typedef struct {
  UnparkJson json;
  UnparkWriter *writer;
  UnparkSpeedscopeStacks stacks;
  guint64 n_bad; /* values that are not what they should be */

  /* the evented profile at hand */
  guint32 open; /* node of the innermost open frame */
  gboolean begun;
  UnparkDecimal at, end;
  guint64 n_unbalanced, n_backwards, n_unclosed;
} Scope;

typedef struct {
  char type; /* 'O', 'C'; 0: not known */
  gint64 frame;
  gboolean has_at;
  UnparkDecimal at;
} Event;

/* ---- JSON --------------------------------------------------------------------------- */

/* Of an object: FALSE at its end, or where the file ends. */
static gboolean next_key(Scope *s, GError **error) {
  return unpark_json_next(&s->json, error) == UNPARK_JSON_KEY;
}

/* Of an array, likewise. */
static gboolean next_value(Scope *s, UnparkJsonToken *token, GError **error) {
  *token = unpark_json_next(&s->json, error);
  return *token != UNPARK_JSON_CLOSE && *token != UNPARK_JSON_END && *token != UNPARK_JSON_DAMAGED;
}

static gboolean skip_bad(Scope *s, UnparkJsonToken token, GError **error) {
  s->n_bad++;
  return unpark_json_skip(&s->json, token, error);
}

static UnparkText text_of(const Scope *s) {
  return (UnparkText){s->json.text->str, s->json.text->len};
}

static void take_decimal(Scope *s, UnparkJsonToken token, UnparkDecimal *value, GError **error) {
  if (token != UNPARK_JSON_NUMBER || !unpark_decimal_parse(text_of(s), value))
    skip_bad(s, token, error);
}

/* -1: not a number that can count frames. */
static gint64 take_index(Scope *s, UnparkJsonToken token, GError **error) {
  UnparkText text = text_of(s);
  gint64 n;

  if (token == UNPARK_JSON_NUMBER && unpark_text_take_number(&text, FALSE, &n) && text.len == 0 &&
      n <= G_MAXUINT32)
    return n;
  skip_bad(s, token, error);
  return -1;
}

/* ---- Frames ------------------------------------------------------------------------- */

static void read_frame(Scope *s, GError **error) {
  guint32 name = 0, file = 0, line = 0, frame;

  while (next_key(s, error)) {
    guint32 *text = unpark_json_is(&s->json, "name")   ? &name
                    : unpark_json_is(&s->json, "file") ? &file
                                                       : NULL;
    gboolean is_line = unpark_json_is(&s->json, "line");
    UnparkJsonToken token = unpark_json_next(&s->json, error);
    UnparkText number = text_of(s);
    gint64 n;

    if (text && token == UNPARK_JSON_STRING)
      *text = unpark_text_string(s->writer, text_of(s));
    else if (is_line && token == UNPARK_JSON_NUMBER &&
             unpark_text_take_number(&number, FALSE, &n) && n <= G_MAXINT32)
      line = (guint32)n;
    else
      unpark_json_skip(&s->json, token, error);
  }
  frame = unpark_writer_frame(s->writer, name, file, line, FALSE);
  g_array_append_val(s->stacks.frames, frame);
}

static void read_frames(Scope *s, GError **error) {
  UnparkJsonToken token;

  while (next_value(s, &token, error)) {
    if (token == UNPARK_JSON_OBJECT) {
      read_frame(s, error);
    } else { /* the numbers of those behind it stay right */
      guint32 frame = unpark_writer_frame(s->writer, 0, 0, 0, FALSE);
      g_array_append_val(s->stacks.frames, frame);
      skip_bad(s, token, error);
    }
  }
}

static void read_shared(Scope *s, GError **error) {
  while (next_key(s, error)) {
    gboolean frames = unpark_json_is(&s->json, "frames");
    UnparkJsonToken token = unpark_json_next(&s->json, error);

    if (frames && token == UNPARK_JSON_ARRAY && s->stacks.frames->len == 0)
      read_frames(s, error);
    else
      unpark_json_skip(&s->json, token, error);
  }
}

/* ---- Sampled profiles --------------------------------------------------------------- */

/* From the outermost frame to the innermost. */
static gboolean read_stack(Scope *s, GError **error) {
  guint32 node = UNPARK_SPEEDSCOPE_ROOT;
  UnparkJsonToken token;

  while (next_value(s, &token, error)) {
    gint64 frame = take_index(s, token, error);
    if (frame >= 0)
      node = unpark_speedscope_stacks_child(&s->stacks, node, (guint32)frame);
  }
  return unpark_speedscope_stacks_add(&s->stacks, node, error);
}

static gboolean read_samples(Scope *s, GError **error) {
  UnparkJsonToken token;

  while (next_value(s, &token, error)) {
    if (token != UNPARK_JSON_ARRAY) {
      skip_bad(s, token, error);
      if (!unpark_speedscope_stacks_add(&s->stacks, UNPARK_SPEEDSCOPE_ROOT, error))
        return FALSE;
    } else if (!read_stack(s, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean read_weights(Scope *s, GError **error) {
  UnparkJsonToken token;

  while (next_value(s, &token, error)) {
    UnparkDecimal weight = {0};
    take_decimal(s, token, &weight, error);
    if (!unpark_speedscope_stacks_weigh(&s->stacks, &weight, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- Evented profiles --------------------------------------------------------------- */

/* From what was last to `now`, the open frames run. */
static gboolean advance(Scope *s, const UnparkDecimal *now, GError **error) {
  UnparkDecimal length = unpark_decimal_subtract(now, &s->at);

  if (!s->begun || length.mantissa < 0) {
    s->n_backwards += s->begun;
    if (!s->begun)
      s->at = *now;
    s->begun = TRUE;
    return TRUE;
  }
  s->at = *now;
  return length.mantissa == 0 || s->open == UNPARK_SPEEDSCOPE_ROOT ||
         (unpark_speedscope_stacks_add(&s->stacks, s->open, error) &&
          unpark_speedscope_stacks_weigh(&s->stacks, &length, error));
}

/* Frames within it that are still open end with it. */
static void close_frame(Scope *s, guint32 frame) {
  guint32 node = s->open;

  for (guint i = 0; i < UNWIND_MAX && node != UNPARK_SPEEDSCOPE_ROOT; i++) {
    const UnparkSpeedscopeNode *n = unpark_speedscope_stacks_node(&s->stacks, node);
    if (n->frame == frame) {
      s->n_unbalanced += i > 0;
      s->open = n->parent;
      return;
    }
    node = n->parent;
  }
  s->n_unbalanced++;
}

static gboolean take_event(Scope *s, const Event *event, GError **error) {
  if (!event->has_at || event->frame < 0 || (event->type != 'O' && event->type != 'C')) {
    s->n_bad++;
    return TRUE;
  }
  if (!advance(s, &event->at, error))
    return FALSE;
  if (event->type == 'O')
    s->open = unpark_speedscope_stacks_child(&s->stacks, s->open, (guint32)event->frame);
  else
    close_frame(s, (guint32)event->frame);
  return TRUE;
}

static gboolean read_event(Scope *s, GError **error) {
  Event event = {.frame = -1};

  while (next_key(s, error)) {
    gboolean is_type = unpark_json_is(&s->json, "type"), is_at = unpark_json_is(&s->json, "at");
    gboolean is_frame = unpark_json_is(&s->json, "frame");
    UnparkJsonToken token = unpark_json_next(&s->json, error);

    if (is_type && token == UNPARK_JSON_STRING)
      event.type = s->json.text->len == 1 ? s->json.text->str[0] : '\0';
    else if (is_at && token == UNPARK_JSON_NUMBER)
      event.has_at = unpark_decimal_parse(text_of(s), &event.at);
    else if (is_frame)
      event.frame = take_index(s, token, error);
    else
      unpark_json_skip(&s->json, token, error);
  }
  /* What the end of the file cut off is no event. */
  return s->json.stopped || take_event(s, &event, error);
}

static gboolean read_events(Scope *s, GError **error) {
  UnparkJsonToken token;

  while (next_value(s, &token, error)) {
    if (token != UNPARK_JSON_OBJECT)
      skip_bad(s, token, error);
    else if (!read_event(s, error))
      return FALSE;
  }
  return TRUE;
}

/* What is never closed runs to the end of the profile. */
static gboolean end_events(Scope *s, GError **error) {
  gboolean ok = TRUE;

  if (s->open != UNPARK_SPEEDSCOPE_ROOT) {
    s->n_unclosed++;
    ok = unpark_decimal_subtract(&s->end, &s->at).mantissa <= 0 || advance(s, &s->end, error);
  }
  s->open = UNPARK_SPEEDSCOPE_ROOT;
  s->begun = FALSE;
  s->at = s->end = (UnparkDecimal){0};
  return ok;
}

/* ---- The file ----------------------------------------------------------------------- */

static gboolean read_value_of_profile(Scope *s, const char *key, UnparkJsonToken token,
                                      GError **error) {
  UnparkSpeedscopeProfile *profile = unpark_speedscope_stacks_current(&s->stacks);
  char **text = strcmp(key, "name") == 0   ? &profile->name
                : strcmp(key, "unit") == 0 ? &profile->unit
                                           : NULL;

  if (text && token == UNPARK_JSON_STRING) {
    g_free(*text);
    *text = g_strdup(s->json.text->str);
  } else if (strcmp(key, "endValue") == 0 && token == UNPARK_JSON_NUMBER) {
    take_decimal(s, token, &s->end, error);
  } else if (token == UNPARK_JSON_ARRAY && strcmp(key, "samples") == 0) {
    return read_samples(s, error);
  } else if (token == UNPARK_JSON_ARRAY && strcmp(key, "weights") == 0) {
    return read_weights(s, error);
  } else if (token == UNPARK_JSON_ARRAY && strcmp(key, "events") == 0) {
    return read_events(s, error);
  } else {
    unpark_json_skip(&s->json, token, error);
  }
  return TRUE;
}

static gboolean read_profile(Scope *s, GError **error) {
  unpark_speedscope_stacks_profile(&s->stacks);
  while (next_key(s, error)) {
    g_autofree char *key = g_strdup(s->json.text->str);
    UnparkJsonToken token = unpark_json_next(&s->json, error);

    if (!read_value_of_profile(s, key, token, error))
      return FALSE;
  }
  return end_events(s, error);
}

static gboolean read_profiles(Scope *s, GError **error) {
  UnparkJsonToken token;

  while (next_value(s, &token, error)) {
    if (token != UNPARK_JSON_OBJECT)
      skip_bad(s, token, error);
    else if (!read_profile(s, error))
      return FALSE;
  }
  return TRUE;
}

/* FALSE: `error`. A file that ends early gives what it has. */
static gboolean read_file(Scope *s, GError **error) {
  GError *failure = NULL;
  UnparkJsonToken token = unpark_json_next(&s->json, &failure);

  if (token != UNPARK_JSON_OBJECT)
    skip_bad(s, token, &failure);
  while (!failure && token == UNPARK_JSON_OBJECT && next_key(s, &failure)) {
    gboolean profiles = unpark_json_is(&s->json, "profiles");
    gboolean shared = unpark_json_is(&s->json, "shared");
    gboolean active = unpark_json_is(&s->json, "activeProfileIndex");
    UnparkJsonToken value = unpark_json_next(&s->json, &failure);

    if (profiles && value == UNPARK_JSON_ARRAY)
      read_profiles(s, &failure);
    else if (shared && value == UNPARK_JSON_OBJECT)
      read_shared(s, &failure);
    else if (active && value == UNPARK_JSON_NUMBER)
      s->stacks.active = take_index(s, value, &failure);
    else
      unpark_json_skip(&s->json, value, &failure);
  }
  if (!failure)
    return TRUE;
  g_propagate_error(error, failure);
  return FALSE;
}

static void note_all(Scope *s, gboolean *complete) {
  char at[UNPARK_FORMAT_SIZE];

  *complete = *complete && !s->json.unreadable;
  if (s->json.stopped && !s->json.unreadable) {
    unpark_writer_note(s->writer, UNPARK_NOTE_ERROR, "cut-off", 1,
                       _("The file ends early, or is not JSON from byte %s; everything before that "
                         "was read"),
                       unpark_format_number(unpark_json_offset(&s->json), at));
    *complete = FALSE;
  }
  unpark_speedscope_note(
      s->writer, "bad-value", s->n_bad,
      _("A value does not have the type that its place needs, such as a number or an event, and "
        "was left out"),
      complete);
  unpark_speedscope_note(s->writer, "long-text", s->json.n_cut,
                         _("A name is longer than 64 KiB; its end was left out"), complete);
  unpark_speedscope_note(
      s->writer, "unbalanced-event", s->n_unbalanced,
      _("An event closes a frame that is not the innermost open one: the frames within it end "
        "there, and a frame that is not open is ignored"),
      complete);
  unpark_speedscope_note(
      s->writer, "backward-event", s->n_backwards,
      _("An event is earlier than the one before it and is taken to be at the same time"),
      complete);
  unpark_speedscope_note(s->writer, "unclosed-frame", s->n_unclosed,
                         _("A profile ends with open frames; they are shown to its end"), complete);
}

static gboolean emit(Scope *s, const char *name, gboolean *complete, GCancellable *cancellable,
                     GError **error) {
  guint64 n_bytes = unpark_json_offset(&s->json);

  if (s->stacks.profiles->len == 0) {
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_CORRUPT,
                _("%s begins like a speedscope file, but has no profile"), name);
    return FALSE;
  }
  return unpark_speedscope_stacks_emit(&s->stacks, n_bytes, complete, cancellable, error);
}

static gboolean import(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                       gboolean *complete, GCancellable *cancellable, GError **error) {
  Scope s = {.writer = writer};
  gboolean ok;

  *complete = TRUE;
  *duration_ns = 0;
  unpark_json_init(&s.json, input, writer, cancellable);
  unpark_speedscope_stacks_init(&s.stacks, writer);
  unpark_writer_set_source(writer, UNPARK_SOURCE_PROFILE, "speedscope", "speedscope", NULL,
                           UNPARK_NONE);
  ok = read_file(&s, error) && emit(&s, unpark_input_name(input), complete, cancellable, error);
  if (ok) {
    note_all(&s, complete);
    unpark_writer_count_events(writer, s.stacks.n_samples);
  }
  unpark_speedscope_stacks_clear(&s.stacks);
  unpark_json_clear(&s.json);
  return ok;
}

static gboolean has(const guint8 *head, gsize size, const char *text) {
  return memmem(head, size, text, strlen(text)) != NULL;
}

/* The address of its schema, wherever it is; or, in a file that has none or whose beginning does
 * not reach there, what every profile has. */
static gboolean sniff(const guint8 *head, gsize size) {
  gsize at = 0;

  while (at < size && g_ascii_isspace(head[at]))
    at++;
  if (at == size || head[at] != '{')
    return FALSE;
  if (has(head, size, "www.speedscope.app/file-format-schema.json"))
    return TRUE;
  return (has(head, size, "\"frames\"") && has(head, size, "\"shared\"")) ||
         (has(head, size, "\"profiles\"") &&
          (has(head, size, "\"evented\"") || has(head, size, "\"sampled\"") ||
           has(head, size, "\"endValue\"")));
}

const UnparkImporter unpark_importer_speedscope = {
    .name = "speedscope",
    .title = N_("speedscope profile"),
    .expects = N_("JSON with “\"$schema\": "
                  "\"https://www.speedscope.app/file-format-schema.json\"”"),
    .sniff = sniff,
    .import = import,
};
