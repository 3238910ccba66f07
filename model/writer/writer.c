/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/base/error.h"
#include "model/base/times.h"
#include "model/store/store.h"
#include "model/writer/private.h"

static void note_free(gpointer data) {
  UnparkWriterNote *note = data;
  g_free(note->name);
  g_free(note->detail);
  g_free(note);
}

static guint place_hash(gconstpointer data) {
  const UnparkPlace *place = data;
  return (guint)place->proc * 2654435761u ^ (guint)place->thread;
}

static gboolean place_equal(gconstpointer a, gconstpointer b) {
  return memcmp(a, b, sizeof(UnparkPlace)) == 0;
}

/* A name beside `path` that nobody has. */
static char *temp_name(const char *path) {
  static gint counter; /* atomic */
  return g_strdup_printf("%s.%d-%d.tmp", path, (int)getpid(), g_atomic_int_add(&counter, 1));
}

UnparkWriter *unpark_writer_new(const char *path, gboolean live, GError **error) {
  UnparkWriter *w = g_new0(UnparkWriter, 1);
  const UnparkPlace nowhere = {-1, -1};

  w->path = g_strdup(path);
  w->temp_path = temp_name(path);
  w->live = live;
  w->last_commit_us = g_get_monotonic_time();
  w->source.start_wall_ns = UNPARK_NONE;
  w->notes = g_ptr_array_new_with_free_func(note_free);
  w->intern = unpark_intern_new();
  w->kind_ids = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  w->kind_states = g_new0(UnparkState, 65536);
  w->place_ids = g_hash_table_new_full(place_hash, place_equal, g_free, NULL);
  w->places = g_array_new(FALSE, FALSE, sizeof(UnparkPlace));
  g_array_append_val(w->places, nowhere);
  w->open = g_ptr_array_new();
  w->lane_slabs = g_ptr_array_new_with_free_func(free);
  w->parked = g_hash_table_new(g_int64_hash, g_int64_equal);
  w->segment = unpark_segment_new(0);
  int fd = g_open(w->temp_path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
                _("Cannot create the store “%s”: %s"), w->path, g_strerror(errno));
  else {
    close(fd);
    w->sink = unpark_sink_new(w->temp_path, 16384, live, error);
  }
  if (!w->sink)
    g_clear_pointer(&w, unpark_writer_free);
  return w;
}

const char *unpark_writer_temp_path(UnparkWriter *w) {
  return w->temp_path;
}

guint unpark_writer_generation(UnparkWriter *w) {
  return (guint)g_atomic_int_get((gint *)&w->generation);
}

gboolean unpark_writer_check(UnparkWriter *w, GError **error) {
  return unpark_sink_check(w->sink, error);
}

static void set_text(char **where, const char *text) {
  g_free(*where);
  *where = g_strdup(text);
}

void unpark_writer_set_source(UnparkWriter *w, UnparkSourceKind kind, const char *importer,
                              const char *format, const char *go_version, gint64 start_wall_ns) {
  w->source.kind = kind;
  if (importer)
    set_text(&w->source.importer, importer);
  if (format)
    set_text(&w->source.format, format);
  if (go_version)
    set_text(&w->source.go_version, go_version);
  if (start_wall_ns != UNPARK_NONE)
    w->source.start_wall_ns = start_wall_ns;
}

void unpark_writer_set_path(UnparkWriter *w, const char *path, guint64 byte_count) {
  set_text(&w->source.path, path);
  w->source.byte_count = byte_count;
}

void unpark_writer_count_events(UnparkWriter *w, guint64 n) {
  w->source.event_count += n;
}

