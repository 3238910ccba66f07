/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands at the edges of lanes, and where it leads. Texts are to be freed with g_free(). Main
 * thread only. */
#pragma once

#include "ui/scene/scene.h"

/* -1: all that the row shows ended before the visible time, at *ns; 1: it begins later, at *ns; 0:
 * neither. */
int unpark_scene_outside(const UnparkScene *scene, const UnparkRow *row, gint64 *ns);
/* Whether x is on the mark that leads there. */
gboolean unpark_scene_edge_at(const UnparkScene *scene, guint row, double x, gint64 *ns);
/* "Ended at 1.203 s"; NULL: there is no such mark. */
char *unpark_scene_edge_text(const UnparkScene *scene, const UnparkRow *row);
/* Which parts of the visible time the row's lane is still being read of, in which its goroutines
 * are there: up to two stretches, from and to, empty ones equal. FALSE: all of it is known. */
gboolean unpark_scene_coming(const UnparkScene *scene, const UnparkRow *row, gint64 (*parts)[2]);
/* What the full height stands for: "↑ 12"; NULL: the row has no such scale, or it is in its header.
 */
char *unpark_scene_scale_text(const UnparkScene *scene, const UnparkRow *row);
