/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wait chain as a list: its links, or its sums. Rows are made when somebody looks at them, so a
 * chain of any length costs nothing. Main thread only. */
#pragma once

#include <gio/gio.h>

#include "model/why/why.h"

#define UNPARK_TYPE_CHAIN_ITEM (unpark_chain_item_get_type())
G_DECLARE_FINAL_TYPE(UnparkChainItem, unpark_chain_item, UNPARK, CHAIN_ITEM, GObject)

/* One of the two; both belong to the chain, which the item keeps. */
const UnparkLink *unpark_chain_item_link(UnparkChainItem *self);
const UnparkLinkSum *unpark_chain_item_sum(UnparkChainItem *self);
/* The link to go to: itself, or the longest of the sum. */
guint unpark_chain_item_index(UnparkChainItem *self);
UnparkChain *unpark_chain_item_chain(UnparkChainItem *self);

#define UNPARK_TYPE_CHAIN_MODEL (unpark_chain_model_get_type())
G_DECLARE_FINAL_TYPE(UnparkChainModel, unpark_chain_model, UNPARK, CHAIN_MODEL, GObject)

UnparkChainModel *unpark_chain_model_new(void);
/* `chain` may be NULL: an empty list. */
void unpark_chain_model_set(UnparkChainModel *self, UnparkChain *chain, gboolean sums);