void unpark_writer_note(UnparkWriter *w, UnparkSeverity severity, const char *name, guint64 count,
                        const char *detail_format, ...) {
  for (guint i = 0; i < w->notes->len; i++) {
    UnparkWriterNote *note = w->notes->pdata[i];
    if (strcmp(note->name, name) == 0) {
      note->count += count;
      note->severity = MAX(note->severity, severity);
      return;
    }
  }
  UnparkWriterNote *note = g_new0(UnparkWriterNote, 1);
  va_list args;
  va_start(args, detail_format);
  g_autofree char *detail = g_strdup_vprintf(detail_format, args);
  va_end(args);
  note->severity = severity;
  note->name = g_strdup(name);
  note->detail = g_utf8_make_valid(detail, -1);
  note->count = count;
  g_ptr_array_add(w->notes, note);
}

void unpark_writer_append(UnparkWriter *w, UnparkTable table, const gint64 *values) {
  unpark_rows_append(w, (UnparkFact)table, values);
}

guint16 unpark_writer_kind(UnparkWriter *w, UnparkState state, guint32 reason, UnparkCause cause) {
  gint64 key = (gint64)reason << 16 | (gint64)cause << 8 | (gint64)state;
  gpointer known = g_hash_table_lookup(w->kind_ids, &key);
  if (known)
    return (guint16)GPOINTER_TO_UINT(known);
  if (w->n_kinds >= 65000 && reason != 0)
    return unpark_writer_kind(w, state, 0, cause);
  const gint64 row[] = {state, reason, cause};
  unpark_rows_append(w, UNPARK_FACT_KIND, row);
  guint16 id = (guint16)++w->n_kinds;
  w->kind_states[id] = state;
  g_hash_table_insert(w->kind_ids, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(id));
  return id;
}

guint32 unpark_writer_place(UnparkWriter *w, gint64 proc, gint64 thread) {
  const UnparkPlace place = {proc, thread};
  gpointer known = g_hash_table_lookup(w->place_ids, &place);
  if (known)
    return GPOINTER_TO_UINT(known);
  const gint64 row[] = {proc < 0 ? UNPARK_NONE : proc, thread < 0 ? UNPARK_NONE : thread};
  unpark_rows_append(w, UNPARK_FACT_PLACE, row);
  guint32 id = w->places->len;
  g_array_append_val(w->places, place);
  g_hash_table_insert(w->place_ids, g_memdup2(&place, sizeof place), GUINT_TO_POINTER(id));
  return id;
}

const char *unpark_writer_text(UnparkWriter *w, guint32 string) {
  return unpark_intern_text(w, string);
}

/* ---- finishing ---------------------------------------------------------------- */

static gboolean write_source(UnparkWriter *w, gint64 end_ns, gboolean complete, GError **error) {
  const char *texts[] = {w->source.path ? w->source.path : "",
                         w->source.importer ? w->source.importer : "",
                         w->source.format ? w->source.format : "",
                         w->source.go_version ? w->source.go_version : "",
                         NULL,
                         NULL,
                         NULL,
                         NULL,
                         NULL,
                         NULL};
  g_autofree char *path = g_utf8_make_valid(texts[0], -1);
  texts[0] = path;
  const gint64 numbers[] = {0,
                            0,
                            0,
                            0,
                            w->source.start_wall_ns,
                            unpark_time_clamp(unpark_time_subtract(end_ns, w->source.start_ns)),
                            (gint64)w->source.byte_count,
                            (gint64)w->source.event_count,
                            complete ? 1 : 0,
                            w->source.kind};
  return unpark_sink_row(w->sink, "INSERT INTO source VALUES(?,?,?,?,?,?,?,?,?,?)", texts, numbers,
                         10, error);
}

static gboolean write_notes(UnparkWriter *w, GError **error) {
  if (w->bad_utf8 > 0)
    unpark_writer_note(w, UNPARK_NOTE_INFO, "invalid-utf8", w->bad_utf8,
                       "Names with bytes that are not UTF-8; they are shown as U+FFFD.");
  w->bad_utf8 = 0;
  for (guint i = 0; i < w->notes->len; i++) {
    const UnparkWriterNote *note = w->notes->pdata[i];
    const char *texts[] = {unpark_severity_name(note->severity), note->name, NULL, note->detail};
    const gint64 numbers[] = {0, 0, (gint64)note->count, 0};
    if (!unpark_sink_row(w->sink, "INSERT INTO import_note VALUES(?,?,?,?)", texts, numbers, 4,
                         error))
      return FALSE;
  }
  return TRUE;
}

