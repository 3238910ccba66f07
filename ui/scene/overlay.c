/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies over the lanes: the wait chain as a path from lane to lane, and the arrows of the
 * picked goroutine. A frame costs some additions for each link in sight, no search: which row a
 * link is on is looked up once, when the chain or the rows have changed. */
#include <math.h>

#include "ui/session/bookmark-list.h"
#include "ui/session/chain-arrows.h"
#include "ui/kit/palette.h"
#include "ui/text/format.h"
#include "ui/scene/frame.h"

#define MAX_ROWS 256 /* on screen */
#define NO_ROW G_MAXUINT32
#define HEAD_PX 7  /* width of an arrow's head */
#define PLACE_PX 4 /* around the time that one went to */

typedef struct {
  guint row;
  gboolean own; /* the goroutine's lane, not that of its closed group */
  guint pinned; /* its lane at the top; NO_ROW: it is not pinned */
} Where;

/* Which rows the goroutines are on that a chain or arrows speak of: looked up once. */
typedef struct {
  UnparkRows *rows;
  gconstpointer subject; /* whom it is about: the chain, the arrows */
  guint serial;          /* of the subject */
  Where *froms, *tos;    /* who woke or created whom */
} Index;

static void index_free(gpointer data) {
  Index *index = data;
  unpark_rows_unref(index->rows);
  g_free(index->froms);
  g_free(index->tos);
  g_free(index);
}

/* ---- which row --------------------------------------------------------------------------- */

/* goroutine -> row, for those in `wanted`; one pass over the rows. */
static void find_rows(const UnparkRows *rows, GHashTable *wanted) {
  guint64 filter[1024] = {0}; /* most rows are none of them */
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init(&iter, wanted);
  while (g_hash_table_iter_next(&iter, &key, NULL)) {
    guint bit = (guint)(*(const gint64 *)key & 0xffff);
    filter[bit / 64] |= (guint64)1 << (bit % 64);
  }
  for (guint i = 0; i < rows->n; i++) {
    const UnparkRow *row = &rows->rows[i];
    guint bit = (guint)(row->id & 0xffff);
    if (row->type != UNPARK_ROW_GOROUTINE || !(filter[bit / 64] >> (bit % 64) & 1))
      continue;
    Where *where = g_hash_table_lookup(wanted, &row->id);
    if (where && i < rows->n_pinned)
      where->pinned = i;
    else if (where)
      *where = (Where){i, TRUE, where->pinned};
  }
}

static void find_groups(const UnparkSceneFrame *f, GHashTable *wanted) {
  GHashTableIter iter;
  gpointer key, value;
  g_autoptr(GHashTable) groups = g_hash_table_new(NULL, NULL);
  g_hash_table_iter_init(&iter, wanted);
  while (g_hash_table_iter_next(&iter, &key, &value)) {
    Where *where = value;
    const UnparkGoroutine *g =
        where->own ? NULL : unpark_store_goroutine(f->scene->rows->store, *(const gint64 *)key);
    gpointer known, name = g ? GUINT_TO_POINTER(g->name_id * 2 + (g->system ? 1 : 0)) : NULL;
    if (!g)
      continue;
    if (!g_hash_table_lookup_extended(groups, name, NULL, &known)) {
      int n = unpark_rows_find_group(f->scene->rows, g->name_id, g->system);
      known = GINT_TO_POINTER(n);
      g_hash_table_insert(groups, name, known);
    }
    if (GPOINTER_TO_INT(known) >= 0)
      where->row = (guint)GPOINTER_TO_INT(known);
  }
}

static void want(GHashTable *wanted, gint64 id) {
  if (id == UNPARK_NONE || g_hash_table_contains(wanted, &id))
    return;
  Where *where = g_new0(Where, 1);
  where->row = where->pinned = NO_ROW;
  g_hash_table_insert(wanted, g_memdup2(&id, sizeof id), where);
}

static Where where_of(GHashTable *wanted, gint64 id) {
  const Where *where = id == UNPARK_NONE ? NULL : g_hash_table_lookup(wanted, &id);
  return where ? *where : (Where){NO_ROW, FALSE, NO_ROW};
}

