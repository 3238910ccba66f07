/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies under a point, other than states: regions, frames, marks, tasks, the runtime's ranges;
 * and what is said of it. Main thread only. */
#pragma once

#include "ui/scene/scene.h"

typedef enum {
  UNPARK_HIT_NOTHING,
  UNPARK_HIT_REGION,
  UNPARK_HIT_FRAME,
  UNPARK_HIT_MARK,
  UNPARK_HIT_TASK,
  UNPARK_HIT_RANGE,
  UNPARK_HIT_BAND /* a range on the lane of whom it concerned */
} UnparkHitType;

/* Pointers are valid until the main loop runs. */
typedef struct {
  UnparkHitType type;
  const UnparkTrackSpan *span; /* REGION, FRAME, BAND */
  const UnparkMark *mark;
  const UnparkTask *task;
  const UnparkStretch *stretch; /* RANGE */
} UnparkHit;

/* FALSE and NOTHING if there is nothing. */
gboolean unpark_hit_find(const UnparkScene *scene, guint row, double x, double y, UnparkHit *hit);
/* FALSE if it cannot be picked. */
gboolean unpark_hit_pick(const UnparkHit *hit, UnparkPick *pick);
/* Free with g_free(); NULL for NOTHING. */
char *unpark_hit_text(const UnparkHit *hit);
