/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/labels.h"
#include "importers/text/dump.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/text/chopped.h"
#include "importers/text/dump-report.h"
#include "importers/text/log-line.h"
#include "importers/text/stack.h"
#include "model/base/error.h"

/* Ids remembered to tell that a file holds more than one dump. */
#define SEEN_MAX (1u << 20)
#define CRASH_TEXT_MAX 300
#define TESTS_TEXT_MAX 16000

typedef enum {
  PART_NONE,     /* between goroutines */
  PART_FRAMES,   /* where it is */
  PART_CREATED,  /* the function that created it; its position comes next */
  PART_ANCESTOR, /* where it was created, in full */
  PART_REST      /* ancestors of ancestors */
} Part;

typedef struct {
  UnparkWriter *writer;
  Part part;
  gboolean open; /* a goroutine has begun */
  UnparkGoStack frames, created;
  gint64 row[8];       /* of UNPARK_TABLE_DUMP_GOROUTINE */
  GString *creator;    /* function of "created by" */
  gboolean twice;      /* the stack of creation has the creator's frame twice */
  gsize prefix;        /* bytes of an unknown logger before each line */
  gboolean report;     /* the open goroutine is of a goleak report, and has no frame yet */
  gboolean deadlock;   /* the open goroutine's frames are go-deadlock's */
  const char *heading; /* of go-deadlock, for the stack that comes; NULL */
  GString *crash;      /* what the crash says, until it is whole */
  gboolean tests;      /* the tests that were running follow in it */
  gboolean prefixed;   /* a known one's stood before the goroutine's first line */
  GHashTable *seen;    /* gint64 ids */
  guint64 n_goroutines, n_repeated, n_elided, n_unavailable;
} Dump;

enum {
  ROW_ID,
  ROW_STATE,
  ROW_MINUTES,
  ROW_LOCKED,
  ROW_STACK,
  ROW_CREATE_STACK,
  ROW_CREATOR,
  ROW_COUNT
};

static void end_goroutine(Dump *dump) {
  guint32 created;

  if (!dump->open)
    return;
  dump->row[ROW_STACK] = unpark_go_stack_end(&dump->frames);
  if (dump->twice && dump->created.frames->len > 1)
    g_array_remove_index(dump->created.frames, 1);
  created = unpark_go_stack_end(&dump->created);
  dump->row[ROW_CREATE_STACK] = created;
  unpark_writer_append(dump->writer, UNPARK_TABLE_DUMP_GOROUTINE, dump->row);
  dump->n_goroutines++;
  dump->open = FALSE;
  dump->part = PART_NONE;
}

static void count_repeated(Dump *dump, gint64 id) {
  if (g_hash_table_contains(dump->seen, &id))
    dump->n_repeated++;
  else if (g_hash_table_size(dump->seen) < SEEN_MAX)
    g_hash_table_add(dump->seen, g_memdup2(&id, sizeof id));
}

static void begin(Dump *dump, gint64 id, UnparkText state) {
  end_goroutine(dump);
  dump->report = dump->deadlock = FALSE;
  dump->row[ROW_ID] = id;
  dump->row[ROW_STATE] = unpark_text_string(dump->writer, state);
  dump->row[ROW_MINUTES] = UNPARK_NONE;
  dump->row[ROW_LOCKED] = 0;
  dump->row[ROW_CREATOR] = UNPARK_NONE;
  dump->row[ROW_COUNT] = 1;
  dump->twice = FALSE;
  g_string_truncate(dump->creator, 0);
  dump->open = TRUE;
  dump->part = PART_FRAMES;
}

/* Older versions of goleak print their own line before the runtime's. */
static void take_report(Dump *dump, gint64 id) {
  if (dump->report && dump->row[ROW_ID] == id && dump->frames.frames->len == 0)
    dump->open = FALSE;
  else
    count_repeated(dump, id);
}

static void begin_goroutine(Dump *dump, const UnparkDumpHeader *header, gboolean prefixed) {
  take_report(dump, header->id);
  begin(dump, header->id, header->state);
  dump->prefixed = prefixed;
  dump->row[ROW_MINUTES] = header->wait_minutes;
  dump->row[ROW_LOCKED] = header->locked;
  dump->prefix = header->prefix;
  if (header->labels.len > 0) {
    g_autoptr(GString) labels = unpark_text_readable(header->labels);
    const gint64 row[] = {header->id, 0,
                          unpark_writer_string(dump->writer, labels->str, labels->len)};
    unpark_writer_append(dump->writer, UNPARK_TABLE_LABEL, row);
  }
}

