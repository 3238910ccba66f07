/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inspector's section on a runnable span: who had the processors meanwhile. */
#include <glib/gi18n.h>
#include <string.h>

#include "model/why/late.h"
#include "model/why/words.h"
#include "ui/inspector/pages.h"
#include "ui/inspector/parts.h"
#include "ui/kit/palette.h"

#define HOLDERS_SHOWN 6

typedef struct {
  UnparkLate *late;
  UnparkStackFrames waker_stack;
} Answer;

static void answer_free(gpointer data) {
  Answer *a = data;
  g_free(a->waker_stack.frames);
  unpark_late_free(a->late);
  g_free(a);
}

static gpointer find_late(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  UnparkLate *late =
      q->pick.type == UNPARK_PICK_SPAN
          ? unpark_late_of_span(q->store, q->pick.id, q->pick.start_ns, cancellable, error)
          : unpark_late_of_range(q->store, q->pick.start_ns, q->pick.end_ns, cancellable, error);
  if (!late)
    return NULL;
  Answer *a = g_new0(Answer, 1);
  a->late = late;
  unpark_parts_read_stack(q->store, late->waker_stack, &a->waker_stack);
  return a;
}

/* ---- telling ---------------------------------------------------------------------------- */

/* What explains most of it, in one sentence; free with g_free(). */
static char *verdict(UnparkStore *store, const UnparkLate *late) {
  char share[UNPARK_FORMAT_SIZE], procs[UNPARK_FORMAT_SIZE];
  double whole = (double)late->capacity_ns;
  if (whole <= 0)
    return g_strdup(_("It took no measurable time."));
  if (late->stopped_ns * 2 > late->capacity_ns)
    return g_strdup_printf(_("The world was stopped for %s of the processors' time."),
                           unpark_format_share((double)late->stopped_ns, whole, share));
  if (late->idle_ns * 2 > late->capacity_ns)
    return g_strdup_printf(_("Processors were idle for %s of the time: the scheduler had not yet "
                             "woken a thread for it."),
                           unpark_format_share((double)late->idle_ns, whole, share));
  if (late->n_holders > 0 && late->holders[0].held_ns * 2 > late->capacity_ns) {
    g_autofree char *name = unpark_parts_goroutine_name(store, late->holders[0].goroutine, 40);
    return g_strdup_printf(_("%s alone used %s of the processors' time."), name,
                           unpark_format_share((double)late->holders[0].held_ns, whole, share));
  }
  unpark_format_share((double)late->held_ns, whole, share);
  if (late->procs != late->procs_last)
    return g_strdup_printf(_("The processors were busy for %s of the time."), share);
  if (late->procs == 1)
    return g_strdup_printf(_("The only processor was busy for %s of the time."), share);
  return g_strdup_printf(_("The %s processors were busy for %s of the time."),
                         unpark_format_count(late->procs, procs), share);
}

/* Shades of the running colour, so that neighbours can be told apart. */
static guint32 shade(guint i) {
  static const guint8 weights[HOLDERS_SHOWN] = {255, 150, 210, 120, 180, 100};
  gboolean dark = unpark_parts_dark();
  guint32 fill = unpark_palette_fill(UNPARK_CLASS_RUNNING, dark);
  guint32 back = unpark_palette_ink(UNPARK_INK_BACKGROUND, dark), out = 0;
  guint weight = weights[i % HOLDERS_SHOWN];
  for (guint shift = 0; shift <= 16; shift += 8) {
    guint a = fill >> shift & 255, b = back >> shift & 255;
    out |= ((a * weight + b * (255 - weight)) / 255) << shift;
  }
  return out;
}

static void add_holders(UnparkParts *p, const UnparkLate *late, GArray *segments) {
  gint64 rest = 0;
  for (guint i = 0; i < late->n_holders; i++) {
    const UnparkHolder *holder = &late->holders[i];
    if (i >= HOLDERS_SHOWN) {
      rest += holder->held_ns;
      continue;
    }
    unpark_parts_segments_add(segments,
                              unpark_parts_goroutine_name(p->store, holder->goroutine, 30),
                              holder->held_ns, shade(i));
    if (unpark_store_goroutine(p->store, holder->goroutine))
      g_array_index(segments, UnparkPartsSegment, segments->len - 1).target =
          (UnparkPick){.type = UNPARK_PICK_GOROUTINE,
                       .id = holder->goroutine,
                       .start_ns = late->from_ns,
                       .end_ns = late->to_ns};
  }
  if (rest > 0) {
    char count[UNPARK_FORMAT_SIZE];
    guint others = late->n_holders - HOLDERS_SHOWN;
    unpark_parts_segments_add(
        segments,
        g_strdup_printf(ngettext("%s other goroutine", "%s other goroutines", others),
                        unpark_format_count(others, count)),
        rest, unpark_palette_ink(UNPARK_INK_DIM_TEXT, unpark_parts_dark()));
  }
}

static void tell_processors(UnparkParts *p, const UnparkLate *late) {
  GArray *segments = unpark_parts_segments_new();
  g_autofree char *title = unpark_words_processors(late);
  add_holders(p, late, segments);
  if (late->stopped_ns > 0)
    unpark_parts_segments_add(segments, g_strdup(_("The world was stopped")), late->stopped_ns,
                              unpark_palette_ink(UNPARK_INK_STW, unpark_parts_dark()));
  if (late->idle_ns > 0) {
    unpark_parts_segments_add(segments, g_strdup(_("Idle")), late->idle_ns, 0);
    g_array_index(segments, UnparkPartsSegment, segments->len - 1).free_room = TRUE;
  }
  unpark_parts_heading(p, title);
  unpark_parts_segments(p, segments, late->capacity_ns, title);
}

static void tell_ranges(UnparkParts *p, const UnparkLate *late) {
  gint64 length = late->to_ns - late->from_ns;
  if (late->n_ranges > 0)
    unpark_parts_heading(p, _("Meanwhile"));
  for (guint i = 0; i < late->n_ranges; i++) {
    char duration[UNPARK_FORMAT_SIZE], share[UNPARK_FORMAT_SIZE];
    const UnparkLateRange *range = &late->ranges[i];
    g_autofree char *value =
        g_strdup_printf("%s  ·  %s", unpark_format_duration(range->overlap_ns, duration),
                        unpark_format_share((double)range->overlap_ns, (double)length, share));
    unpark_parts_fact(p, unpark_store_string(p->store, (guint32)range->name_id), value);
  }
}

static void tell_late(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const Answer *a = answer;
  const UnparkLate *late = a->late;
  if (late->span.kind == 0) {
    if (late->capacity_ns > 0)
      tell_processors(p, late);
    return;
  }
  g_autofree char *words = verdict(p->store, late);
  unpark_parts_heading(p, _("Why it was late"));
  unpark_parts_plain(p, words);
  tell_processors(p, late);
  tell_ranges(p, late);
  unpark_parts_heading(p, _("How it became runnable"));
  unpark_parts_plain(p, unpark_words_cause(late->cause));
  if (late->waker != UNPARK_NONE)
    unpark_parts_goroutine(p, late->waker, late->from_ns, NULL);
  unpark_parts_lane(p, _("Then ran on"), UNPARK_PICK_PROC, late->proc);
  unpark_parts_stack(p, late->cause == UNPARK_CAUSE_CREATED ? _("Created at") : _("Woken at"),
                     &a->waker_stack);
}

const UnparkAsk unpark_ask_late = {.busy = N_("Finding what was running on the processors…"),
                                   .find = find_late,
                                   .tell = tell_late,
                                   .answer_free = answer_free};
