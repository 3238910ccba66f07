/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What frames are called: merged by function, file, package or line, each name once. */
#include <glib/gi18n.h>
#include <string.h>

#include "model/base/go-name.h"
#include "model/flame/graph/private.h"

static UnparkFlameNameKind kind_of(const char *package) {
  switch (unpark_go_kind_of_package(package)) {
  case UNPARK_GO_RUNTIME:
    return UNPARK_NAME_RUNTIME;
  case UNPARK_GO_STANDARD:
    return UNPARK_NAME_STANDARD;
  default:
    /* Functions of C, which Go calls for its own purposes. */
    return *package ? UNPARK_NAME_USER : UNPARK_NAME_RUNTIME;
  }
}

UnparkFlameNames *unpark_flame_names_new(void) {
  UnparkFlameNames *names = g_new0(UnparkFlameNames, 1);
  names->chunk = g_string_chunk_new(64 * 1024);
  names->by_key = g_hash_table_new(g_str_hash, g_str_equal);
  names->names = g_array_new(FALSE, FALSE, sizeof(UnparkFlameName));
  return names;
}

void unpark_flame_names_free(UnparkFlameNames *names) {
  if (!names)
    return;
  g_string_chunk_free(names->chunk);
  g_hash_table_unref(names->by_key);
  if (names->names)
    g_array_unref(names->names);
  g_free(names);
}

static const char *keep(UnparkFlameNames *names, const char *text) {
  return g_string_chunk_insert_const(names->chunk, text);
}

/* `key` has a first character of its own kind, then the text. */
static guint32 add(UnparkFlameNames *names, const char *key, const UnparkFlameName *name) {
  UnparkFlameName copy = *name;
  copy.text = keep(names, name->text);
  copy.function = keep(names, name->function);
  copy.file = keep(names, name->file);
  copy.package = keep(names, name->package);
  g_array_append_val(names->names, copy);
  g_hash_table_insert(names->by_key, g_string_chunk_insert(names->chunk, key),
                      GUINT_TO_POINTER(names->names->len));
  return names->names->len - 1;
}

static gboolean find(UnparkFlameNames *names, const char *key, guint32 *id) {
  guint found = GPOINTER_TO_UINT(g_hash_table_lookup(names->by_key, key));
  *id = found - 1;
  return found > 0;
}

guint32 unpark_flame_names_special(UnparkFlameNames *names, UnparkFlameNameKind kind,
                                   const char *text) {
  UnparkFlameName name = {.text = text, .function = "", .file = "", .package = "", .kind = kind};
  g_autofree char *key = g_strdup_printf("%d%s", (int)kind, text);
  guint32 id;
  return find(names, key, &id) ? id : add(names, key, &name);
}

guint32 unpark_flame_no_stack(UnparkFlameNames *names) {
  return unpark_flame_names_special(names, UNPARK_NAME_NO_STACK, _("(no stack)"));
}

static char *frame_text(UnparkFlameMerge merge, const char *function, const char *package,
                        const char *file, guint32 line) {
  const char *slash = strrchr(file, '/');
  const char *base = slash ? slash + 1 : file;
  switch (merge) {
  case UNPARK_FLAME_MERGE_FILE:
    return g_strdup(*file ? file : _("(unknown file)"));
  case UNPARK_FLAME_MERGE_PACKAGE:
    return g_strdup(*package ? package : _("(no package)"));
  case UNPARK_FLAME_MERGE_LINE:
    if (*file && line > 0)
      return g_strdup_printf("%s %s:%u", *function ? function : "?", base, line);
    break;
  default:
    break;
  }
  if (*function)
    return g_strdup(function);
  return *file ? g_strdup_printf("%s:%u", base, line) : g_strdup(_("(unknown)"));
}

guint32 unpark_flame_names_frame(UnparkFlameNames *names, UnparkFlameMerge merge,
                                 const char *function, const char *file, guint32 line) {
  g_autofree char *package = g_strndup(function, unpark_go_package_length(function));
  g_autofree char *text = frame_text(merge, function, package, file, line);
  /* Lines of files with one base name in different folders stay apart. */
  g_autofree char *key = merge == UNPARK_FLAME_MERGE_LINE ? g_strdup_printf("f%s\n%s", text, file)
                                                          : g_strconcat("f", text, NULL);
  gboolean has_function = merge == UNPARK_FLAME_MERGE_FUNCTION || merge == UNPARK_FLAME_MERGE_LINE;
  UnparkFlameName name = {.text = text,
                          .function = has_function ? function : "",
                          .file = merge == UNPARK_FLAME_MERGE_PACKAGE ? "" : file,
                          .package = package,
                          .line = merge == UNPARK_FLAME_MERGE_LINE ? line : 0,
                          .kind = kind_of(package)};
  guint32 id;
  return find(names, key, &id) ? id : add(names, key, &name);
}
