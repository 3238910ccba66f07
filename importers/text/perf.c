/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/perf.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/text/perf-line.h"
#include "importers/text/profile-rows.h"
#include "importers/text/stack.h"
#include "model/base/error.h"

/* Events beyond are counted as samples only, and that is noted. */
#define EVENTS_MAX 32

/* What one event of the recording counts. */
typedef struct {
  char *name; /* as printed: "cpu-clock:u" */
  gboolean has_period;
  gint64 first_period, n_samples;
} PerfEvent;

typedef struct {
  UnparkWriter *writer;
  GArray *frames; /* guint32 */
  gboolean open;
  gboolean headless; /* nothing but frames is printed */
  /* The frame that came last: a source line may follow. */
  guint32 function;
  gboolean has_function, inlined;
  gint64 sample;
  gboolean has_time;
  gint64 first_ns, last_ns; /* 0 if no sample has a time */
  PerfEvent events[EVENTS_MAX];
  guint n_events;
  UnparkTextUnread unread;
  guint64 n_messages, n_no_period, n_many_events, n_unnamed;
  char *lost; /* perf's own words about what it lost */
} Perf;

static void end_sample(Perf *p) {
  if (p->open)
    unpark_text_sample(p->writer, p->sample,
                       unpark_writer_stack(p->writer,
                                           (const guint32 *)(const void *)p->frames->data,
                                           p->frames->len));
  p->open = FALSE;
}

/* "[libc.so.6]" for an address within it that has no name, as stackcollapse-perf.pl says. */
static guint32 unnamed_frame(Perf *p, const UnparkPerfFrame *frame) {
  const char *slash = frame->dso.len > 0 ? memrchr(frame->dso.text, '/', frame->dso.len) : NULL;
  UnparkText module = frame->dso;
  g_autofree char *name = NULL;

  if (slash)
    module = unpark_text_from(module, (gsize)(slash + 1 - module.text));
  if (module.len == 0 || unpark_text_equal(module, UNPARK_TEXT("[unknown]")))
    return unpark_text_address_frame(p->writer, frame->address, frame->dso);
  p->n_unnamed++;
  name = module.text[0] == '[' ? g_strndup(module.text, module.len)
                               : g_strdup_printf("[%.*s]", (int)MIN(module.len, 4096), module.text);
  return unpark_writer_frame(p->writer, unpark_writer_string(p->writer, name, strlen(name)),
                             unpark_text_string(p->writer, frame->dso), 0, FALSE);
}

static void take_frame(Perf *p, const UnparkPerfFrame *frame) {
  guint32 id;

  p->has_function = frame->function.len > 0;
  if (p->has_function) {
    p->function = unpark_text_string(p->writer, frame->function);
    p->inlined = frame->inlined;
    id = unpark_writer_frame(p->writer, p->function, unpark_text_string(p->writer, frame->dso), 0,
                             p->inlined);
  } else {
    id = unnamed_frame(p, frame);
  }
  g_array_append_val(p->frames, id);
}

/* "  sched.go:148" below a frame, with -F +srcline. */
static gboolean take_source_line(Perf *p, UnparkText line) {
  UnparkGoPosition position;

  if (p->frames->len == 0 || !p->has_function || !unpark_go_position(line, &position) ||
      position.is_c)
    return FALSE;
  g_array_index(p->frames, guint32, p->frames->len - 1) =
      unpark_writer_frame(p->writer, p->function, unpark_text_string(p->writer, position.file),
                          position.line, p->inlined);
  p->has_function = FALSE;
  return TRUE;
}

static void emit_labels(Perf *p, const UnparkPerfHead *head) {
  const struct {
    const char *key;
    gint64 number;
    const char *unit;
  } numbers[] = {{"pid", head->pid, NULL},
                 {"tid", head->tid, NULL},
                 {"cpu", head->cpu, NULL},
                 {"time", head->time_ns, "nanoseconds"}};

  if (head->comm.len > 0)
    unpark_text_label(p->writer, p->sample, UNPARK_TEXT("comm"), head->comm);
  for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
    if (numbers[i].number != UNPARK_NONE)
      unpark_text_number_label(p->writer, p->sample, numbers[i].key, numbers[i].number,
                               numbers[i].unit);
  if (head->event.len > 0)
    unpark_text_label(p->writer, p->sample, UNPARK_TEXT("event"), head->event);
}

