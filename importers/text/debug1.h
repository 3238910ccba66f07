/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles as text: "?debug=1" of goroutine, goroutineleak, threadcreate, heap, allocs, mutex,
 * block and custom profiles, and the older form of the same by other tools.
 *
 * A record is a line of values and addresses, followed by comment lines that name what the
 * addresses are:
 *
 *   40 @ 0x48dcca 0x41981c 0x708d3e 0x4953e1
 *   # labels: {"client":"7"}
 *   #	0x708d3d	main.leakSend+0x1d	workloads/sched.go:148
 *
 * Source of format facts: runtime/pprof/pprof.go writes it; the reader of reference is
 * google/pprof's profile/legacy_profile.go. What we do as it does: values of heap profiles are
 * scaled from samples to estimates, delays from cycles to nanoseconds, addresses are one less than
 * printed (they are return addresses); an address without a name stays an address. Unlike it, we
 * read names and labels, and a record without addresses. */
#pragma once

#include "importers/input/importer.h"

extern const UnparkImporter unpark_importer_debug1;
