/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A flame graph on screen: frames as wide as they weigh, callees under (or over) their caller.
 *
 * Click or Enter zooms into a frame, Backspace out by one, Escape all the way; arrows walk. The
 * widget shows a tree and knows nothing of where it comes from. Scrolls vertically. Main thread
 * only; the tree itself is immutable.
 *
 * Signals, all without arguments:
 *   "zoom-changed"    another frame fills the width
 *   "focus-changed"   another frame has the keyboard focus
 *   "hover-changed"   another frame is under the pointer
 */
#pragma once

#include "model/flame/graph/colour.h"
#include "ui/kit/canvas.h"

#define UNPARK_TYPE_FLAME_GRAPH (unpark_flame_graph_get_type())
G_DECLARE_FINAL_TYPE(UnparkFlameGraph, unpark_flame_graph, UNPARK, FLAME_GRAPH, UnparkCanvas)

GtkWidget *unpark_flame_graph_new(void);

/* NULL: nothing. Zoom and focus go to the same place of the new tree, if it has it. */
void unpark_flame_graph_set_flame(UnparkFlameGraph *self, UnparkFlame *flame);
UnparkFlame *unpark_flame_graph_get_flame(UnparkFlameGraph *self);
/* Root at the bottom. */
void unpark_flame_graph_set_upwards(UnparkFlameGraph *self, gboolean upwards);
/* Without the outermost rows, which say nothing where all stacks begin alike: 1 leaves out the
 * root, 2 the function of a sandwich as well. Before the tree is set. */
void unpark_flame_graph_set_skipped(UnparkFlameGraph *self, guint rows);
void unpark_flame_graph_set_colouring(UnparkFlameGraph *self, UnparkFlameColouring colouring);
/* Frames that match are marked, others fade. Takes the matches (of this tree); NULL: none. */
void unpark_flame_graph_set_matches(UnparkFlameGraph *self, UnparkFlameMatches *matches);
/* Frames of that name get an outline; G_MAXUINT32: none. */
void unpark_flame_graph_set_marked(UnparkFlameGraph *self, guint32 name);
/* The menu of a frame; its actions find the frame by get_focus(). */
void unpark_flame_graph_set_menu(UnparkFlameGraph *self, GMenuModel *menu);
/* The accessible name as a whole. */
void unpark_flame_graph_set_title(UnparkFlameGraph *self, const char *title);

void unpark_flame_graph_zoom_to(UnparkFlameGraph *self, guint32 node);
guint32 unpark_flame_graph_get_zoom(UnparkFlameGraph *self);
/* Scrolls to it, if it is out of sight; zooms out if it is not in the zoomed part. */
void unpark_flame_graph_focus(UnparkFlameGraph *self, guint32 node);
guint32 unpark_flame_graph_get_focus(UnparkFlameGraph *self);
/* FALSE: nothing is under the pointer. `n_folded` 0: a frame of its own. */
gboolean unpark_flame_graph_get_hover(UnparkFlameGraph *self, guint32 *node, guint32 *n_folded);
/* The next match gets the focus. */
void unpark_flame_graph_step_match(UnparkFlameGraph *self, gboolean backwards);
/* How many frames are too narrow to be seen of their own. */
guint64 unpark_flame_graph_get_n_folded(UnparkFlameGraph *self);

/* What a person reads about a frame, in one line; free with g_free(). `n_folded` > 0: about so
 * many frames from `node` on. */
char *unpark_flame_graph_sentence(const UnparkFlame *flame, guint32 node, guint32 n_folded);