/* "created by main.main in goroutine 1" (the goroutine since Go 1.21). */
static void take_created_by(Dump *dump, UnparkText name) {
  const UnparkText in = UNPARK_TEXT(" in goroutine ");
  gssize at = unpark_text_find(name, in);
  gint64 creator;

  if (dump->part == PART_ANCESTOR || dump->part == PART_REST) { /* who created the creator */
    dump->part = PART_REST;
    return;
  }
  if (at >= 0) {
    UnparkText number = unpark_text_from(name, (gsize)at + in.len);
    if (unpark_text_take_number(&number, FALSE, &creator))
      dump->row[ROW_CREATOR] = creator;
    name.len = (gsize)at;
  }
  dump->part = PART_CREATED;
  g_string_truncate(dump->creator, 0);
  g_string_append_len(dump->creator, name.text, (gssize)name.len);
  g_string_assign(dump->created.name, dump->creator->str);
  dump->created.inlined = FALSE;
}

/* "[originating from goroutine 1]:" with GODEBUG=tracebackancestors=N: the whole stack of the
 * `go` statement, of which "created by" was the innermost frame; its line is the better one. */
static void take_ancestor(Dump *dump, UnparkText line) {
  gint64 creator;

  if (dump->part == PART_ANCESTOR || dump->part == PART_REST) {
    dump->part = PART_REST;
    return;
  }
  if (unpark_text_take_number(&line, FALSE, &creator))
    dump->row[ROW_CREATOR] = creator;
  dump->part = PART_ANCESTOR;
}

/* The first function of an ancestor: the creator again, or the function inlined there. */
static void first_of_ancestor(Dump *dump, UnparkText line) {
  gboolean has_arguments, inlined;
  UnparkText name = unpark_go_function(line, &has_arguments, &inlined);

  if (!has_arguments)
    return;
  dump->twice = unpark_text_equal(name, (UnparkText){dump->creator->str, dump->creator->len});
  if (!dump->twice)
    g_array_set_size(dump->created.frames, 0);
}

static void frame_line(Dump *dump, UnparkText line) {
  UnparkText stripped = unpark_text_strip(line);

  if (unpark_text_ends(stripped, UNPARK_TEXT("frames elided...")))
    dump->n_elided++;
  if (unpark_text_starts(stripped, UNPARK_TEXT("goroutine running on other thread"))) {
    dump->n_unavailable++;
    return;
  }
  if (dump->part == PART_ANCESTOR && dump->created.frames->len == 1 && !dump->twice)
    first_of_ancestor(dump, line);
  if (dump->part == PART_FRAMES)
    unpark_go_stack_line(&dump->frames, line);
  else if (dump->part == PART_CREATED || dump->part == PART_ANCESTOR)
    unpark_go_stack_line(&dump->created, line);
}

/* "SIGQUIT: quit", "SIGSEGV: segmentation violation" */
static gboolean is_signal(UnparkText line) {
  gsize at = 3;

  if (!unpark_text_starts(line, UNPARK_TEXT("SIG")))
    return FALSE;
  while (at < line.len && g_ascii_isupper(line.text[at]))
    at++;
  return at > 3 && unpark_text_starts(unpark_text_from(line, at), UNPARK_TEXT(": "));
}

static void end_crash(Dump *dump) {
  g_autofree char *text = g_utf8_make_valid(dump->crash->str, (gssize)dump->crash->len);

  if (dump->crash->len > 0)
    unpark_writer_note(dump->writer, UNPARK_NOTE_INFO, "crash", 1, "%s", text);
  g_string_truncate(dump->crash, 0);
  dump->tests = FALSE;
}

/* "running tests:", then a line for each; or the words after "panic:" alone. FALSE: the line is
 * none of these. */
