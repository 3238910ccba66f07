/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What waits and the links of a chain are, in plain words: what the window and unpark-cli both
 * say. No GTK. Texts are static, in the reader's language; any thread. */
#pragma once

#include "model/why/late.h"
#include "model/why/why.h"

/* What the goroutine of the link did: "ran", "was ready but had no processor". `kind`: of the
 * link's span; may be NULL. */
const char *unpark_words_link(UnparkLinkKind link, const UnparkKind *kind);

/* What a wait is for, as it follows "waited": "for a mutex", "to send on a channel". "" where
 * only the reason itself can tell. `frames`: innermost first; may be NULL. */
const char *unpark_words_wait(const UnparkKind *kind, const UnparkFrame *frames, guint n);

/* TRUE if the stack shows that a semaphore of the collector is waited for, such as while a cycle
 * ends; the trace calls that "sync", as it does locks. */
gboolean unpark_words_is_collector(const UnparkFrame *frames, guint n);
/* TRUE if the stack shows that a file, pipe or terminal is waited for; the trace calls that
 * "network". */
gboolean unpark_words_is_file(const UnparkFrame *frames, guint n);

/* What the waker did to the channel, by its stack: ", which sent", ", which closed the channel"; ""
 * where it was something else. `frames`: as above. */
const char *unpark_words_channel(const UnparkFrame *frames, guint n);

/* How a goroutine came to be runnable: "woken", "preempted". */
const char *unpark_words_cause(UnparkCause cause);

/* Of a stack (n > 0) the two frames that say most: the innermost that is not the runtime's, and
 * the innermost that is the program's own, neither the runtime's nor the standard library's.
 * Where there is none of its own it is the innermost public one of the standard library. */
void unpark_words_frames(const UnparkFrame *frames, guint n, guint *inner, guint *own);

/* "Running on the 4 processors meanwhile", or how their number changed. Free with g_free(). */
char *unpark_words_processors(const UnparkLate *late);

/* Frames as lines of text: "function\n\tfile:line\n". Free with g_free(). */
char *unpark_words_stack(const UnparkFrame *frames, guint n);