static void take_time(Perf *p, gint64 time_ns) {
  if (time_ns == UNPARK_NONE)
    return;
  p->first_ns = p->has_time ? MIN(p->first_ns, time_ns) : time_ns;
  p->last_ns = p->has_time ? MAX(p->last_ns, time_ns) : time_ns;
  p->has_time = TRUE;
}

/* Index of the event, a new one if it was not seen before; EVENTS_MAX if there are too many. */
static guint event_of(Perf *p, UnparkText name) {
  for (guint i = 0; i < p->n_events; i++)
    if (unpark_text_equal(name, (UnparkText){p->events[i].name, strlen(p->events[i].name)}))
      return i;
  if (p->n_events < EVENTS_MAX)
    p->events[p->n_events].name = g_utf8_make_valid(name.text, (gssize)name.len);
  return p->n_events < EVENTS_MAX ? p->n_events++ : EVENTS_MAX;
}

/* Measure 0 is the number of samples. Each event has a measure of its own behind it: what its
 * periods add up to or, where perf did not print them, how many samples it has; one event alone is
 * counted by measure 0 then. */
static void count_event(Perf *p, const UnparkPerfHead *head) {
  guint before = p->n_events, i = event_of(p, head->event);
  PerfEvent *event;

  unpark_text_value(p->writer, p->sample, 0, 1);
  if (i == EVENTS_MAX) {
    p->n_many_events++;
    return;
  }
  event = &p->events[i];
  if (event->n_samples++ == 0) {
    event->has_period = head->period != UNPARK_NONE;
    event->first_period = event->has_period ? head->period : 1;
  }
  if (before == 1 && p->n_events == 2 && !p->events[0].has_period)
    for (gint64 sample = 1; sample < p->sample; sample++)
      unpark_text_value(p->writer, sample, 1, 1);
  if (event->has_period) {
    p->n_no_period += head->period == UNPARK_NONE;
    unpark_text_value(p->writer, p->sample, i + 1, head->period == UNPARK_NONE ? 0 : head->period);
  } else if (p->n_events > 1) {
    unpark_text_value(p->writer, p->sample, i + 1, 1);
  }
}

static void begin_sample(Perf *p, const UnparkPerfHead *head) {
  UnparkPerfFrame frame;

  end_sample(p);
  p->sample++;
  take_time(p, head->time_ns);
  p->open = TRUE;
  p->has_function = FALSE;
  g_array_set_size(p->frames, 0);
  count_event(p, head);
  emit_labels(p, head);
  if (unpark_perf_frame(head->rest, &frame) && frame.address)
    take_frame(p, &frame);
}

/* perf script -F ip,sym,dso: samples are what blank lines divide. */
static void begin_headless(Perf *p) {
  const UnparkPerfHead nothing = {.pid = UNPARK_NONE,
                                  .tid = UNPARK_NONE,
                                  .cpu = UNPARK_NONE,
                                  .time_ns = UNPARK_NONE,
                                  .period = UNPARK_NONE,
                                  .event = UNPARK_TEXT(""),
                                  .rest = UNPARK_TEXT("")};
  p->headless = TRUE;
  begin_sample(p, &nothing);
}

/* Is there a sample that a frame belongs to? Where no line is a head, the frame begins one. */
static gboolean may_begin(Perf *p) {
  if (!p->open && (p->headless || p->sample == 0))
    begin_headless(p);
  return p->open;
}

/* What perf says on the terminal, where both went into one file. */
static gboolean is_message(UnparkText line) {
  static const char *const words[] = {
      "[ perf ", "WARNING: ", "Warning:",    "Processed ",      "Check IO/CPU ",
      "Kernel ", "Couldn't ", "Samples in ", "failed to open ", "Failed to open "};

  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    if (unpark_text_starts(line, (UnparkText){words[i], strlen(words[i])}))
      return TRUE;
  return FALSE;
}

static void take_message(Perf *p, UnparkText line) {
  p->n_messages++;
  if (!p->lost && (unpark_text_find(line, UNPARK_TEXT(" lost ")) >= 0 ||
                   unpark_text_find(line, UNPARK_TEXT("LOST")) >= 0))
    p->lost = g_utf8_make_valid(line.text, (gssize)MIN(line.len, 200));
}

