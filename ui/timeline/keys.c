/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keys do: zoom, pan, walk from row to row and from span to span. */
#include <gdk/gdkkeysyms.h>

#include "ui/scene/names.h"
#include "ui/timeline/private.h"

#define ZOOM_STEP 1.25
#define PAN_PART 0.12

/* ---- Pan and zoom ------------------------------------------------------------------ */

void unpark_timeline_zoom_at(UnparkTimeline *self, double x, double factor) {
  UnparkTimeAxis axis = unpark_timeline_get_scene(self).axis;
  double at = x < self->header_width ? axis.width / 2 : x - self->header_width;
  axis = unpark_axis_zoom(&axis, at, factor);
  unpark_timeline_set_axis(self, &axis);
}

static void pan(UnparkTimeline *self, double part) {
  UnparkTimeAxis axis = unpark_timeline_get_scene(self).axis;
  axis.start_ns += part * axis.width * axis.ns_per_px;
  unpark_timeline_set_axis(self, &axis);
}

static void show_all(UnparkTimeline *self) {
  unpark_session_set_visible(self->session, (double)unpark_session_get_start(self->session),
                             (double)unpark_session_get_end(self->session));
}

/* Without the mouse: the time of what is picked, else what can be seen. */
static void select_time(UnparkTimeline *self) {
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  double from, to;
  if (pick->start_ns != UNPARK_NONE && pick->end_ns != UNPARK_NONE &&
      pick->end_ns > pick->start_ns) {
    unpark_session_select_time(self->session, pick->start_ns, pick->end_ns);
    return;
  }
  unpark_session_get_visible(self->session, &from, &to);
  unpark_session_select_time(self->session, unpark_session_nearest(self->session, from),
                             unpark_session_nearest(self->session, to));
}

/* To what is picked if it has a length, else to the selected time. */
void unpark_timeline_zoom_to_selection(UnparkTimeline *self) {
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  gint64 from, to;
  if (pick->start_ns != UNPARK_NONE && pick->end_ns != UNPARK_NONE &&
      (pick->type == UNPARK_PICK_SPAN || pick->end_ns > pick->start_ns)) {
    UnparkPick kept = *pick;
    unpark_session_go_to(self->session, &kept, "timeline");
  } else if (unpark_session_get_selected_time(self->session, &from, &to)) {
    double a = (double)from, b = (double)to;
    unpark_axis_clamp(&a, &b, (double)unpark_session_get_start(self->session),
                      (double)unpark_session_get_end(self->session));
    unpark_session_set_visible(self->session, a, b);
  }
}

/* ---- Keys -------------------------------------------------------------------------- */

static void move_focus(UnparkTimeline *self, int by) {
  const UnparkRows *rows = self->source.rows;
  if (rows->n == 0)
    return;
  self->focus_row = CLAMP(self->focus_row + by, 0, (int)rows->n - 1);
  unpark_timeline_show_row(self, (guint)self->focus_row);
  unpark_timeline_pick_row(self, &rows->rows[self->focus_row]);
  unpark_timeline_announce(self);
}

static int rows_per_page(UnparkTimeline *self) {
  return MAX(gtk_widget_get_height(GTK_WIDGET(self)) / 26, 1);
}

/* Opens, closes, or picks the first span that can be seen. */
static void activate_focus(UnparkTimeline *self) {
  const UnparkRow *row = unpark_timeline_focused_row(self);
  if (row && row->expandable)
    unpark_timeline_toggle_row(self, (guint)self->focus_row);
  else if (row)
    unpark_timeline_step(self, 1);
}

