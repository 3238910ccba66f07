/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A widget that only assistive technology sees: it stands where something is painted and has its
 * name. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#define UNPARK_TYPE_PROXY (unpark_proxy_get_type())
G_DECLARE_FINAL_TYPE(UnparkProxy, unpark_proxy, UNPARK, PROXY, GtkWidget)

GtkWidget *unpark_proxy_new(void);
/* The name and the place in the parent's coordinates; the parent allocates it there. */
void unpark_proxy_set(UnparkProxy *self, const char *name, const GdkRectangle *area);
void unpark_proxy_allocate(UnparkProxy *self);