/* Of n pairs of goroutines; `name`: under which the session keeps it. */
static Index *get_index(const UnparkSceneFrame *f, const char *name, gconstpointer subject,
                        guint serial, guint n,
                        void (*pair)(gconstpointer subject, guint i, gint64 *from, gint64 *to)) {
  Index *index = g_object_get_data(G_OBJECT(f->scene->session), name);
  if (index && index->rows == f->scene->rows && index->subject == subject &&
      index->serial == serial)
    return index;
  g_autoptr(GHashTable) wanted = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
  gint64 from, to;
  index = g_new0(Index, 1);
  index->rows = unpark_rows_ref((UnparkRows *)f->scene->rows);
  index->subject = subject;
  index->serial = serial;
  index->froms = g_new(Where, n + 1);
  index->tos = g_new(Where, n + 1);
  for (guint i = 0; i < n; i++) {
    pair(subject, i, &from, &to);
    want(wanted, from);
    want(wanted, to);
  }
  find_rows(f->scene->rows, wanted);
  find_groups(f, wanted);
  for (guint i = 0; i < n; i++) {
    pair(subject, i, &from, &to);
    index->froms[i] = where_of(wanted, from);
    index->tos[i] = where_of(wanted, to);
  }
  g_object_set_data_full(G_OBJECT(f->scene->session), name, index, index_free);
  return index;
}

static void pair_of_link(gconstpointer subject, guint i, gint64 *from, gint64 *to) {
  const UnparkLink *link = &((const UnparkChain *)subject)->links[i];
  *from = link->other;
  *to = link->goroutine;
}

static void pair_of_arrow(gconstpointer subject, guint i, gint64 *from, gint64 *to) {
  const UnparkArrow *arrow = (const UnparkArrow *)subject + i;
  *from = arrow->from;
  *to = arrow->to;
}

/* ---- painting -------------------------------------------------------------------------------- */

static void box(const UnparkSceneFrame *f, double x0, double y, double x1, double height,
                const GdkRGBA *color) {
  x0 = MAX(x0, f->scene->lanes_x);
  x1 = MIN(x1, f->scene->width);
  if (x1 > x0 && y < f->scene->height && y + height > 0)
    gtk_snapshot_append_color(
        f->snapshot, color,
        &GRAPHENE_RECT_INIT((float)x0, (float)y, (float)(x1 - x0), (float)height));
}

static double row_top(const UnparkSceneFrame *f, guint row) {
  return unpark_panes_row_y(&f->scene->panes, row);
}

/* On a row, as far as its pane goes. */
static void row_box(const UnparkSceneFrame *f, guint row, double x0, double y, double x1,
                    double height, const GdkRGBA *color) {
  const UnparkPane *pane = unpark_panes_of(&f->scene->panes, row);
  double top = MAX(y, pane->top), bottom = MIN(y + height, pane->bottom);
  if (bottom > top)
    box(f, x0, top, x1, bottom - top, color);
}

/* Where an arrow begins or ends: what is pinned can be seen wherever the others are. */
static guint arrow_row(Where where) {
  return where.pinned != NO_ROW ? where.pinned : where.row;
}

/* A vertical line from the row of who did it to the row of whom it was done to, its head there. */
static void arrow(const UnparkSceneFrame *f, double x, guint from, guint to, const GdkRGBA *color) {
  if (from == NO_ROW || to == NO_ROW || from == to || x < f->scene->lanes_x || x > f->scene->width)
    return;
  const UnparkPane *from_pane = unpark_panes_of(&f->scene->panes, from);
  const UnparkPane *to_pane = unpark_panes_of(&f->scene->panes, to);
  double middle_from = row_top(f, from) + f->scene->rows->rows[from].height / 2.0;
  double top = row_top(f, to), bottom = top + f->scene->rows->rows[to].height;
  gboolean down = from_pane == to_pane ? middle_from < top : from < to;
  double end = down ? top + 2 : bottom - 2;
  double y0 = CLAMP(middle_from, from_pane->top, from_pane->bottom);
  double y1 = CLAMP(end, to_pane->top, to_pane->bottom);
  int width, height;
  if (y0 == y1)
    return;
  box(f, x - 0.75, MIN(y0, y1), x + 0.75, fabs(y1 - y0), color);
  if (end != y1)
    return;
  PangoLayout *head =
      unpark_text_cache_get(f->texts, UNPARK_TEXT_SMALL, down ? "▼" : "▲", &width, &height);
  gtk_snapshot_save(f->snapshot);
  gtk_snapshot_translate(
      f->snapshot, &GRAPHENE_POINT_INIT((float)(x - width / 2.0), (float)(end - height / 2.0)));
  gtk_snapshot_append_layout(f->snapshot, head, color);
  gtk_snapshot_restore(f->snapshot);
}

