/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether bytes begin like a profile in protobuf form. */
#pragma once

#include <glib.h>

/* Fields must have the types that profile.proto gives them and messages be of their kind. A few
 * that are not are forgiven after enough that are: a damaged profile is still a profile. */
gboolean unpark_pprof_sniff(const guint8 *head, gsize size);
