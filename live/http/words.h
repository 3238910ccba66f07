/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a transfer failed, in a sentence that says what to do. Any thread. */
#pragma once

#include <libsoup/soup.h>

#include "live/http/fetch.h"

/* What was waited for when it failed. */
typedef enum { UNPARK_FETCH_HEAD, UNPARK_FETCH_BODY, UNPARK_FETCH_HALF_WAY } UnparkFetchStage;

/* Replaces *error, of GIO or libsoup, by one of UNPARK_LIVE_ERROR; cancellation stays.
 * `message` may be NULL. */
void unpark_fetch_explain(const UnparkFetch *fetch, SoupMessage *message, UnparkFetchStage stage,
                          GError **error);
