/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What together.c does to sessions; nobody else includes this. */
#pragma once

#include "ui/session/together.h"

/* `together` NULL: the session's file is alone. Not owned. */
void unpark_session_join(UnparkSession *self, UnparkTogether *together, gint64 source);
/* As unpark_session_set_store(), of a store in which the same things are later by `ns`: what is
 * picked goes along, and the places that the way back leads to. */
void unpark_session_set_moved_store(UnparkSession *self, UnparkStore *store, gint64 ns);
/* Emits "sources-changed". */
void unpark_session_tell_sources(UnparkSession *self);
