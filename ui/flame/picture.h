/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A flame graph drawn with pango's text, as textures for previews and the clipboard, and written
 * to files. For workers. */
#pragma once

#include <gdk/gdk.h>

#include "model/flame/picture/export.h"

/* A picture to be made. `title` and `subtitle` of the options are copied. */
typedef struct {
  UnparkFlame *flame;
  UnparkFlamePicture options;
  double scale; /* pixels of the texture per pixel of the picture */
  char *title, *subtitle;
} UnparkFlamePictureOrder;

UnparkFlamePictureOrder *
unpark_flame_order_picture(UnparkFlame *flame, const UnparkFlamePicture *options, double scale);
void unpark_flame_picture_order_free(UnparkFlamePictureOrder *order);

/* Worker. Where it would be too large for a texture (16384 pixels a side), it is made smaller. */
GdkTexture *unpark_flame_picture_texture(const UnparkFlamePictureOrder *order,
                                         GCancellable *cancellable, GError **error);

typedef enum {
  UNPARK_FLAME_SVG,        /* with the script */
  UNPARK_FLAME_SVG_STATIC, /* for documents */
  UNPARK_FLAME_PDF,
  UNPARK_FLAME_PNG,   /* one pixel for one */
  UNPARK_FLAME_PNG_2, /* two pixels for one */
  UNPARK_FLAME_FOLDED,
  UNPARK_FLAME_PPROF,
  UNPARK_FLAME_SPEEDSCOPE,
  UNPARK_FLAME_N_FORMATS
} UnparkFlameFormat;

/* ".svg" */
const char *unpark_flame_format_ending(UnparkFlameFormat format);
gboolean unpark_flame_format_is_picture(UnparkFlameFormat format);

/* Worker. To a stream. */
gboolean unpark_flame_write(const UnparkFlamePictureOrder *order, UnparkFlameFormat format,
                            GOutputStream *out, GCancellable *cancellable, GError **error);
/* Worker. The file is there when it is whole: what failed leaves the old one. */
gboolean unpark_flame_write_file(const UnparkFlamePictureOrder *order, UnparkFlameFormat format,
                                 GFile *file, GCancellable *cancellable, GError **error);