static gboolean crash_goes_on(Dump *dump, UnparkText line) {
  const UnparkText crash = {dump->crash->str, dump->crash->len};
  gboolean is_open = unpark_text_equal(crash, UNPARK_TEXT("panic:")) ||
                     unpark_text_equal(crash, UNPARK_TEXT("fatal error:"));
  gboolean begins = unpark_text_equal(line, UNPARK_TEXT("running tests:"));
  const char *between = dump->tests ? ", " : "; ";

  if (line.len == 0 || (!is_open && !begins && !dump->tests)) {
    if (line.len > 0 || !is_open)
      end_crash(dump);
    return FALSE;
  }
  if (is_open || unpark_text_ends(crash, UNPARK_TEXT("running tests:")))
    between = " ";
  dump->tests = dump->tests || begins;
  if (crash.len < TESTS_TEXT_MAX) {
    g_string_append(dump->crash, between);
    g_string_append_len(dump->crash, line.text, (gssize)MIN(line.len, CRASH_TEXT_MAX));
  } else if (!unpark_text_ends(crash, UNPARK_TEXT("…"))) {
    g_string_append(dump->crash, ", …");
  }
  return TRUE;
}

/* What a crash says first is worth more than any stack. */
static void crash_line(Dump *dump, UnparkText line) {
  UnparkText stripped = unpark_text_strip(line);

  if (!unpark_text_starts(line, UNPARK_TEXT("panic: ")) &&
      !unpark_text_starts(line, UNPARK_TEXT("fatal error: ")) && !is_signal(line) &&
      !unpark_text_starts(line, UNPARK_TEXT("http: panic serving ")) &&
      !unpark_text_starts(line, UNPARK_TEXT("unexpected fault address ")) &&
      !unpark_text_starts(line, UNPARK_TEXT("POTENTIAL DEADLOCK:")) &&
      !unpark_text_equal(stripped, UNPARK_TEXT("panic:")) &&
      !unpark_text_equal(stripped, UNPARK_TEXT("fatal error:")))
    return;
  end_crash(dump);
  g_string_append_len(dump->crash, stripped.text, (gssize)MIN(stripped.len, CRASH_TEXT_MAX));
}

/* ---- go-deadlock ---------------------------------------------------------------------- */

static void begin_deadlock(Dump *dump, gint64 id, UnparkText lock) {
  const char *state = dump->heading ? dump->heading : "lock";

  begin(dump, id, (UnparkText){state, strlen(state)});
  dump->deadlock = TRUE;
  if (lock.len > 0) {
    g_autofree char *label = g_strdup_printf("lock: %.*s", (int)MIN(lock.len, 64), lock.text);
    const gint64 row[] = {id, 0, unpark_writer_string(dump->writer, label, strlen(label))};
    unpark_writer_append(dump->writer, UNPARK_TABLE_LABEL, row);
  }
}

/* TRUE if the line is of such a report. */
static gboolean deadlock_line(Dump *dump, UnparkText line) {
  UnparkReportDeadlockFrame frame;
  gboolean anonymous;
  const char *heading = unpark_report_deadlock_heading(line, &anonymous);
  UnparkText lock;
  gint64 id;

  if (heading) {
    end_goroutine(dump);
    dump->heading = heading;
    if (anonymous)
      begin_deadlock(dump, dump->row[ROW_ID], UNPARK_TEXT(""));
    return TRUE;
  }
  if (unpark_report_deadlock_header(line, &id, &lock)) {
    begin_deadlock(dump, id, lock);
    return TRUE;
  }
  if (dump->open && dump->deadlock && unpark_report_deadlock_frame(line, &frame)) {
    unpark_go_stack_frame(&dump->frames, frame.function, frame.file, frame.line);
    return TRUE;
  }
  return FALSE;
}

/* ---- Lines ---------------------------------------------------------------------------- */

static void stack_line(Dump *dump, UnparkText line) {
  UnparkText rest = line;

  if (dump->report) /* a report is indented as a whole */
    rest = unpark_text_strip(rest);
  if (unpark_text_take(&rest, UNPARK_TEXT("created by ")))
    take_created_by(dump, rest);
  else if (unpark_text_take(&rest, UNPARK_TEXT("[originating from goroutine ")))
    take_ancestor(dump, rest);
  else
    frame_line(dump, line);
}

