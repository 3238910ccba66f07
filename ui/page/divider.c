/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/page/divider.h"

#include "ui/kit/settings.h"

typedef struct {
  const char *key;
  int fallback;
  int content;   /* the natural height of what is above; 0: not known */
  int room;      /* the greatest place there was for it, px, when it was looked at last */
  guint placing; /* a frame callback: it is put back where it was wanted */
} Divider;

static int room_of(GtkPaned *paned) {
  int room;
  g_object_get(paned, "max-position", &room, NULL);
  return room;
}

/* Where a person left it; before that, no lower than what is above it needs. */
static int wanted_of(const Divider *divider) {
  int wanted = divider->content > 0 ? MIN(divider->fallback, divider->content) : divider->fallback;
  return unpark_settings_get_int(divider->key, wanted);
}

static gboolean place(GtkWidget *paned, GdkFrameClock *clock, gpointer data) {
  Divider *divider = data;
  int wanted = wanted_of(divider);
  divider->room = room_of(GTK_PANED(paned));
  gtk_paned_set_position(GTK_PANED(paned), MIN(wanted, divider->room));
  divider->placing = 0;
  return G_SOURCE_REMOVE;
}

/* The window has another size. While it is laid out, nothing may be moved: the next frame does. */
static void on_room(GtkPaned *paned, GParamSpec *spec, Divider *divider) {
  if (gtk_widget_get_mapped(GTK_WIDGET(paned)) && divider->placing == 0 &&
      room_of(paned) != divider->room)
    divider->placing = gtk_widget_add_tick_callback(GTK_WIDGET(paned), place, divider, NULL);
}

/* Not what it is while the window is built up, taken down or resized. */
static void on_position(GtkPaned *paned, GParamSpec *spec, Divider *divider) {
  if (gtk_widget_get_mapped(GTK_WIDGET(paned)) && divider->placing == 0 &&
      room_of(paned) == divider->room)
    unpark_settings_set_int(divider->key, gtk_paned_get_position(paned));
}

static void divider_free(gpointer divider, GClosure *closure) {
  g_free(divider);
}

void unpark_divider_fit(GtkPaned *paned, GtkWidget *content) {
  Divider *divider = g_object_get_data(G_OBJECT(paned), "unpark-divider");
  gtk_widget_measure(content, GTK_ORIENTATION_VERTICAL, -1, NULL, &divider->content, NULL, NULL);
  if (gtk_widget_get_mapped(GTK_WIDGET(paned)) && divider->placing == 0)
    divider->placing = gtk_widget_add_tick_callback(GTK_WIDGET(paned), place, divider, NULL);
}

void unpark_divider_remember(GtkPaned *paned, const char *key, int fallback) {
  Divider *divider = g_new0(Divider, 1);
  divider->key = key;
  divider->fallback = fallback;
  g_object_set_data(G_OBJECT(paned), "unpark-divider", divider);
  gtk_paned_set_position(paned, unpark_settings_get_int(key, fallback));
  g_signal_connect(paned, "notify::max-position", G_CALLBACK(on_room), divider);
  g_signal_connect_data(paned, "notify::position", G_CALLBACK(on_position), divider, divider_free,
                        0);
}
