/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What together.c does to sessions; nobody else includes this. */
#pragma once

#include "ui/session/together.h"

/* `together` NULL: the session's file is alone. Not owned. */
void unpark_session_join(UnparkSession *self, UnparkTogether *together, gint64 source);
/* As unpark_session_set_store(), of a store in which the same things are later by `ns`: what is
 * picked goes along, and the places that the way back leads to. */
void unpark_session_set_moved_store(UnparkSession *self, UnparkStore *store, gint64 ns);
/* The session is about to be gone to, whose way back has so many places: if another one is at, Back
 * leads there again. */
void unpark_session_note_jump(UnparkTogether *self, UnparkSession *to, guint depth);
/* Back has come to so many places: the session that one came from then, and what was picked there;
 * NULL: one did not. */
UnparkSession *unpark_session_take_jump(UnparkTogether *self, UnparkSession *to, guint depth,
                                        UnparkPick *pick);
/* Emits "sources-changed". */
void unpark_session_tell_sources(UnparkSession *self);
