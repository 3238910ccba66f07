/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/source/source.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_BYTES (16 << 20)

/* ---- Finding ------------------------------------------------------------------------------ */

static gboolean is_there(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

/* Takes `path`, and gives it back if such a file exists. */
static char *if_there(char *path) {
  if (path && is_there(path))
    return path;
  g_free(path);
  return NULL;
}

/* What follows the prefix, without the separator; NULL if it is not the path's beginning. */
static const char *behind(const char *file, const char *prefix) {
  gsize size = strlen(prefix);
  while (size > 0 && prefix[size - 1] == '/')
    size--;
  if (strncmp(file, prefix, size) != 0 || (file[size] != '/' && size > 0))
    return NULL;
  return file + size + (file[size] == '/');
}

/* No way out of a folder by what a recording says. */
static gboolean is_plain(const char *file) {
  return !strstr(file, "/../") && !g_str_has_prefix(file, "../") && g_utf8_validate(file, -1, NULL);
}

static char *mapped(const char *file, const UnparkSourcePlaces *places) {
  for (const UnparkSourceMapping *m = places->mappings; m && m->from; m++) {
    const char *rest = behind(file, m->from);
    char *found = rest ? if_there(g_build_filename(m->to, rest, NULL)) : NULL;
    if (found)
      return found;
  }
  return NULL;
}

/* The whole path below the folder, or without its first elements, as pprof's -source_path does;
 * *rest, if it is not NULL: what is below it. */
static char *below(const char *folder, const char *file, const char **rest) {
  const char *end = file;
  while (end) {
    while (*end == '/')
      end++;
    char *found = *end ? if_there(g_build_filename(folder, end, NULL)) : NULL;
    if (found) {
      if (rest)
        *rest = end;
      return found;
    }
    end = strchr(end, '/');
  }
  return NULL;
}

/* ---- Go's own sources --------------------------------------------------------------------- */

/* How much of "go1.27.1" names the release: "go1.27". 0: it names none. */
static gsize release_size(const char *version) {
  gsize n = strncmp(version, "go", 2) == 0 ? 2 : 0;
  gboolean digits = FALSE;
  for (guint dots = 0; n > 0 && (g_ascii_isdigit(version[n]) || version[n] == '.'); n++) {
    if (version[n] == '.' && ++dots == 2)
      break;
    digits = digits || dots == 1;
  }
  return digits ? n : 0;
}

/* Whether the sources in `root` are of the release; of those without a VERSION nothing is known. */
static gboolean is_release(const char *root, const char *version) {
  gsize size = version ? release_size(version) : 0;
  g_autofree char *path = g_build_filename(root, "VERSION", NULL), *text = NULL;
  if (size == 0)
    return TRUE;
  return is_there(path) && g_file_get_contents(path, &text, NULL, NULL) &&
         release_size(text) == size && strncmp(text, version, size) == 0;
}

/* Takes `root`. */
static char *in_root(char *root, const char *rest, const char *version) {
  char *found = if_there(g_build_filename(root, "src", rest, NULL));
  if (found && !is_release(root, version))
    g_clear_pointer(&found, g_free);
  g_free(root);
  return found;
}

/* In folders of releases beside each other: those whose names begin with `prefix`. */
static char *in_releases(const char *folder, const char *prefix, const char *rest,
                         const char *version) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;
  char *found = NULL;
  while (dir && !found && (name = g_dir_read_name(dir)))
    if (g_str_has_prefix(name, prefix))
      found = in_root(g_build_filename(folder, name, NULL), rest, version);
  return found;
}

static char *module_cache(void) {
  const char *cache = g_getenv("GOMODCACHE");
  return cache ? g_strdup(cache) : g_build_filename(g_get_home_dir(), "go", "pkg", "mod", NULL);
}

/* Where distributions, the installer and the go command put them. */
static char *in_goroot(const char *file, const char *version) {
  static const char *const roots[] = {"/usr/local/go", "/usr/lib/go", "/usr/lib/golang",
                                      "/usr/share/go"};
  const char *root = g_getenv("GOROOT"), *src = strstr(file, "/src/");
  const char *rest = src ? src + strlen("/src/") : file;
  g_autofree char *cache = module_cache();
  g_autofree char *toolchains = g_build_filename(cache, "golang.org", NULL);
  g_autofree char *downloads = g_build_filename(g_get_home_dir(), "sdk", NULL);
  char *found = root ? in_root(g_strdup(root), rest, version) : NULL;
  for (guint i = 0; !found && i < G_N_ELEMENTS(roots); i++)
    found = in_root(g_strdup(roots[i]), rest, version);
  if (!found)
    found = in_releases("/usr/lib", "go-", rest, version);
  if (!found)
    found = in_releases(toolchains, "toolchain@", rest, version);
  return found ? found : in_releases(downloads, "go", rest, version);
}

