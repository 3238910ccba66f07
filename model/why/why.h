/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a goroutine waited: the chain of those who let it wait.
 *
 * At each moment of the asked time exactly one link explains it. The time is walked backwards,
 * from the wake-up to the beginning of the wait, along the goroutine that did the waking:
 *
 *   it was running      that stretch is explained by its code (RAN)
 *   it was runnable     ... by its lateness: it had no processor (LATE)
 *   it slept, was in a system call, waited for the network or the collector
 *                       ... by that (SLEPT, SYSCALL, NETWORK, GC)
 *   it waited           that part of its time is explained, in the same way, by the goroutine
 *                       that ended its wait; before that part one goes on with itself
 *   it did not exist    one goes on with the goroutine that created it
 *
 * so that the chain is a tree: of waits (WAITED) and creations (CREATED), which lead to the links
 * after them, and of leaves, which explain. share_ns of all links add up to the asked time exactly.
 *
 *   G 41 waited 0..10, woken by G 17      link            goroutine  part    share  depth
 *   G 17 ran 7..10,                       WAITED          41         0..10   0      0
 *        waited 2..7, woken by G 9        RAN             17         7..10   3      1
 *        ran 0..2                         WAITED          17         2..7    0      1
 *   G 9  slept 1..6, ran 6..7             RAN              9         6..7    1      2
 *        before: not in the trace         SLEPT            9         2..6    4      2
 *                                         RAN             17         0..2    2      1
 *
 * A network wait that a goroutine ended by closing the connection or setting its deadline is
 * followed to that goroutine; any other is the network's.
 *
 * Everything here says "worker": it decodes. Errors: UNPARK_ERROR_STORE, G_IO_ERROR_CANCELLED.
 */
#pragma once

#include "model/store/store.h"

typedef enum {
  UNPARK_LINK_RAN,
  UNPARK_LINK_LATE,    /* runnable: waited for a processor; see model/why/late.h */
  UNPARK_LINK_WAITED,  /* the links after it, one deeper, explain it. With a share: it cannot be
                          followed, for it did not end before it is said to have woken somebody */
  UNPARK_LINK_CREATED, /* `other` created it at from_ns; the next links are about `other` */
  UNPARK_LINK_SLEPT,
  UNPARK_LINK_NETWORK,
  UNPARK_LINK_SYSCALL,
  UNPARK_LINK_GC,      /* waited for the collector, or was itself the collector at work */
  UNPARK_LINK_NOBODY,  /* a wait that no goroutine ended: the runtime, a lost event */
  UNPARK_LINK_OPEN,    /* a wait that had not ended when the trace did */
  UNPARK_LINK_BEGAN,   /* before the first thing that the trace tells of this goroutine */
  UNPARK_LINK_CYCLE,   /* woken by a goroutine (`other`) that was itself waiting further up */
  UNPARK_LINK_UNKNOWN, /* nothing about it in the trace: a goroutine without spans, or a gap */
  UNPARK_LINK_CUT,     /* everything before: the chain has more links than asked for */
  UNPARK_LINK_TIMER,   /* a wait for a channel or in a select that a timer ended */
  UNPARK_N_LINK_KINDS
} UnparkLinkKind;

/* "ran", "late", "waited", "created", "slept", "network", "syscall", "gc", "nobody", "open",
 * "began", "cycle", "unknown", "cut", "timer". */
const char *unpark_link_kind_name(UnparkLinkKind kind);

typedef struct {
  UnparkLinkKind kind;
  guint depth;           /* 0: the goroutine asked about */
  gint64 goroutine;      /* UNPARK_NONE for CUT */
  gint64 from_ns, to_ns; /* which part of the asked time it is about */
  gint64 share_ns;       /* to_ns - from_ns, or 0 if the links after it explain that part */
  UnparkSpan span;       /* all of it; kind 0 if there is none (BEGAN, CYCLE, UNKNOWN, CUT) */
  /* RAN: where it was at the end of that stretch. CREATED: the go statement. Else span.stack. */
  guint32 stack;
  gint64 other; /* WAITED: who ended it; CREATED: creator; CYCLE; else UNPARK_NONE */
} UnparkLink;

/* Links of one goroutine, kind and span kind together: what to say where the links are many. */
typedef struct {
  UnparkLinkKind kind;
  guint16 span_kind; /* 0: none */
  gint64 goroutine;
  gint64 share_ns, longest_ns;
  guint32 count;
  guint32 stack; /* of the longest */
} UnparkLinkSum;

/* Never changes once it is made; reference-counted, any thread. */
typedef struct {
  gint refs;                        /* atomic */
  gint64 goroutine, from_ns, to_ns; /* what was asked */
  UnparkSpan span;                  /* the wait asked about; kind 0: a range was asked about */
  UnparkLink *links;                /* latest first; a link before those that it leads to */
  UnparkLinkSum *sums;              /* of the links with a share; greatest share first */
  guint n_links, n_sums;
  guint max_depth;
  gboolean cut, cycle; /* there is such a link */
} UnparkChain;

/* A limit for those who have none: some 40 MB. */
#define UNPARK_CHAIN_LINKS 262144

/* Worker. The chain of the goroutine's span at `at_ns` (start <= at < end; the last span also at
 * its end). Of a span that is not a wait it is one link. At most `limit` links (0:
 * UNPARK_CHAIN_LINKS), then CUT. NULL without *error set: no span is there. */
UnparkChain *unpark_chain_of_wait(UnparkStore *store, gint64 goroutine, gint64 at_ns, guint limit,
                                  GCancellable *cancellable, GError **error);

/* Worker. The same for all that the goroutine did in [from_ns, to_ns]. A wait at the end of the
 * range is explained by who ended it later. */
UnparkChain *unpark_chain_of_range(UnparkStore *store, gint64 goroutine, gint64 from_ns,
                                   gint64 to_ns, guint limit, GCancellable *cancellable,
                                   GError **error);
UnparkChain *unpark_chain_ref(UnparkChain *chain);
void unpark_chain_unref(UnparkChain *chain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkChain, unpark_chain_unref)