static void take_line(Dump *dump, UnparkText line, gboolean prefixed) {
  UnparkDumpHeader header;
  UnparkText stripped;

  if (unpark_dump_header(line, &header)) {
    end_crash(dump);
    begin_goroutine(dump, &header, prefixed);
    return;
  }
  if (unpark_report_goleak(line, &header)) {
    begin_goroutine(dump, &header, prefixed);
    dump->report = TRUE;
    return;
  }
  /* Only a log's own line has a time before it here. */
  if (dump->open && prefixed && !dump->prefixed)
    return;
  if (dump->prefix > 0 && line.len >= dump->prefix)
    line = unpark_text_from(line, dump->prefix);
  stripped = unpark_text_strip(line);
  if (dump->crash->len > 0 && crash_goes_on(dump, stripped))
    return;
  if (stripped.len == 0 || (dump->report && unpark_text_equal(stripped, UNPARK_TEXT("]"))))
    end_goroutine(dump);
  else if (deadlock_line(dump, line))
    return;
  else if (unpark_text_equal(line, UNPARK_TEXT("runtime stack:")))
    begin(dump, 0, UNPARK_TEXT("runtime stack"));
  else if (!dump->open)
    crash_line(dump, line);
  else
    stack_line(dump, line);
}

static gboolean note_all(const Dump *dump, const UnparkLines *lines) {
  UnparkWriter *w = dump->writer;

  if (dump->n_repeated > 0)
    unpark_writer_note(w, UNPARK_NOTE_INFO, "repeated-goroutine", dump->n_repeated,
                       _("A goroutine appears more than once: the file holds several dumps"));
  if (dump->n_elided > 0)
    unpark_writer_note(w, UNPARK_NOTE_INFO, "elided-frames", dump->n_elided,
                       _("A stack is so deep that Go left out its middle frames"));
  if (dump->n_unavailable > 0)
    unpark_writer_note(w, UNPARK_NOTE_INFO, "stack-unavailable", dump->n_unavailable,
                       _("A goroutine was running on another thread; Go could not print its "
                         "stack"));
  return unpark_lines_note(lines);
}

static gboolean read_dump(Dump *dump, UnparkLines *lines, GError **error) {
  g_autoptr(GError) failure = NULL;
  UnparkChopped chopped;
  UnparkLogLines log;
  UnparkText line;

  unpark_log_lines_init(&log, lines);
  unpark_chopped_init(&chopped);
  while (unpark_log_lines_next(&log, &line, &failure))
    if (unpark_chopped_take(&chopped, &line))
      take_line(dump, line, log.prefixed);
  if (unpark_chopped_end(&chopped, &line))
    take_line(dump, line, log.prefixed);
  end_crash(dump);
  unpark_chopped_clear(&chopped);
  unpark_log_lines_clear(&log);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  end_goroutine(dump);
  if (dump->n_goroutines > 0)
    return TRUE;
  g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_CORRUPT,
              _("%s begins like a goroutine dump but has no goroutine"),
              unpark_input_name(lines->input));
  return FALSE;
}

static gboolean import(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                       gboolean *complete, GCancellable *cancellable, GError **error) {
  Dump dump = {.writer = writer,
               .creator = g_string_new(NULL),
               .crash = g_string_new(NULL),
               .seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL)};
  UnparkLines lines;
  gboolean ok;

  unpark_go_stack_init(&dump.frames, writer);
  unpark_go_stack_init(&dump.created, writer);
  unpark_lines_init(&lines, input, writer, cancellable);
  unpark_writer_set_source(writer, UNPARK_SOURCE_DUMP, "goroutine-dump", "goroutine dump", NULL,
                           UNPARK_NONE);
  ok = read_dump(&dump, &lines, error);
  if (ok) {
    unpark_writer_count_events(writer, dump.n_goroutines);
    *duration_ns = 0;
    *complete = note_all(&dump, &lines);
  }
  unpark_go_stack_clear(&dump.frames);
  unpark_go_stack_clear(&dump.created);
  g_hash_table_unref(dump.seen);
  g_string_free(dump.creator, TRUE);
  g_string_free(dump.crash, TRUE);
  return ok;
}

static gboolean is_header(UnparkText line, gpointer chopped) {
  UnparkDumpHeader header;
  UnparkText lock;
  gint64 id;

  return unpark_chopped_take(chopped, &line) &&
         (unpark_dump_header(line, &header) || unpark_report_goleak(line, &header) ||
          unpark_report_deadlock_header(line, &id, &lock));
}

static gboolean sniff(const guint8 *head, gsize size) {
  UnparkChopped chopped;
  gboolean found;

  unpark_chopped_init(&chopped);
  found = unpark_log_lines_any(head, size, is_header, &chopped);
  unpark_chopped_clear(&chopped);
  return found;
}

const UnparkImporter unpark_importer_dump = {
    .name = "goroutine-dump",
    .title = N_("goroutine dump"),
    .expects = N_("“goroutine 1 [running]:”, anywhere"),
    .sniff = sniff,
    .import = import,
};
