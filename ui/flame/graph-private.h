/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the flame graph widget share; nobody else includes this. */
#pragma once

#include "ui/flame/camera.h"
#include "ui/flame/graph.h"

#define FLAME_ROW 20     /* pixels */
#define FLAME_MIN_PX 1.0 /* narrower frames are folded */

/* Which part of the tree is seen, and the way there. */
typedef struct {
  UnparkFlameRange range, start, goal;
  guint tick;      /* the transition's; 0: at rest */
  gint64 began_us; /* 0: with the next frame */
  gint64 length_us;
} UnparkFlameCamera;

struct _UnparkFlameGraph {
  UnparkCanvas parent_instance;

  UnparkFlame *flame; /* NULL: nothing to show */
  UnparkFlameLayout layout;
  gboolean has_layout; /* for the camera's range and the width it had */
  int width, height;   /* as allocated last */

  UnparkFlameMatches matches; /* names NULL: no search */
  guint32 marked;             /* name */
  UnparkFlameColouring colouring;
  gboolean upwards;
  gboolean at_end; /* upwards: stay at the root */
  guint skipped;   /* outermost rows that are not shown, where each is one frame */
  char *title;

  UnparkFlameCamera camera;
  guint32 zoom; /* the frame that fills the width */

  guint32 focus;
  guint32 hover, hover_folded; /* NO_FRAME: none */
  double pointer_x, pointer_y; /* -1: outside */
  GtkWidget *menu;

  GskRenderNode *painted; /* frames and names; NULL: to be painted anew */
  guint n_passes;         /* so often they were painted with names missing */
};

/* Lengths of ways: none, a step of the wheel or a key, into another frame. */
#define FLAME_AT_ONCE 0
#define FLAME_STEP_US 130000
#define FLAME_JUMP_US 280000

#define NO_FRAME G_MAXUINT32

/* graph.c */
const UnparkFlameLayout *unpark_flame_graph_layout(UnparkFlameGraph *self);
/* Top of a row on the widget. */
double unpark_flame_graph_row_y(UnparkFlameGraph *self, guint row);
const UnparkFlameItem *unpark_flame_graph_item_at(UnparkFlameGraph *self, double x, double y);
void unpark_flame_graph_repaint(UnparkFlameGraph *self);
/* `length_us`: how long the way takes; at once where animations are not wanted. */
void unpark_flame_graph_go(UnparkFlameGraph *self, guint32 zoom, const UnparkFlameRange *goal,
                           gint64 length_us);
void unpark_flame_graph_set_hover(UnparkFlameGraph *self, double x, double y);
void unpark_flame_graph_set_focus(UnparkFlameGraph *self, guint32 node, gboolean scroll);

/* graph-paint.c */
void unpark_flame_graph_paint(UnparkFlameGraph *self, GtkSnapshot *snapshot);

/* graph-input.c */
void unpark_flame_graph_init_input(UnparkFlameGraph *self);

/* graph-a11y.c */
void unpark_flame_graph_announce(UnparkFlameGraph *self);
/* The canvas's "tell". */
void unpark_flame_graph_tell(UnparkCanvas *canvas);
