/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What net/http/pprof can be asked for. Any thread. */
#pragma once

#include <glib.h>

typedef struct {
  const char *name;      /* in the path: "heap" */
  const char *title;     /* translatable */
  const char *help;      /* one line, translatable */
  const char *extension; /* of a file with it, without a dot */
  guint seconds;         /* the recommended length; 0: a snapshot, unless a difference is wanted */
} UnparkServiceKindFacts;

/* The recommended length of a difference. */
#define UNPARK_SERVICE_DIFFERENCE_S 30

/* NULL: a profile of the program's own, of which nothing more is known than its name. */
const UnparkServiceKindFacts *unpark_service_kind_facts(const char *name);
/* The n-th of those known, in the order in which they are listed; NULL after the last. */
const UnparkServiceKindFacts *unpark_service_kind_nth(guint n);

/* Whether it is something that may stand in the path: letters, digits and "-_./" without "..". */
gboolean unpark_service_kind_is_name(const char *name);