static void take_line(Perf *p, const UnparkLines *lines, UnparkText line) {
  UnparkText stripped = unpark_text_strip(line);
  UnparkPerfHead head;
  UnparkPerfFrame frame;

  if (stripped.len == 0)
    end_sample(p);
  else if (stripped.text[0] == '#')
    return;
  else if (unpark_perf_head(line, &head))
    begin_sample(p, &head);
  else if (unpark_perf_frame(line, &frame) && may_begin(p)) {
    if (frame.address || frame.function.len > 0)
      take_frame(p, &frame);
  } else if (is_message(stripped))
    take_message(p, stripped);
  else if (!p->open)
    unpark_text_unread_add(&p->unread, lines, line);
  else if (!take_source_line(p, line)) {
    if (unpark_perf_bare_frame(line, &frame))
      take_frame(p, &frame);
    else
      unpark_text_unread_add(&p->unread, lines, line);
  }
}

/* ---- The profile --------------------------------------------------------------------- */

static gboolean is_clock(const char *event) {
  return g_str_has_prefix(event, "cpu-clock") || g_str_has_prefix(event, "task-clock");
}

/* The one that says where the processors were; without one the first. */
static guint main_event(const Perf *p) {
  for (guint i = 0; i < p->n_events; i++)
    if (is_clock(p->events[i].name))
      return i;
  for (guint i = 0; i < p->n_events; i++)
    if (strstr(p->events[i].name, "cycles"))
      return i;
  return 0;
}

/* "cpu-clock:u" -> "cpu-clock", but "sched:sched_switch" whole where there are several. */
static char *measure_name(const Perf *p, guint event) {
  const char *name = p->events[event].name, *colon = strrchr(name, ':');
  gboolean is_modifier = colon && strspn(colon + 1, "ukhGHpPSDIeW") == strlen(colon + 1);
  g_autofree char *shorter = is_modifier ? g_strndup(name, (gsize)(colon - name)) : g_strdup(name);

  if (p->n_events == 1)
    return is_clock(name) ? g_strdup("cpu") : g_strndup(name, strcspn(name, ":"));
  for (guint i = 0; i < p->n_events; i++)
    if (i != event && g_str_has_prefix(p->events[i].name, shorter) &&
        strchr(":", p->events[i].name[strlen(shorter)]))
      return g_strdup(name);
  return g_steal_pointer(&shorter);
}

static void end_profile(Perf *p) {
  guint shown = main_event(p);
  const PerfEvent *event = &p->events[shown];
  g_autofree char *main_type = measure_name(p, shown);
  gboolean is_cpu = is_clock(event->name) || strstr(event->name, "cycles") != NULL;
  UnparkTextProfile profile = {.kind = is_cpu ? "cpu" : "custom",
                               .period = event->first_period,
                               .period_type = main_type,
                               .period_unit = is_clock(event->name) ? "nanoseconds" : "count",
                               .duration_ns = p->last_ns - p->first_ns,
                               .default_type = p->n_events > 1 ? main_type : NULL};

  unpark_text_profile(p->writer, &profile);
  unpark_text_sample_type(p->writer, 0, "samples", "count");
  for (guint i = 0; i < p->n_events; i++) {
    g_autofree char *type = measure_name(p, i);
    gboolean is_time = p->events[i].has_period && is_clock(p->events[i].name);
    if (p->n_events > 1 || p->events[i].has_period)
      unpark_text_sample_type(p->writer, i + 1, type, is_time ? "nanoseconds" : "count");
  }
}

static gboolean read_profile(Perf *p, UnparkLines *lines, GError **error) {
  g_autoptr(GError) failure = NULL;
  UnparkText line;

  while (unpark_lines_next(lines, &line, &failure))
    take_line(p, lines, line);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  end_sample(p);
  if (p->sample > 0) {
    end_profile(p);
    return TRUE;
  }
  g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_CORRUPT,
              _("%s: no line is a sample of “perf script”"), unpark_input_name(lines->input));
  return FALSE;
}