static void flush_rows(UnparkWriter *w) {
  for (guint fact = 0; fact < UNPARK_N_FACTS; fact++)
    unpark_rows_flush(w, (UnparkFact)fact);
  unpark_intern_flush(w);
}

/* Takes back what the last snapshot said of unfinished things. */
static gboolean drop_snapshot(UnparkWriter *w, GError **error) {
  g_autofree char *sql =
      g_strdup_printf("DELETE FROM block_data WHERE id IN (SELECT id FROM block WHERE fact=%d);"
                      "DELETE FROM block WHERE fact=%d; DELETE FROM source",
                      UNPARK_FACT_GOROUTINE_OPEN, UNPARK_FACT_GOROUTINE_OPEN);
  return unpark_sink_exec(w->sink, sql, error);
}

void unpark_writer_commit(UnparkWriter *w, gint64 now_ns) {
  /* The snapshot of before goes; the one in the row buffers comes. Failures are sticky in the
   * sink and reported by unpark_writer_check(). */
  if (drop_snapshot(w, NULL)) {
    flush_rows(w);
    if (write_source(w, now_ns, FALSE, NULL) && unpark_sink_commit(w->sink, NULL))
      g_atomic_int_inc((gint *)&w->generation);
  }
  w->last_commit_us = g_get_monotonic_time();
}

/* Renames. Where there is a store of that name already they change places, and the old one is
 * removed: as safe for whoever looks, but ext4 does not write all of the new file out to the disk
 * at once, as it does when one file replaces another. */
static int put_in_place(const char *from, const char *to) {
#ifdef RENAME_EXCHANGE
  GStatBuf there;
  if (g_lstat(to, &there) == 0 && S_ISREG(there.st_mode) &&
      renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCHANGE) == 0)
    return g_unlink(from);
#endif
  return g_rename(from, to);
}

gboolean unpark_writer_finish(UnparkWriter *w, gint64 end_ns, gboolean complete, GError **error) {
  g_return_val_if_fail(!w->finished, FALSE);
  end_ns = CLAMP(end_ns, 0, UNPARK_TIME_MAX);
  unpark_lanes_finish(w, end_ns);
  w->rows[UNPARK_FACT_GOROUTINE_OPEN].n = 0;
  flush_rows(w);
  if ((w->live && !drop_snapshot(w, error)) || !write_notes(w, error) ||
      !write_source(w, end_ns, complete, error) || !unpark_sink_exec(w->sink, "COMMIT", error))
    return FALSE;
  g_clear_pointer(&w->sink, unpark_sink_free);
  if (put_in_place(w->temp_path, w->path) != 0) {
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
                _("Cannot name the store “%s”: %s"), w->path, g_strerror(errno));
    return FALSE;
  }
  w->finished = TRUE;
  return TRUE;
}

void unpark_writer_free(UnparkWriter *w) {
  if (!w)
    return;
  g_clear_pointer(&w->sink, unpark_sink_free);
  if (!w->finished)
    g_unlink(w->temp_path);
  for (guint i = 0; i < UNPARK_N_FACTS; i++)
    g_clear_pointer(&w->rows[i].values, unpark_rows_free);
  unpark_rows_empty_pool();
  unpark_lanes_free(w);
  unpark_intern_free(w->intern);
  g_hash_table_unref(w->kind_ids);
  g_hash_table_unref(w->place_ids);
  g_array_unref(w->places);
  g_ptr_array_unref(w->notes);
  g_free(w->kind_states);
  g_free(w->source.importer);
  g_free(w->source.format);
  g_free(w->source.go_version);
  g_free(w->source.path);
  g_free(w->path);
  g_free(w->temp_path);
  g_free(w);
}
