/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waits that are idleness, kept out of off-CPU time; model/flame/graph only. Worker. */
#pragma once

#include "model/flame/graph/private.h"

typedef struct _UnparkFlameIdle UnparkFlameIdle;

/* `c` must outlive it. */
UnparkFlameIdle *unpark_flame_idle_new(UnparkFlameCollector *c);
void unpark_flame_idle_free(UnparkFlameIdle *idle);
/* TRUE: the wait is idle, or it is not known yet; `value` is not to be counted. */
gboolean unpark_flame_idle_takes(UnparkFlameIdle *idle, const UnparkSpan *span, guint32 group,
                                 gint64 value);
/* After all waits: counts those that turned out to be none. */
void unpark_flame_idle_release(UnparkFlameIdle *idle);
