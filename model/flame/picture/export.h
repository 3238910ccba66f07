/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flame graphs for reports and for other programs.
 *
 * All functions write to a stream, take no part in anything global and may run in any thread;
 * they report the stream's errors and G_IO_ERROR_CANCELLED. The stream is not closed.
 */
#pragma once

#include "model/flame/graph/colour.h"
#include "model/flame/graph/layout.h"

/* ---- Pictures ------------------------------------------------------------------------- */

typedef enum {
  UNPARK_FLAME_THEME_AUTO, /* SVG: as the reader's system is; else light */
  UNPARK_FLAME_THEME_LIGHT,
  UNPARK_FLAME_THEME_DARK,
} UnparkFlameTheme;

typedef struct {
  const char *title;    /* NULL: the source's */
  const char *subtitle; /* NULL: total and number of frames */
  double width;         /* pixels; 0: 1200 */
  double min_px;        /* narrower frames are left out; 0: 0.1 interactive, 0.5 static */
  guint max_frames;     /* then min_px grows until so few are left; 0: 40000 */
  gboolean interactive; /* SVG: with the script */
  gboolean upwards;     /* root at the bottom */
  gboolean embedded; /* SVG: an element of a page, without a declaration and ids; not interactive */
  UnparkFlameTheme theme;
  UnparkFlameColouring colouring;
} UnparkFlamePicture;

/* A picture worked out, the same for all outputs; in pixels. */
typedef struct {
  const UnparkFlame *flame;
  UnparkFlamePicture picture; /* with nothing left to default */
  UnparkFlameLayout layout;
  GPtrArray *legend;
  char *title, *subtitle;
  char *note; /* what was left out; NULL: nothing */
  double width, height, left, top;
} UnparkFlameSheet;

#define UNPARK_FLAME_ROW 18.0  /* height of a row */
#define UNPARK_FLAME_FONT 12.0 /* size of names */
#define UNPARK_FLAME_CELL 7.3  /* width of a character cell of that size */
#define UNPARK_FLAME_TITLE_FONT 17.0

void unpark_flame_sheet_init(UnparkFlameSheet *sheet, const UnparkFlame *flame,
                             const UnparkFlamePicture *picture);
void unpark_flame_sheet_clear(UnparkFlameSheet *sheet);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(UnparkFlameSheet, unpark_flame_sheet_clear)
/* Top of a row of frames. */
double unpark_flame_sheet_y(const UnparkFlameSheet *sheet, guint row);

/* A document of its own: names are text that can be selected, <title> is their tooltip, all
 * styles and (interactive) the script are inside. */
gboolean unpark_flame_write_svg(const UnparkFlameSheet *sheet, GOutputStream *out,
                                GCancellable *cancellable, GError **error);
/* The script of interactive pictures. */
extern const char unpark_flame_script[];

/* ---- For other programs ------------------------------------------------------------------ */

/* "outer;inner VALUE" lines; ";" inside a name becomes ":". With a base "BEFORE NOW". */
gboolean unpark_flame_write_folded(const UnparkFlame *flame, GOutputStream *out,
                                   GCancellable *cancellable, GError **error);
/* Gzipped profile.proto. Frames are functions, and lines where the tree was merged by line. With
 * a base there are two sample types, the second is "base". */
gboolean unpark_flame_write_pprof(const UnparkFlame *flame, GOutputStream *out,
                                  GCancellable *cancellable, GError **error);
/* https://www.speedscope.app/file-format-schema.json, an evented profile. */
gboolean unpark_flame_write_speedscope(const UnparkFlame *flame, GOutputStream *out,
                                       GCancellable *cancellable, GError **error);

/* ---- Building blocks ---------------------------------------------------------------------- */

/* Text gathered for a stream. */
typedef struct {
  GOutputStream *out;
  GCancellable *cancellable;
  GError **error;
  GString *text;
  gboolean failed;
} UnparkFlameWriter;

void unpark_flame_writer_begin(UnparkFlameWriter *writer, GOutputStream *out,
                               GCancellable *cancellable, GError **error);
/* Passes what has gathered on when it is much; FALSE after a failure. */
gboolean unpark_flame_writer_step(UnparkFlameWriter *writer);
gboolean unpark_flame_writer_end(UnparkFlameWriter *writer);
/* Text inside of XML: escaped, and without what XML 1.0 cannot hold. */
void unpark_flame_append_xml(GString *to, const char *text);