typedef struct {
  const UnparkSceneFrame *f;
  const UnparkChain *chain;
  const Index *index;
  double painted[MAX_ROWS]; /* left edge of what was painted last on each row */
  double heads[MAX_ROWS];   /* and of the last arrow to it */
  GdkRGBA strong, weak, thin;
  int current;
} Path;

/* On one row that shows the goroutine. */
static void paint_link_on(Path *path, guint i, guint row) {
  const UnparkSceneFrame *f = path->f;
  const UnparkLink *link = &path->chain->links[i];
  double x0 = unpark_scene_x(f->scene, (double)link->from_ns);
  double x1 = unpark_scene_x(f->scene, (double)link->to_ns);
  int seat = row == NO_ROW ? -1 : unpark_panes_seat(&f->scene->panes, row);
  if (seat < 0 || seat >= MAX_ROWS || x0 > f->scene->width || x1 < f->scene->lanes_x)
    return;
  double top = row_top(f, row), height = unpark_row_bar_height(&f->scene->rows->rows[row]);
  if ((int)i == path->current)
    row_box(f, row, x0, top, MAX(x1, x0 + 2), height, &path->weak);
  if (link->share_ns == 0) {
    row_box(f, row, x0, top + height, x1, 1, &path->thin);
    return;
  }
  /* What shares a pixel with its neighbour is painted once. */
  if (x0 >= path->painted[seat] - 0.5)
    return;
  row_box(f, row, x0, top + height - 1, MIN(MAX(x1, x0 + 1.5), path->painted[seat]), 3,
          &path->strong);
  path->painted[seat] = x0;
}

static void paint_link(Path *path, guint i) {
  paint_link_on(path, i, path->index->tos[i].row);
  paint_link_on(path, i, path->index->tos[i].pinned);
}

/* Arrows to one row that would lie upon each other are drawn once. */
static void paint_jump(Path *path, guint i) {
  const UnparkSceneFrame *f = path->f;
  const UnparkLink *link = &path->chain->links[i];
  gboolean created = link->kind == UNPARK_LINK_CREATED;
  guint to = arrow_row(path->index->tos[i]), from = arrow_row(path->index->froms[i]);
  if ((link->kind != UNPARK_LINK_WAITED && !created) || from == NO_ROW || to == NO_ROW)
    return;
  double x = unpark_scene_x(f->scene, (double)(created ? link->from_ns : link->to_ns));
  int seat = unpark_panes_seat(&f->scene->panes, to);
  if (seat < 0 || seat >= MAX_ROWS) /* those out of sight share one */
    seat = MAX_ROWS - 1;
  if (x > path->heads[seat] - HEAD_PX || x < f->scene->lanes_x || x > f->scene->width)
    return;
  path->heads[seat] = x;
  arrow(f, x, from, to, &path->strong);
}

static void paint_chain(const UnparkSceneFrame *f, UnparkChain *chain) {
  double end = unpark_axis_end(&f->scene->axis);
  Path path = {.f = f,
               .chain = chain,
               .index = get_index(f, "unpark-chain-rows", chain,
                                  unpark_session_get_chain_serial(f->scene->session),
                                  chain->n_links, pair_of_link),
               .strong = unpark_frame_ink(f, UNPARK_INK_ACCENT, 1),
               .weak = unpark_frame_ink(f, UNPARK_INK_ACCENT, 0.2f),
               .thin = unpark_frame_ink(f, UNPARK_INK_ACCENT, 0.6f),
               .current = unpark_session_get_chain_link(f->scene->session)};
  for (guint i = 0; i < MAX_ROWS; i++)
    path.painted[i] = path.heads[i] = INFINITY;
  /* Latest first: what ends before the view is followed by nothing that can be seen. */
  for (guint i = 0; i < chain->n_links; i++) {
    const UnparkLink *link = &chain->links[i];
    if ((double)link->to_ns < f->scene->axis.start_ns)
      break;
    if ((double)link->from_ns <= end)
      paint_link(&path, i);
  }
  for (guint i = 0; i < chain->n_links; i++) {
    if ((double)chain->links[i].to_ns < f->scene->axis.start_ns)
      break;
    paint_jump(&path, i);
  }
}

/* ---- the picked goroutine --------------------------------------------------------------- */

/* What has nothing to do with the picked span is faded, that it can be seen what has. */
static gboolean is_of_pick(const UnparkPick *pick, const UnparkArrow *arrow) {
  if (pick->type != UNPARK_PICK_SPAN)
    return TRUE;
  /* Its own end, or beginning, lies at its edges; whom it woke, within it. */
  return arrow->to == pick->id ? arrow->time_ns == pick->start_ns || arrow->time_ns == pick->end_ns
                               : arrow->time_ns >= pick->start_ns && arrow->time_ns <= pick->end_ns;
}

