/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What frames are called: merged by function, file, package or line, each name once. */
#include <glib/gi18n.h>
#include <string.h>

#include "model/flame/graph/private.h"

/* First elements of the paths of the standard library's packages. */
static const char *const standard[] = {
    "archive", "arena",   "bufio",    "builtin", "bytes",   "cmp",      "compress", "container",
    "context", "crypto",  "database", "debug",   "embed",   "encoding", "errors",   "expvar",
    "flag",    "fmt",     "go",       "hash",    "html",    "image",    "index",    "internal",
    "io",      "iter",    "log",      "maps",    "math",    "mime",     "net",      "os",
    "path",    "plugin",  "reflect",  "regexp",  "runtime", "slices",   "sort",     "strconv",
    "strings", "structs", "sync",     "syscall", "testing", "text",     "time",     "unicode",
    "unique",  "unsafe",  "vendor",   "weak",    NULL,
};

/* The dot after the package is the first one behind the last slash, and generic types and
 * receivers, which may hold both, come later. */
char *unpark_flame_package(const char *function) {
  gsize end = strcspn(function, "([ ");
  const char *from = function, *slash;
  while ((slash = memchr(from, '/', (gsize)(function + end - from))))
    from = slash + 1;
  const char *dot = memchr(from, '.', (gsize)(function + end - from));
  if (!dot && function[end] == '(' && end > 0)
    return g_strdup("");
  return dot ? g_strndup(function, (gsize)(dot - function)) : g_strdup("");
}

UnparkFlameNameKind unpark_flame_kind_of_package(const char *package) {
  gsize first = strcspn(package, "/");
  if (!*package || strcmp(package, "runtime") == 0 || strcmp(package, "internal/poll") == 0 ||
      strcmp(package, "internal/bytealg") == 0 || g_str_has_prefix(package, "internal/runtime/") ||
      g_str_has_prefix(package, "runtime/internal/"))
    return UNPARK_NAME_RUNTIME;
  for (guint i = 0; standard[i]; i++)
    if (strlen(standard[i]) == first && memcmp(package, standard[i], first) == 0)
      return UNPARK_NAME_STANDARD;
  return UNPARK_NAME_USER;
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
  g_autofree char *package = unpark_flame_package(function);
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
                          .kind = unpark_flame_kind_of_package(package)};
  guint32 id;
  return find(names, key, &id) ? id : add(names, key, &name);
}
