/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inspector's question for the wait chain: the answer goes to the session. */
#include <glib/gi18n.h>

#include "ui/inspector/pages.h"

static gpointer find_chain(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  if (q->pick.type == UNPARK_PICK_GOROUTINE)
    return unpark_chain_of_range(q->store, q->pick.id, q->from_ns, q->to_ns, 0, cancellable, error);
  return unpark_chain_of_wait(q->store, q->pick.id, q->pick.start_ns, 0, cancellable, error);
}

static void tell_chain(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  unpark_session_set_chain(p->session, answer);
}

static void chain_free(gpointer answer) {
  unpark_chain_unref(answer);
}

const UnparkAsk unpark_ask_chain = {.busy = N_("Following the wait chain…"),
                                    .find = find_chain,
                                    .tell = tell_chain,
                                    .answer_free = chain_free};