static gboolean key_moves(UnparkTimeline *self, guint key, double x) {
  switch (key) {
  case GDK_KEY_w:
  case GDK_KEY_plus:
  case GDK_KEY_KP_Add:
    unpark_timeline_zoom_at(self, x, ZOOM_STEP * ZOOM_STEP);
    return TRUE;
  case GDK_KEY_s:
  case GDK_KEY_minus:
  case GDK_KEY_KP_Subtract:
    unpark_timeline_zoom_at(self, x, 1 / (ZOOM_STEP * ZOOM_STEP));
    return TRUE;
  case GDK_KEY_a:
  case GDK_KEY_Left:
    pan(self, -PAN_PART);
    return TRUE;
  case GDK_KEY_d:
  case GDK_KEY_Right:
    pan(self, PAN_PART);
    return TRUE;
  case GDK_KEY_Home:
    show_all(self);
    return TRUE;
  case GDK_KEY_f:
    unpark_timeline_zoom_to_selection(self);
    return TRUE;
  default:
    return FALSE;
  }
}

static gboolean key_focuses(UnparkTimeline *self, guint key) {
  switch (key) {
  case GDK_KEY_Up:
    move_focus(self, -1);
    return TRUE;
  case GDK_KEY_Down:
    move_focus(self, 1);
    return TRUE;
  case GDK_KEY_Page_Up:
    move_focus(self, -rows_per_page(self));
    return TRUE;
  case GDK_KEY_Page_Down:
    move_focus(self, rows_per_page(self));
    return TRUE;
  case GDK_KEY_n:
    unpark_timeline_step(self, 1);
    return TRUE;
  case GDK_KEY_p:
    unpark_timeline_step(self, -1);
    return TRUE;
  case GDK_KEY_i:
    if (self->focus_row >= 0)
      unpark_timeline_toggle_pin(self, (guint)self->focus_row);
    return TRUE;
  case GDK_KEY_t:
    select_time(self);
    return TRUE;
  case GDK_KEY_Menu:
    unpark_timeline_show_menu_at_focus(self);
    return TRUE;
  case GDK_KEY_Return:
  case GDK_KEY_KP_Enter:
  case GDK_KEY_space:
    activate_focus(self);
    return TRUE;
  case GDK_KEY_Escape:
    unpark_session_clear_selected_time(self->session);
    unpark_session_set_pick(self->session, NULL);
    return TRUE;
  default:
    return FALSE;
  }
}

void unpark_timeline_copy(UnparkTimeline *self) {
  const UnparkRow *row = unpark_timeline_focused_row(self);
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  UnparkScene scene = unpark_timeline_get_scene(self);
  g_autofree char *text = NULL;
  if (!row)
    return;
  /* What lies in no lane as a state, or in another lane: what the inspector says of it. */
  if (pick->type == UNPARK_PICK_ROW || unpark_pick_is_metric(pick) ||
      (pick->type == UNPARK_PICK_SPAN &&
       (row->type != UNPARK_ROW_GOROUTINE || row->id != pick->id))) {
    gtk_widget_activate_action(GTK_WIDGET(self), "timeline.copy-page", NULL);
    return;
  }
  const UnparkLaneData *data = unpark_scene_lane(&scene, row);
  if (data && pick->type == UNPARK_PICK_SPAN) {
    int i = unpark_items_at(data->lane.items, data->lane.n_items, (double)pick->start_ns,
                            (double)pick->start_ns + scene.axis.ns_per_px);
    if (i >= 0)
      text = unpark_scene_item_name(scene.rows->store, row, &data->lane.items[i]);
  }
  if (!text)
    text = unpark_scene_row_name(row);
  gtk_widget_activate_action(GTK_WIDGET(self), "win.copy", "s", text);
}

gboolean unpark_timeline_key(UnparkTimeline *self, guint key, GdkModifierType state, double x) {
  GdkModifierType modifiers = state & gtk_accelerator_get_default_mod_mask();
  if (!self->source.rows)
    return FALSE;
  if (modifiers == GDK_CONTROL_MASK && key == GDK_KEY_c) {
    unpark_timeline_copy(self);
    return TRUE;
  }
  if (key == GDK_KEY_F10 && modifiers == GDK_SHIFT_MASK) {
    unpark_timeline_show_menu_at_focus(self);
    return TRUE;
  }
  if (modifiers & ~GDK_SHIFT_MASK)
    return FALSE;
  key = gdk_keyval_to_lower(key);
  return key_moves(self, key, x) || key_focuses(self, key);
}
