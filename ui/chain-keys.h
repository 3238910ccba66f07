/* [ and ]: along the wait chain, from anywhere in `widget`. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "model/session.h"

void unpark_chain_keys_attach(GtkWidget *widget, UnparkSession *session);
