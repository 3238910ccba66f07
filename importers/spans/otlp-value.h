/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AnyValue, the values of OTLP's attributes, in JSON. */
#pragma once

#include "importers/spans/fields.h"

/* An array of KeyValue objects. `to` NULL: attributes of the span at hand, of this scope and item;
 * else they are added to that set. */
void unpark_spans_otlp_attributes(UnparkSpansJson *s, UnparkJsonToken value, UnparkTraceScope scope,
                                  guint item, GArray *to);
