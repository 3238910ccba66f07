/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/store/stale-temps.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where SQLite locks a file (sqlite.org/fileformat2.html, "the lock-byte page"). */
#define LOCK_BYTES_AT 1073741824
#define LOCK_BYTES 512

/* The number of the process in "BASE.PID-N.tmp"; 0: it is no such name. */
static pid_t writer_of(const char *name, const char *base) {
  gsize n = strlen(base);
  guint64 pid;
  char *end;

  if (strncmp(name, base, n) != 0 || name[n] != '.' || !g_ascii_isdigit(name[n + 1]))
    return 0;
  pid = g_ascii_strtoull(name + n + 1, &end, 10);
  if (*end != '-' || !g_ascii_isdigit(end[1]) || pid > G_MAXINT32)
    return 0;
  end += strspn(end + 1, "0123456789") + 1;
  return strcmp(end, ".tmp") == 0 ? (pid_t)pid : 0;
}

static gboolean is_alive(pid_t pid) {
  return kill(pid, 0) == 0 || errno != ESRCH;
}

/* TRUE if that cannot be told, too. Never follows a link or waits for a pipe. */
static gboolean is_locked(const char *path) {
  struct flock lock = {
      .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCK_BYTES_AT, .l_len = LOCK_BYTES};
  int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  struct stat st;
  gboolean locked = TRUE;

  if (fd < 0)
    return TRUE;
  if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && fcntl(fd, F_GETLK, &lock) == 0)
    locked = lock.l_type != F_UNLCK;
  close(fd);
  return locked;
}

guint unpark_remove_stale_temps(const char *path) {
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *base = g_path_get_basename(path);
  g_autoptr(GDir) listing = g_dir_open(folder, 0, NULL);
  const char *name;
  guint n = 0;

  while (listing && (name = g_dir_read_name(listing))) {
    g_autofree char *temp = NULL;
    pid_t pid = writer_of(name, base);
    if (pid <= 0 || is_alive(pid))
      continue;
    temp = g_build_filename(folder, name, NULL);
    if (!is_locked(temp) && g_unlink(temp) == 0)
      n++;
  }
  return n;
}
