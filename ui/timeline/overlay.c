/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/timeline/overlay.h"

double unpark_overlay_x(const UnparkOverlay *o, double ns) {
  return o->lanes_x + unpark_axis_x(&o->axis, ns);
}
