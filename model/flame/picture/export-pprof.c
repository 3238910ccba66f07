/* SPDX-License-Identifier: GPL-3.0-or-later */
/* profile.proto, gzipped: https://github.com/google/pprof/blob/main/proto/profile.proto */
#include <string.h>

#include "model/base/times.h"
#include "model/flame/picture/export.h"

/* Fields of messages. */
enum { PROFILE_SAMPLE_TYPE = 1, PROFILE_SAMPLE = 2, PROFILE_LOCATION = 4, PROFILE_FUNCTION = 5 };
enum {
  PROFILE_STRING = 6,
  PROFILE_PERIOD_TYPE = 11,
  PROFILE_PERIOD = 12,
  PROFILE_DEFAULT_TYPE = 14
};
enum { VALUE_TYPE = 1, VALUE_UNIT = 2 };
enum { SAMPLE_LOCATION = 1, SAMPLE_VALUE = 2 };
enum { LOCATION_ID = 1, LOCATION_LINE = 4, LINE_FUNCTION = 1, LINE_LINE = 2 };
enum { FUNCTION_ID = 1, FUNCTION_NAME = 2, FUNCTION_SYSTEM_NAME = 3, FUNCTION_FILE = 4 };

/* One entry of the string table each; index 0 is "". */
typedef struct {
  GHashTable *ids;
  GPtrArray *texts; /* not owned */
} Strings;

static guint string_id(Strings *strings, const char *text) {
  gpointer id;
  if (g_hash_table_lookup_extended(strings->ids, text, NULL, &id))
    return GPOINTER_TO_UINT(id);
  g_hash_table_insert(strings->ids, (gpointer)text, GUINT_TO_POINTER(strings->texts->len));
  g_ptr_array_add(strings->texts, (gpointer)text);
  return strings->texts->len - 1;
}

static void put_varint(GString *to, guint64 n) {
  for (; n >= 0x80; n >>= 7)
    g_string_append_c(to, (char)(n | 0x80));
  g_string_append_c(to, (char)n);
}

static void put_number(GString *to, guint field, guint64 n) {
  put_varint(to, field << 3);
  put_varint(to, n);
}

static void put_bytes(GString *to, guint field, const char *bytes, gsize size) {
  put_varint(to, field << 3 | 2);
  put_varint(to, size);
  g_string_append_len(to, bytes, (gssize)size);
}

static void put_type(GString *to, guint field, guint type, guint unit) {
  g_autoptr(GString) message = g_string_new(NULL);
  put_number(message, VALUE_TYPE, type);
  put_number(message, VALUE_UNIT, unit);
  put_bytes(to, field, message->str, message->len);
}

/* Times waited have the two types that Go's own tools give them, of which pprof shows the last. */
static gboolean has_contentions(const UnparkFlame *flame) {
  return flame->has_delays && !flame->has_base && strcmp(flame->unit, "nanoseconds") == 0;
}

/* Innermost first, which is the way to the root unless the tree is inverted. */
static void put_sample(GString *to, const UnparkFlame *flame, guint32 node, GString *locations,
                       GString *message, GArray *path) {
  const UnparkFlameNode *n = &flame->nodes[node];
  g_array_set_size(path, 0);
  for (guint32 i = node; i != 0; i = flame->nodes[i].parent)
    if (unpark_flame_name(flame, i)->kind != UNPARK_NAME_NO_STACK)
      g_array_append_val(path, i);
  g_string_truncate(locations, 0);
  for (guint k = 0; k < path->len; k++) {
    guint32 i = g_array_index(path, guint32, flame->inverted ? path->len - 1 - k : k);
    put_varint(locations, (guint64)flame->nodes[i].name + 1);
  }
  g_string_truncate(message, 0);
  if (locations->len > 0)
    put_bytes(message, SAMPLE_LOCATION, locations->str, locations->len);
  if (has_contentions(flame))
    put_number(message, SAMPLE_VALUE, (guint64)n->count);
  put_number(message, SAMPLE_VALUE, (guint64)n->self);
  if (flame->has_base) {
    put_number(message, SAMPLE_VALUE, (guint64)n->base_self);
    put_number(message, SAMPLE_VALUE, (guint64)unpark_time_add(n->self, -n->base_self));
  }
  put_bytes(to, PROFILE_SAMPLE, message->str, message->len);
}

