/* Whether bytes begin like a profile in protobuf form. */
#pragma once

#include <glib.h>

/* Strict: every field that is whole in `head` has the type profile.proto gives it, small
 * messages are whole messages of their kind, and something in it is a profile's. */
gboolean unpark_pprof_sniff(const guint8 *head, gsize size);
