/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a span is, in plain words. No GTK; any thread. */
#pragma once

#include "model/store/store.h"

/* "waiting to acquire a mutex for 7.2 ms". `frames` (may be NULL, innermost first) say what kind
 * of lock it was. Free with g_free(). */
char *unpark_words_span(const UnparkKind *kind, gint64 duration_ns, const UnparkFrame *frames,
                        guint n_frames);
/* One word for the state: "running", "syscall". Static. */
const char *unpark_words_state_name(UnparkState state);
/* The trace's own word for a reason to wait or to stop ("chan receive"), in the user's language
 * where it is a word and not the name of a function; "" if none. Lives as long as the store. */
const char *unpark_words_reason(const UnparkKind *kind);
/* The same for what the runtime did ("GC mark termination"). Returns a static text, or `name`. */
const char *unpark_words_range(const char *name);
/* What is in the brackets, if there are any: "GC mark termination" of "stop-the-world (GC mark
 * termination)". Returns a static text, `name` or `buf`. */
#define UNPARK_STRETCH_SIZE 96
const char *unpark_words_stretch(const char *name, char buf[UNPARK_STRETCH_SIZE]);
/* State and reason: "waiting, sync", "running". Free with g_free(). */
char *unpark_words_state(const UnparkKind *kind);
/* The heading of the place where it stopped: "Stopped at", "Entered at". */
const char *unpark_words_place(const UnparkKind *kind);
/* Which frame is the library's function that the reader's own code called: "sync.(*RWMutex).Lock",
 * not the mutex within it. Innermost first; `n`: none, or no frame is the reader's own. */
guint unpark_words_called(const UnparkFrame *frames, guint n);
