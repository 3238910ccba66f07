/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row of the wait chain: who, what, how long, which share. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/chain/model.h"
#include "ui/chain/text.h"

#define UNPARK_TYPE_CHAIN_ROW (unpark_chain_row_get_type())
G_DECLARE_FINAL_TYPE(UnparkChainRow, unpark_chain_row, UNPARK, CHAIN_ROW, GtkWidget)

GtkWidget *unpark_chain_row_new(void);
void unpark_chain_row_set(UnparkChainRow *self, UnparkStore *store, const UnparkChainPlaces *places,
                          UnparkChainItem *item);
