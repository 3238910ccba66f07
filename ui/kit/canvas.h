/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The base of widgets that paint everything themselves and scroll over it: GtkScrollable, the
 * texts that are painted, and the stand-ins that tell assistive technology what is painted.
 *
 * A subclass paints in "snapshot" and fills in the functions of the class below; its
 * "size_allocate" chains up, which puts the stand-ins into place. Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#include "ui/kit/text-cache.h"

#define UNPARK_TYPE_CANVAS (unpark_canvas_get_type())
G_DECLARE_DERIVABLE_TYPE(UnparkCanvas, unpark_canvas, UNPARK, CANVAS, GtkWidget)

struct _UnparkCanvasClass {
  GtkWidgetClass parent_class;

  /* There is a new adjustment: unpark_canvas_set_range() is to be called. */
  void (*sync)(UnparkCanvas *canvas);
  /* Somebody else moved that adjustment by so many pixels. */
  void (*scrolled)(UnparkCanvas *canvas, GtkOrientation orientation, double by);
  /* What is in sight is to be told with unpark_canvas_tell(). */
  void (*tell)(UnparkCanvas *canvas);
  /* Fonts or colours have changed; the texts are laid out anew already. May be NULL. */
  void (*restyled)(UnparkCanvas *canvas);
};

/* Where one has scrolled to, in pixels; 0 without an adjustment. */
double unpark_canvas_get_scroll(UnparkCanvas *self, GtkOrientation orientation);
/* As if somebody else had done it. Nothing without an adjustment. */
void unpark_canvas_scroll_to(UnparkCanvas *self, GtkOrientation orientation, double value);
/* The whole is from `lower` to `upper`, of which `page` can be seen from `value` on. Without
 * "scrolled". */
void unpark_canvas_set_range(UnparkCanvas *self, GtkOrientation orientation, double value,
                             double lower, double upper, double step, double page_step,
                             double page);

/* Owned by the canvas. */
UnparkTextCache *unpark_canvas_get_texts(UnparkCanvas *self);

/* The stand-ins are made anew as soon as the view has come to rest. */
void unpark_canvas_tell_later(UnparkCanvas *self);
/* Within "tell": a thing in sight and where it is painted. */
void unpark_canvas_tell(UnparkCanvas *self, const char *name, const GdkRectangle *area);
/* Within "tell": of how many things it was called so far. */
guint unpark_canvas_get_n_told(UnparkCanvas *self);