/* A location and a function for each name; functions of one name are one to pprof as well. */
static void put_name(GString *to, const UnparkFlame *flame, guint32 id, Strings *strings) {
  const UnparkFlameName *name = &flame->names[id];
  const char *text = *name->function ? name->function : name->text;
  g_autoptr(GString) line = g_string_new(NULL);
  g_autoptr(GString) location = g_string_new(NULL);
  g_autoptr(GString) function = g_string_new(NULL);
  put_number(line, LINE_FUNCTION, (guint64)id + 1);
  if (name->line > 0)
    put_number(line, LINE_LINE, name->line);
  put_number(location, LOCATION_ID, (guint64)id + 1);
  put_bytes(location, LOCATION_LINE, line->str, line->len);
  put_bytes(to, PROFILE_LOCATION, location->str, location->len);
  put_number(function, FUNCTION_ID, (guint64)id + 1);
  put_number(function, FUNCTION_NAME, string_id(strings, text));
  put_number(function, FUNCTION_SYSTEM_NAME, string_id(strings, text));
  put_number(function, FUNCTION_FILE, string_id(strings, name->file));
  put_bytes(to, PROFILE_FUNCTION, function->str, function->len);
}

static void put_types(GString *to, const UnparkFlame *flame, Strings *strings) {
  guint type = string_id(strings, flame->title), unit = string_id(strings, flame->unit);
  if (has_contentions(flame)) {
    guint count = string_id(strings, "count");
    put_type(to, PROFILE_SAMPLE_TYPE, string_id(strings, "contentions"), count);
    put_type(to, PROFILE_SAMPLE_TYPE, string_id(strings, "delay"), unit);
    put_type(to, PROFILE_PERIOD_TYPE, string_id(strings, "trace"), count);
    return;
  }
  put_type(to, PROFILE_SAMPLE_TYPE, type, unit);
  put_type(to, PROFILE_PERIOD_TYPE, type, unit);
  /* Without a default, pprof shows the last. */
  if (flame->has_base) {
    put_type(to, PROFILE_SAMPLE_TYPE, string_id(strings, "base"), unit);
    put_type(to, PROFILE_SAMPLE_TYPE, string_id(strings, "change"), unit);
    put_number(to, PROFILE_DEFAULT_TYPE, string_id(strings, "change"));
  }
}

static gboolean write_profile(const UnparkFlame *flame, Strings *strings, UnparkFlameWriter *w) {
  g_autoptr(GString) locations = g_string_new(NULL);
  g_autoptr(GString) message = g_string_new(NULL);
  g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(guint32));
  put_types(w->text, flame, strings);
  for (guint32 i = 1; i < flame->n_nodes && unpark_flame_writer_step(w); i++)
    if (flame->nodes[i].self != 0 || flame->nodes[i].base_self != 0)
      put_sample(w->text, flame, i, locations, message, path);
  for (guint32 i = 0; i < flame->n_names && unpark_flame_writer_step(w); i++)
    put_name(w->text, flame, i, strings);
  for (guint i = 0; i < strings->texts->len && unpark_flame_writer_step(w); i++) {
    const char *text = g_ptr_array_index(strings->texts, i);
    put_bytes(w->text, PROFILE_STRING, text, strlen(text));
  }
  put_number(w->text, PROFILE_PERIOD, 1);
  return unpark_flame_writer_end(w);
}

gboolean unpark_flame_write_pprof(const UnparkFlame *flame, GOutputStream *out,
                                  GCancellable *cancellable, GError **error) {
  g_autoptr(GZlibCompressor) gzip = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6);
  g_autoptr(GOutputStream) packed = g_converter_output_stream_new(out, G_CONVERTER(gzip));
  Strings strings = {g_hash_table_new(g_str_hash, g_str_equal), g_ptr_array_new()};
  UnparkFlameWriter w;
  gboolean ok;
  g_filter_output_stream_set_close_base_stream(G_FILTER_OUTPUT_STREAM(packed), FALSE);
  string_id(&strings, "");
  unpark_flame_writer_begin(&w, packed, cancellable, error);
  ok = write_profile(flame, &strings, &w);
  g_hash_table_unref(strings.ids);
  g_ptr_array_unref(strings.texts);
  return g_output_stream_close(packed, cancellable, ok ? error : NULL) && ok;
}