/* TRUE if nothing was lost. */
static gboolean note_all(const Perf *p) {
  UnparkWriter *w = p->writer;
  gboolean whole = unpark_text_unread_note(
      &p->unread, w, _("A line is neither a sample nor a frame and was left out"));

  if (p->n_messages > 0)
    unpark_writer_note(w, UNPARK_NOTE_INFO, "perf-message", p->n_messages,
                       _("A line is perf's own, not a sample"));
  if (p->lost)
    unpark_writer_note(w, UNPARK_NOTE_WARNING, "perf-lost", 1, _("perf itself lost samples: %s"),
                       p->lost);
  if (p->n_no_period > 0)
    unpark_writer_note(w, UNPARK_NOTE_WARNING, "no-period", p->n_no_period,
                       _("A sample has no period, unlike others of its event, and counts as 0"));
  if (p->n_many_events > 0)
    unpark_writer_note(w, UNPARK_NOTE_WARNING, "many-events", p->n_many_events,
                       _("A sample belongs to an event beyond the first %d and counts in "
                         "“samples” only"),
                       EVENTS_MAX);
  if (p->n_unnamed > 0)
    unpark_writer_note(w, UNPARK_NOTE_INFO, "unnamed-address", p->n_unnamed,
                       _("An address has no name; the file that contains it is shown instead"));
  return whole && !p->lost && p->n_no_period == 0 && p->n_many_events == 0;
}

static gboolean import(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                       gboolean *complete, GCancellable *cancellable, GError **error) {
  Perf p = {.writer = writer, .frames = g_array_new(FALSE, FALSE, sizeof(guint32))};
  UnparkLines lines;
  gboolean ok;

  unpark_lines_init(&lines, input, writer, cancellable);
  unpark_writer_set_source(writer, UNPARK_SOURCE_PROFILE, "perf-script", "perf script", NULL,
                           UNPARK_NONE);
  ok = read_profile(&p, &lines, error);
  if (ok) {
    unpark_writer_count_events(writer, (guint64)p.sample);
    *duration_ns = p.last_ns - p.first_ns;
    *complete = note_all(&p) && unpark_lines_note(&lines);
  }
  for (guint i = 0; i < p.n_events; i++)
    g_free(p.events[i].name);
  g_array_unref(p.frames);
  g_free(p.lost);
  return ok;
}

/* "	  4f5226 main.main+0x46 (/usr/bin/server)": complete, as nothing else speaks for perf. */
static gboolean is_sure_frame(UnparkText line) {
  UnparkPerfFrame frame;
  UnparkText address = unpark_text_strip(line);
  guint64 value;

  return unpark_text_take_hex(&address, &value) && unpark_text_take_blanks(&address) &&
         unpark_perf_frame(line, &frame) && frame.address > 255;
}

/* Other lines may stand before the first sample. There a head alone could be a line of a log, as it
 * could without a time: a frame has to follow. */
static gboolean sniff(const guint8 *bytes, gsize size) {
  UnparkPerfHead head;
  UnparkText line;
  gboolean after_head = FALSE, first = TRUE;
  gsize at = 0;

  while (unpark_lines_of_head(bytes, size, &at, &line)) {
    UnparkText stripped = unpark_text_strip(line);
    if (stripped.len == 0 || stripped.text[0] == '#')
      continue;
    if (is_sure_frame(line) && (first || after_head))
      return TRUE;
    after_head = unpark_perf_head(line, &head);
    if (after_head && first && head.time_ns != UNPARK_NONE)
      return TRUE;
    first = FALSE;
  }
  return FALSE;
}

/* Where the samples that there are end. */
static guint64 first_unread(const guint8 *bytes, gsize size) {
  UnparkPerfHead head;
  UnparkPerfFrame frame;
  UnparkText line;
  gsize at = 0;

  for (guint64 number = 1; unpark_lines_of_head(bytes, size, &at, &line); number++) {
    UnparkText stripped = unpark_text_strip(line);
    if (stripped.len > 0 && stripped.text[0] != '#' && !is_message(stripped) &&
        !unpark_perf_head(line, &head) && !unpark_perf_frame(line, &frame))
      return number;
  }
  return 0;
}

const UnparkImporter unpark_importer_perf = {
    .name = "perf-script",
    .title = N_("perf script"),
    .expects = N_("“app 4711 8123.456: 250000 cpu-clock:” and frames below it"),
    .sniff = sniff,
    .first_unread = first_unread,
    .import = import,
};
