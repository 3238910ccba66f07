/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a speedscope file says, while it is read: its keys come in any order, frames after the
 * stacks that refer to them and weights before or after their samples. Stacks are nodes of one tree
 * (16 to 24 bytes each); which stack a sample has, and its weight, wait in spools. */
#pragma once

#include "importers/pprof/spool.h"
#include "importers/text/decimal.h"

/* The tree's root: no frame at all. */
#define UNPARK_SPEEDSCOPE_ROOT 0u

typedef struct {
  guint32 parent, frame; /* number of a frame in the file */
} UnparkSpeedscopeNode;

typedef struct {
  char *name, *unit;
  guint64 n_stacks, n_weights;
} UnparkSpeedscopeProfile;

typedef struct {
  UnparkWriter *writer;
  GArray *frames;   /* guint32: the writer's frames, by number */
  GArray *nodes;    /* UnparkSpeedscopeNode */
  GArray *profiles; /* UnparkSpeedscopeProfile */
  gint64 active;    /* profile to show first */
  guint32 *table;   /* nodes by parent and frame */
  gsize n_table;
  guint32 seed;
  UnparkSpool stacks, weights;
  guint64 n_lost_frames, n_unknown_frames, n_unpaired, n_unweighted, n_samples;
} UnparkSpeedscopeStacks;

void unpark_speedscope_stacks_init(UnparkSpeedscopeStacks *stacks, UnparkWriter *writer);
void unpark_speedscope_stacks_clear(UnparkSpeedscopeStacks *stacks);

/* A new profile; what is added goes to it. */
UnparkSpeedscopeProfile *unpark_speedscope_stacks_profile(UnparkSpeedscopeStacks *stacks);
/* The last one. */
UnparkSpeedscopeProfile *unpark_speedscope_stacks_current(UnparkSpeedscopeStacks *stacks);
/* The node of that frame below another. */
guint32 unpark_speedscope_stacks_child(UnparkSpeedscopeStacks *stacks, guint32 node, guint32 frame);
const UnparkSpeedscopeNode *unpark_speedscope_stacks_node(const UnparkSpeedscopeStacks *stacks,
                                                          guint32 node);
/* The n-th stack of a profile has its n-th weight. Errors: the temporary file. */
gboolean unpark_speedscope_stacks_add(UnparkSpeedscopeStacks *stacks, guint32 node, GError **error);
gboolean unpark_speedscope_stacks_weigh(UnparkSpeedscopeStacks *stacks, const UnparkDecimal *weight,
                                        GError **error);

/* Notes what was lost `count` times, if it was; `what` is translated. */
void unpark_speedscope_note(UnparkWriter *writer, const char *name, guint64 count, const char *what,
                            gboolean *complete);

/* Everything was read: rows and notes. `n_bytes`: of the file; what its stacks may hold together
 * depends on that. *complete is cleared where something was lost. */
gboolean unpark_speedscope_stacks_emit(UnparkSpeedscopeStacks *stacks, guint64 n_bytes,
                                       gboolean *complete, GCancellable *cancellable,
                                       GError **error);
