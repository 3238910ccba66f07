/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a frame of zoom takes: layout and paint of a flame graph, 1900 x 1000 pixels.
 *
 * Usage: bench-flame-frames STORE       (on a display; see tests/run-headless.sh)
 */
#include <adwaita.h>
#include <stdio.h>
#include <stdlib.h>

#include "ui/flame/graph-private.h"

#define WIDTH 1900
#define HEIGHT 1000
#define FRAMES 200

static int by_value(const void *a, const void *b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return x < y ? -1 : x > y;
}

static UnparkFlame *load(const char *path) {
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkStore) store = unpark_store_open(path, &error);
  UnparkFlameSpec spec = UNPARK_FLAME_SPEC_INIT;
  guint first;
  g_autoptr(GPtrArray) offers = store ? unpark_flame_offers(store, &first, NULL, &error) : NULL;
  if (!offers) {
    fprintf(stderr, "%s\n", error->message);
    exit(1);
  }
  spec.source = ((UnparkFlameOffer *)g_ptr_array_index(offers, first))->source;
  UnparkFlame *flame = unpark_flame_new(store, &spec, NULL, NULL, NULL, &error);
  if (!flame) {
    fprintf(stderr, "%s\n", error->message);
    exit(1);
  }
  return flame;
}

/* From all to the middle of the heaviest path and back, as the wheel does. */
static void measure(UnparkFlameGraph *graph, const UnparkFlame *flame) {
  gint64 took[FRAMES];
  double whole = (double)flame->nodes[0].weight;
  UnparkFlameRange range = {0, whole};
  for (guint i = 0; i < FRAMES; i++) {
    range = unpark_flame_range_zoom(&range, 0.3, i < FRAMES / 2 ? 1.1 : 1 / 1.1, whole);
    gint64 begun = g_get_monotonic_time();
    unpark_flame_graph_go(graph, unpark_flame_cover(flame, &range), &range, FALSE);
    GtkSnapshot *snapshot = gtk_snapshot_new();
    unpark_flame_graph_paint(graph, snapshot);
    g_autoptr(GskRenderNode) node = gtk_snapshot_free_to_node(snapshot);
    took[i] = g_get_monotonic_time() - begun;
  }
  qsort(took, FRAMES, sizeof *took, by_value);
  printf("%-58s %11.1f ms   %s\n", "a frame of zoom, layout and paint, median",
         (double)took[FRAMES / 2] / 1000, "");
  printf("%-58s %11.1f ms   %s\n", "  the same, 99 of 100", (double)took[FRAMES * 99 / 100] / 1000,
         "under 16 ms");
}

int main(int argc, char **argv) {
  if (argc != 2 || !gtk_init_check())
    return 1;
  adw_init();
  g_autoptr(UnparkFlame) flame = load(argv[1]);
  GtkWidget *window = gtk_window_new(), *graph = unpark_flame_graph_new();
  gtk_window_set_decorated(GTK_WINDOW(window), FALSE);
  gtk_window_set_default_size(GTK_WINDOW(window), WIDTH, HEIGHT);
  gtk_window_set_child(GTK_WINDOW(window), graph);
  gtk_window_present(GTK_WINDOW(window));
  while (gtk_widget_get_width(graph) < WIDTH)
    g_main_context_iteration(NULL, TRUE);
  unpark_flame_graph_set_flame(UNPARK_FLAME_GRAPH(graph), flame);
  printf("%u frames in the tree, %u deep\n", flame->n_nodes, flame->max_depth);
  gint64 begun = g_get_monotonic_time();
  g_auto(UnparkFlameMatches) matches = {0};
  unpark_flame_search(flame, "handle1", FALSE, &matches, NULL);
  printf("%-58s %11.0f ms   %s\n", "search (in a worker)",
         (double)(g_get_monotonic_time() - begun) / 1000, "");
  measure(UNPARK_FLAME_GRAPH(graph), flame);
  return 0;
}
