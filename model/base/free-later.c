/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/base/free-later.h"

typedef struct {
  gpointer data;
  GDestroyNotify destroy;
} Load;

static void carry(gpointer data, gpointer user_data) {
  Load *load = data;
  load->destroy(load->data);
  g_free(load);
}

void unpark_free_later(gpointer data, GDestroyNotify destroy) {
  static GThreadPool *pool;
  static gsize made;
  if (!g_main_context_is_owner(g_main_context_default())) {
    destroy(data);
    return;
  }
  if (g_once_init_enter(&made)) {
    pool = g_thread_pool_new(carry, NULL, 1, FALSE, NULL); /* not exclusive: cannot fail */
    g_once_init_leave(&made, 1);
  }
  Load *load = g_new(Load, 1);
  *load = (Load){data, destroy};
  g_thread_pool_push(pool, load, NULL);
}