static void paint_arrows(const UnparkSceneFrame *f) {
  guint n;
  const UnparkPick *pick = unpark_session_get_pick(f->scene->session);
  const UnparkArrow *arrows = unpark_arrows_get(f->scene->session, &n);
  GdkRGBA wake = unpark_frame_ink(f, UNPARK_INK_DIM_TEXT, 0.75f),
          creation = unpark_frame_ink(f, UNPARK_INK_TEXT, 0.85f);
  if (n == 0)
    return;
  const Index *index = get_index(f, "unpark-arrow-rows", arrows,
                                 unpark_arrows_serial(f->scene->session), n, pair_of_arrow);
  GdkRGBA faded = unpark_frame_ink(f, UNPARK_INK_DIM_TEXT, 0.18f);
  for (guint strong = 0; strong < 2; strong++) /* the faded ones below the others */
    for (guint i = 0; i < n; i++) {
      gboolean own = is_of_pick(pick, &arrows[i]);
      if (own == (strong == 1))
        arrow(f, unpark_scene_x(f->scene, (double)arrows[i].time_ns), arrow_row(index->froms[i]),
              arrow_row(index->tos[i]),
              !own                 ? &faded
              : arrows[i].creation ? &creation
                                   : &wake);
    }
}

/* ---- bookmarks ------------------------------------------------------------------------------- */

/* A line through all lanes, and a flag at the top. */
static void paint_bookmarks(const UnparkSceneFrame *f) {
  GListModel *model = unpark_bookmark_list_model(unpark_bookmark_list_of(f->scene->session));
  GdkRGBA line = unpark_frame_ink(f, UNPARK_INK_STW, 0.8f),
          flag = unpark_frame_ink(f, UNPARK_INK_STW, 1);
  for (guint i = 0; i < g_list_model_get_n_items(model); i++) {
    g_autoptr(UnparkBookmarkItem) item = g_list_model_get_item(model, i);
    double x = unpark_scene_x(f->scene, (double)unpark_bookmark_item_get(item)->time_ns);
    if (x < f->scene->lanes_x || x > f->scene->width)
      continue;
    box(f, x - 0.5, 0, x + 0.5, f->scene->height, &line);
    box(f, x - 0.5, 0, x + 8, 7, &flag);
  }
}

/* A time that one went to, with nothing there that could be outlined. */
static void paint_place(const UnparkSceneFrame *f) {
  const UnparkPick *pick = unpark_session_get_pick(f->scene->session);
  char at[UNPARK_FORMAT_SIZE];
  int width, height;
  if (pick->type != UNPARK_PICK_NONE || pick->start_ns == UNPARK_NONE)
    return;
  double x = floor(unpark_scene_x(f->scene, (double)pick->start_ns));
  GdkRGBA color = unpark_frame_ink(f, UNPARK_INK_ACCENT, 1),
          weak = unpark_frame_ink(f, UNPARK_INK_ACCENT, 0.12);
  if (pick->end_ns > pick->start_ns) /* a stretch of time */
    box(f, x, 0, unpark_scene_x(f->scene, (double)pick->end_ns), f->scene->height, &weak);
  if (x < f->scene->lanes_x || x > f->scene->width)
    return;
  box(f, x - 0.5, 0, x + 1.5, f->scene->height, &color);
  unpark_format_time(pick->start_ns, 1000, at);
  unpark_text_cache_get(f->texts, UNPARK_TEXT_SMALL, at, &width, &height);
  double left = x + 2 + width + 2 * PLACE_PX < f->scene->width ? x + 2 : x - width - 2 * PLACE_PX;
  box(f, left, 0, left + width + 2 * PLACE_PX, height + 4, &color);
  unpark_frame_text(f, UNPARK_TEXT_SMALL, at, left + PLACE_PX, 2,
                    unpark_frame_ink(f, UNPARK_INK_BACKGROUND, 1));
}

void unpark_frame_paint_overlay(const UnparkSceneFrame *f) {
  UnparkChain *chain = unpark_session_get_chain(f->scene->session);
  if (!f->scene->rows || f->scene->rows->n == 0)
    return;
  paint_bookmarks(f);
  paint_place(f);
  paint_arrows(f);
  if (chain)
    paint_chain(f, chain);
}