/* The path as it is, unless it leads to Go's own sources of another release. */
static char *itself(const char *file, const char *version) {
  char *found = g_path_is_absolute(file) ? if_there(g_strdup(file)) : NULL;
  const char *src = found ? strstr(file, "/src/") : NULL;
  g_autofree char *root = src ? g_strndup(file, (gsize)(src - file)) : NULL;
  g_autofree char *mark = root ? g_build_filename(root, "VERSION", NULL) : NULL;
  if (mark && is_there(mark) && !is_release(root, version))
    g_clear_pointer(&found, g_free);
  return found;
}

/* "MODULE@VERSION/PATH", also behind "/pkg/mod/". */
static char *in_module_cache(const char *file) {
  const char *mod = strstr(file, "/pkg/mod/");
  const char *rest = mod ? mod + strlen("/pkg/mod/") : file;
  g_autofree char *cache = module_cache();
  return strchr(rest, '@') ? if_there(g_build_filename(cache, rest, NULL)) : NULL;
}

char *unpark_source_find(const char *file, const UnparkSourcePlaces *places) {
  if (*file == '\0' || *file == '<' || !is_plain(file))
    return NULL;
  char *found = mapped(file, places);
  if (!found)
    found = itself(file, places->go_version);
  for (guint i = 0; !found && places->folders && places->folders[i]; i++)
    found = below(places->folders[i], file, NULL);
  if (!found)
    found = in_goroot(file, places->go_version);
  return found ? found : in_module_cache(file);
}

/* ---- Mappings ----------------------------------------------------------------------------- */

gboolean unpark_source_mapping_of(const char *file, const char *folder,
                                  UnparkSourceMapping *mapping) {
  const char *rest;
  g_autofree char *found = is_plain(file) ? below(folder, file, &rest) : NULL;
  if (!found)
    return FALSE;
  gsize size = (gsize)(rest - file);
  while (size > 1 && file[size - 1] == '/')
    size--;
  *mapping = (UnparkSourceMapping){g_strndup(file, size), g_strdup(folder)};
  return TRUE;
}

void unpark_source_mapping_clear(UnparkSourceMapping *mapping) {
  g_clear_pointer(&mapping->from, g_free);
  g_clear_pointer(&mapping->to, g_free);
}

/* ---- Reading ------------------------------------------------------------------------------ */

static char **split(const char *bytes, gsize size) {
  g_autofree char *text = g_utf8_make_valid(bytes, (gssize)size);
  char **lines = g_strsplit(text, "\n", -1);
  guint n = g_strv_length(lines);
  for (guint i = 0; i < n; i++) {
    gsize length = strlen(lines[i]);
    if (length > 0 && lines[i][length - 1] == '\r')
      lines[i][length - 1] = '\0';
  }
  /* What follows the last line's end is no line. */
  if (n > 0 && *lines[n - 1] == '\0')
    g_clear_pointer(&lines[n - 1], g_free);
  return lines;
}

/* Opened without waiting: a pipe of that name would never end. */
static int open_regular(const char *path, gsize *size, GError **error) {
  struct stat info;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0 || fstat(fd, &info) != 0) {
    int code = errno;
    g_set_error(error, G_IO_ERROR, g_io_error_from_errno(code), _("“%s” cannot be read: %s"), path,
                g_strerror(code));
  } else if (!S_ISREG(info.st_mode)) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, _("“%s” is not a file"), path);
  } else if (info.st_size > MAX_BYTES) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                _("“%s” is too large: source files of up to 16 MiB are shown"), path);
  } else {
    *size = (gsize)info.st_size;
    return fd;
  }
  if (fd >= 0)
    close(fd);
  return -1;
}

char **unpark_source_read(const char *path, GError **error) {
  gsize size, done = 0;
  int fd = open_regular(path, &size, error);
  if (fd < 0)
    return NULL;
  g_autofree char *bytes = g_malloc(size + 1);
  while (done < size) {
    gssize n = read(fd, bytes + done, size - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      break;
    done += (gsize)n;
  }
  close(fd);
  return split(bytes, done);
}
