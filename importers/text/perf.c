/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/perf.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/text/perf-line.h"
#include "importers/text/profile-rows.h"
#include "importers/text/stack.h"
#include "model/base/error.h"

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
  char *event;              /* of the first sample */
  gboolean has_period;
  gint64 first_period;
  guint64 n_unknown;
} Perf;

static void end_sample(Perf *p) {
  if (p->open)
    unpark_text_sample(p->writer, p->sample,
                       unpark_writer_stack(p->writer,
                                           (const guint32 *)(const void *)p->frames->data,
                                           p->frames->len));
  p->open = FALSE;
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
    id = unpark_text_address_frame(p->writer, frame->address, frame->dso);
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

static void begin_sample(Perf *p, const UnparkPerfHead *head) {
  UnparkPerfFrame frame;
  gboolean is_first_event;

  end_sample(p);
  if (p->sample++ == 0) {
    p->event = g_utf8_make_valid(head->event.text, (gssize)head->event.len);
    p->has_period = head->period != UNPARK_NONE;
    p->first_period = p->has_period ? head->period : 1;
  }
  take_time(p, head->time_ns);
  p->open = TRUE;
  p->has_function = FALSE;
  g_array_set_size(p->frames, 0);
  is_first_event = unpark_text_equal(head->event, (UnparkText){p->event, strlen(p->event)});
  unpark_text_value(p->writer, p->sample, 0, 1);
  if (p->has_period)
    unpark_text_value(p->writer, p->sample, 1,
                      is_first_event && head->period != UNPARK_NONE ? head->period : 0);
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

static void take_line(Perf *p, UnparkText line) {
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
  } else if (!p->open)
    p->n_unknown++;
  else if (!take_source_line(p, line)) {
    if (unpark_perf_bare_frame(line, &frame))
      take_frame(p, &frame);
    else
      p->n_unknown++;
  }
}

static gboolean is_clock(const char *event) {
  return g_str_has_prefix(event, "cpu-clock") || g_str_has_prefix(event, "task-clock");
}

static void end_profile(Perf *p) {
  g_autofree char *name = g_strndup(p->event, strcspn(p->event, ":"));
  gboolean is_cpu = is_clock(p->event) || strstr(p->event, "cycles") != NULL;
  UnparkTextProfile profile = {.kind = is_cpu ? "cpu" : "custom",
                               .period = p->first_period,
                               .period_type = is_clock(p->event) ? "cpu" : name,
                               .period_unit = is_clock(p->event) ? "nanoseconds" : "count",
                               .duration_ns = p->last_ns - p->first_ns};

  unpark_text_profile(p->writer, &profile);
  unpark_text_sample_type(p->writer, 0, "samples", "count");
  if (p->has_period)
    unpark_text_sample_type(p->writer, 1, profile.period_type, profile.period_unit);
}

static gboolean read_profile(Perf *p, UnparkLines *lines, GError **error) {
  g_autoptr(GError) failure = NULL;
  UnparkText line;

  while (unpark_lines_next(lines, &line, &failure))
    take_line(p, line);
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
    if (p.n_unknown > 0)
      unpark_writer_note(writer, UNPARK_NOTE_WARNING, "unknown-line", p.n_unknown,
                         _("A line is neither a sample nor a frame and was left out"));
    unpark_writer_count_events(writer, (guint64)p.sample);
    *duration_ns = p.last_ns - p.first_ns;
    *complete = unpark_lines_note(&lines) && p.n_unknown == 0;
  }
  g_array_unref(p.frames);
  g_free(p.event);
  return ok;
}

/* "	  4f5226 main.main+0x46 (/usr/bin/server)": complete, as nothing else speaks for perf. */
static gboolean is_first_frame(UnparkText line) {
  UnparkPerfFrame frame;
  UnparkText address = unpark_text_strip(line);
  guint64 value;

  return line.len > 0 && g_ascii_isspace(line.text[0]) && unpark_text_take_hex(&address, &value) &&
         unpark_text_take_blanks(&address) && unpark_perf_frame(line, &frame) &&
         frame.address > 255;
}

static gboolean sniff(const guint8 *bytes, gsize size) {
  UnparkPerfHead head;
  UnparkText line;
  gsize at = 0;

  while (unpark_lines_of_head(bytes, size, &at, &line)) {
    UnparkText stripped = unpark_text_strip(line);
    if (stripped.len == 0 || stripped.text[0] == '#')
      continue;
    if (!unpark_perf_head(line, &head))
      return is_first_frame(line);
    /* Without a time it could be a line of a log: a frame has to follow. */
    return head.time_ns != UNPARK_NONE ||
           (unpark_lines_of_head(bytes, size, &at, &line) && is_first_frame(line));
  }
  return FALSE;
}

const UnparkImporter unpark_importer_perf = {
    .name = "perf-script",
    .title = N_("perf script"),
    .expects = N_("“app 4711 8123.456: 250000 cpu-clock:” and frames below it"),
    .sniff = sniff,
    .import = import,
};
