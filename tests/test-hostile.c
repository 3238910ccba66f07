/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that were made to do harm, through the program as a person starts it: what unpacks to
 * very much, counts at the ends of 64 bits, stacks of a million frames, references that go
 * nowhere or in a circle, text that is none. Each is answered by what can be shown, or by one
 * sentence; within the memory cap and in time. */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "tests/coverage.h"
#include "tests/support.h"

/* What a process may take at its peak, and of the processors; what unpacks, and how deep stacks
 * are. With sanitizers all takes several times as much, and what counts are their findings. */
#if defined(__SANITIZE_ADDRESS__)
#define PEAK_KIB_MAX ((glong)1500 * 1024)
#define UNPACKED ((gsize)16 * 1024 * 1024)
#define DEEP 64000u
#else
#define PEAK_KIB_MAX ((glong)256 * 1024)
#define UNPACKED ((gsize)320 * 1024 * 1024)
#define DEEP 1000000u
#endif
#define CPU_SECONDS_MAX 60

static char *dir, *path;

static void setup(void) {
  dir = g_dir_make_tmp("unpark-hostile-XXXXXX", NULL);
  path = g_build_filename(dir, "case.bin", NULL);
  ck_assert_msg(g_getenv("UNPARK_CLI") != NULL, "UNPARK_CLI names the program to test");
}

static void teardown(void) {
  test_remove_tree(dir);
  g_clear_pointer(&dir, g_free);
  g_clear_pointer(&path, g_free);
}

static void put(const void *bytes, gsize size) {
  ck_assert(
      g_file_set_contents_full(path, bytes, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* ---- Running ------------------------------------------------------------------------------ */

static char *read_back(const char *name) {
  g_autofree char *file = g_build_filename(dir, name, NULL);
  char *text = NULL;

  ck_assert(g_file_get_contents(file, &text, NULL, NULL));
  return text;
}

static void child(const char *const *args) {
  g_autofree char *out = g_build_filename(dir, "out", NULL);
  g_autofree char *err = g_build_filename(dir, "err", NULL);

  if (!freopen("/dev/null", "r", stdin) || !freopen(out, "w", stdout) || !freopen(err, "w", stderr))
    _exit(98);
  test_exec_cli(dir, args);
}

/* Exit status; the process ends by itself, in bounds, and what it says is text. */
static int run(const char *what, const char *const *args, char **out, char **err) {
  struct rusage usage;
  pid_t pid = fork();
  int status;

  if (pid == 0)
    child(args);
  ck_assert_int_eq(wait4(pid, &status, 0, &usage), pid);
  *out = read_back("out");
  *err = read_back("err");
  ck_assert_msg(WIFEXITED(status), "%s, %s: ended by signal %d: %s", what, args[0],
                WTERMSIG(status), *err);
  ck_assert_msg(usage.ru_maxrss < PEAK_KIB_MAX, "%s, %s: %ld KiB of memory", what, args[0],
                usage.ru_maxrss);
  ck_assert_msg(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec < CPU_SECONDS_MAX, "%s, %s: %ld s",
                what, args[0], (long)usage.ru_utime.tv_sec);
  ck_assert_msg(g_utf8_validate(*out, -1, NULL) && g_utf8_validate(*err, -1, NULL),
                "%s, %s: says what is no text", what, args[0]);
  return WEXITSTATUS(status);
}

#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Everything that can be asked of the file. TRUE: it opens; else it is refused in one sentence
 * that names it. */
static gboolean try_all(const char *what) {
  g_autofree char *svg = g_build_filename(dir, "flame.svg", NULL);
  g_autofree char *text = g_build_filename(dir, "flame.folded", NULL);
  const char *const *const commands[] = {
      ARGS("info", path),
      ARGS("query", path, "SELECT count(*), max(depth), min(length(function)) FROM stack_frame"),
      ARGS("query", path, "SELECT sum(value), min(value), max(value) FROM sample_value"),
      ARGS("query", path, "SELECT * FROM import_note"),
      ARGS("flamegraph", path, "-o", svg),
      ARGS("flamegraph", path, "-o", text),
  };
  g_autofree char *out = NULL, *err = NULL;
  int status = run(what, commands[0], &out, &err);

  if (status == 3) {
    ck_assert_msg(strstr(err, "case.bin") && strchr(err, '\n') == err + strlen(err) - 1, "%s: %s",
                  what, err);
    return FALSE;
  }
  ck_assert_msg(status == 0, "%s: status %d: %s", what, status, err);
  for (gsize i = 1; i < G_N_ELEMENTS(commands); i++) {
    g_autofree char *o = NULL, *e = NULL;

    status = run(what, commands[i], &o, &e);
    ck_assert_msg(status == 0 || strlen(e) > 20, "%s, %s: status %d without a word", what,
                  commands[i][0], status);
  }
  return TRUE;
}

static gint64 value_of(const char *sql) {
  g_autofree char *out = NULL, *err = NULL;

  ck_assert_int_eq(run(sql, ARGS("query", path, sql), &out, &err), 0);
  return g_ascii_strtoll(out, NULL, 10);
}

/* ---- What unpacks to very much ---------------------------------------------------------- */

static GByteArray *pack_zstd(const char *head, gsize head_size, char fill) {
  GByteArray *packed = g_byte_array_new();
  ZSTD_CCtx *context = ZSTD_createCCtx();
  gsize piece = 1u << 20, room = ZSTD_compressBound(piece);
  g_autofree guint8 *buffer = g_malloc(room);
  g_autofree char *filled = g_malloc(piece);

  memset(filled, fill, piece);
  for (gsize done = 0; done < UNPACKED; done += piece) {
    ZSTD_inBuffer in = {done ? filled : head, done ? piece : head_size, 0};
    ZSTD_EndDirective end = done + piece < UNPACKED ? ZSTD_e_continue : ZSTD_e_end;
    gsize left;
    do {
      ZSTD_outBuffer to = {buffer, room, 0};
      left = ZSTD_compressStream2(context, &to, &in, end);
      ck_assert(!ZSTD_isError(left));
      g_byte_array_append(packed, buffer, (guint)to.pos);
    } while (end == ZSTD_e_end ? left > 0 : in.pos < in.size);
  }
  ZSTD_freeCCtx(context);
  return packed;
}

static GByteArray *pack_gzip(const char *head, gsize head_size, char fill) {
  GByteArray *packed = g_byte_array_new();
  const gsize piece = 1u << 20;
  g_autofree guint8 *buffer = g_malloc(piece), *filled = g_malloc(piece);
  z_stream stream = {0};

  memset(filled, fill, piece);
  ck_assert_int_eq(deflateInit2(&stream, 1, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
  for (gsize done = 0; done < UNPACKED; done += piece) {
    stream.next_in = done ? filled : (guint8 *)head;
    stream.avail_in = (guint)(done ? piece : head_size);
    do {
      stream.next_out = buffer;
      stream.avail_out = (guint)piece;
      ck_assert_int_ne(deflate(&stream, done + piece < UNPACKED ? Z_NO_FLUSH : Z_FINISH),
                       Z_STREAM_ERROR);
      g_byte_array_append(packed, buffer, (guint)(piece - stream.avail_out));
    } while (stream.avail_out == 0);
  }
  deflateEnd(&stream);
  return packed;
}

#define HEAD(text) (text), sizeof(text) - 1

static const struct {
  const char *what, *head;
  gsize size;
  char fill;
} bombs[] = {
    {"nothing but zeros", HEAD("\0"), '\0'},
    {"v2 trace", HEAD("go 1.26 trace\0\0\0"), '\1'},
    {"v1 trace", HEAD("go 1.21 trace\0\0\0"), '\2'},
    /* A text of half a gibibyte in the string table. */
    {"profile",
     HEAD("\x0a\x04\x08\x01\x10\x02\x32\x00\x32\x01"
          "a\x32\x80\x80\x80\x80\x02"),
     'x'},
    {"dump", HEAD("goroutine 1 [running]:\nmain.main()\n\t/a.go:1\n"), 'x'},
    {"race report", HEAD("WARNING: DATA RACE\nWrite at 0x1 by goroutine 7:\n"), '('},
    {"JSON without end", HEAD("goroutine 1 [running]:\n{\"log\":\""), '\\'},
    {"folded", HEAD("a;b 1\n"), ';'},
    {"speedscope", HEAD("{\"shared\":{\"frames\":[{\"name\":\"a\"}]},\"profiles\":[{\"samples\":["),
     '['},
    {"speedscope's name", HEAD("{\"shared\":{\"frames\":[{\"name\":\""), '\\'},
    {"speedscope's samples", HEAD("{\"profiles\":[{\"type\":\"sampled\",\"samples\":[[0"), '0'},
    {"OTLP", HEAD("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":["), '['},
    {"OTLP's spans", HEAD("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{},{\"name\":\""), 'x'},
    {"OTLP protobuf",
     HEAD("\x0a\xff\xff\xff\xff\x0f\x12\xff\xff\xff\xff\x0e\x12\x1c\x0a\x10"
          "0123456789abcdef"
          "\x12\x08"
          "01234567"),
     '\x12'},
    {"Jaeger",
     HEAD("{\"data\":[{\"spans\":[{\"traceID\":\"1\",\"spanID\":\"1\",\"operationName\":\""), 'x'},
    {"Zipkin", HEAD("[{\"traceId\":\"1\",\"id\":\"1\",\"timestamp\":1,\"name\":\""), '\\'},
    {"stdouttrace", HEAD("{\"SpanKind\":1,\"SpanContext\":{},\"Name\":\""), ' '},
    {"pprof -raw", HEAD("Period: 1\nSamples:\na/b\n 1: 1\n"), ' '},
    {"pprof -traces", HEAD("Type: cpu\n-----------+-----------\n  10ms   a\n"), ' '},
    {"text profile", HEAD("goroutine profile: total 1\n1 @"), ' '},
    {"perf", HEAD("shop 1 8.456789: 25 cpu-clock:u: \n"), '\t'},
    {"older CPU profile",
     HEAD("\0\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x10\x27\0\0\0\0\0"
          "\0\0\0\0\0\0\0\0\0"),
     '\1'},
    {"goroutines of Delve", HEAD("* Goroutine 1 - User: /a.go:1 main.main (0x1)\n\t0  0x1 in "),
     'x'},
    {"maps of bpftrace", HEAD("Attaching 1 probe...\n\n@[\n    a+1\n"), 'x'},
    {"jemalloc", HEAD("heap_v2/524288\n  t*: 1: 1 [0: 0]\n@ 0x1\n"), '@'},
};

START_TEST(unpacks_to_very_much) {
  g_autoptr(GByteArray) bytes = _i % 2 ? pack_gzip(bombs[_i].head, bombs[_i].size, bombs[_i].fill)
                                       : pack_zstd(bombs[_i].head, bombs[_i].size, bombs[_i].fill);
  g_autofree char *out = NULL, *err = NULL;
  int status;

  ck_assert_uint_lt(bytes->len, 8u << 20);
  put(bytes->data, bytes->len);
  status = run(bombs[_i].what, ARGS("info", path), &out, &err);
  ck_assert_msg(status == 0 || status == 3, "%s: status %d: %s", bombs[_i].what, status, err);
  ck_assert_msg(status == 0 || strstr(err, "case.bin"), "%s", err);
}
END_TEST

START_TEST(every_importer_is_bombed) {
  TestCoverage *coverage = test_coverage_new();

  for (gsize i = 0; i < G_N_ELEMENTS(bombs); i++) {
    g_autofree char *head = g_malloc(UNPARK_SNIFF_SIZE);
    memset(head, bombs[i].fill, UNPARK_SNIFF_SIZE);
    memcpy(head, bombs[i].head, bombs[i].size);
    test_coverage_add(coverage, head, UNPARK_SNIFF_SIZE);
  }
  test_coverage_finish(coverage, "bombs");
}
END_TEST

/* ---- Numbers ------------------------------------------------------------------------------- */

static const struct {
  const char *what, *text;
} numbers[] = {
    {"folded", "a;b 9223372036854775807\na;c 9223372036854775807\na;b 9223372036854775808\n"
               "a;c -9223372036854775808\na;b 99999999999999999999999999999\n"},
    {"speedscope",
     "{\"shared\":{\"frames\":[{\"name\":\"a\",\"line\":9999999999}]},\"profiles\":[{\"unit\":"
     "\"seconds\",\"samples\":[[0],[0],[0]],\"weights\":[9223372036854775807,-1e400,"
     "1e-400]},{\"events\":[{\"type\":\"O\",\"frame\":0,\"at\":-9223372036854775808},"
     "{\"type\":\"C\",\"frame\":0,\"at\":9223372036854775807}]}]}"},
    {"OTLP",
     "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":"
     "\"ffffffffffffffffffffffffffffffff\",\"spanId\":\"8000000000000000\","
     "\"startTimeUnixNano\":1,\"endTimeUnixNano\":\"18446744073709551615\",\"kind\":99999999999,"
     "\"flags\":-1,\"attributes\":[{\"key\":\"a\",\"value\":{\"intValue\":\"-9223372036854775808\"}"
     "},"
     "{\"key\":\"b\",\"value\":{\"doubleValue\":1e999}}]},{\"traceId\":\"1\",\"spanId\":\"1\","
     "\"startTimeUnixNano\":18446744073709551615,\"endTimeUnixNano\":1}]}]}]}"},
    {"pprof -raw",
     "Period: -9223372036854775808\nSamples:\na/b\n 9223372036854775807: 1\n"
     " 9223372036854775808: 1\n -9223372036854775808: 9223372036854775807\nLocations\n"
     " 1: 0xffffffffffffffff M=9223372036854775807 f /a.go:9223372036854775807:1 s=9\n"
     "Mappings\n9223372036854775807: 0xffffffffffffffff/0x0/0xffffffffffffffff x y\n"},
    {"pprof -traces",
     "Type: cpu\n-----------+-----------\n9223372036854775807   a\n"
     "-----------+-----------\n292yrs   a\n-----------+-----------\n-292yrs   b:1\n"
     "-----------+-----------\n8191PB   a\n"},
    {"differences", "a;b 9223372036854775807 -9223372036854775807\n"
                    "a;c 9223372036854775807 -9223372036854775807\n"},
    {"heap", "heap profile: 9223372036854775807: 9223372036854775807 [1: 1] @ heap/2\n"
             "9223372036854775807: 9223372036854775807 [9223372036854775807: "
             "9223372036854775807] @ 0x1 0x2\n9223372036854775808: 1 [1: 9223372036854775807] @ "
             "0xffffffffffffffff\n-9223372036854775808: -1 [1: 1] @ 0x1\n"},
    {"count", "goroutine profile: total 9223372036854775807\n9223372036854775807 @ 0x1\n"
              "9223372036854775807 @ 0x1\n9223372036854775808 @ 0x2\n"},
    {"mutex", "--- mutex:\ncycles/second=1\nsampling period=9223372036854775807\n"
              "9223372036854775807 9223372036854775807 @ 0x1\n1 1 @ 0x2\n"},
    {"contention", "--- contentionz 1 ---\ncycles/second = 9223372036854775807\nms since reset = "
                   "9223372036854775807\n9223372036854775807 9223372036854775807 @ 0x1\n"},
    {"jemalloc", "heap_v2/9223372036854775807\n  t*: 9223372036854775807: 9223372036854775807 [1: "
                 "1]\n@ 0xffffffffffffffff 0x0\n  t9223372036854775808: 9223372036854775807: "
                 "9223372036854775807 [9223372036854775807: 0]\n"},
    {"perf", "shop 1 9223372034.854775807: 9223372036854775807 cpu-clock:u: \n\t1 f (a)\n\n"
             "shop 1 0.0: 9223372036854775807 cpu-clock:u: \n\tffffffffffffffff g (a)\n\n"},
    {"dump", "goroutine 9223372036854775808 [select, 9223372036854775808 minutes]:\nmain.main()\n"
             "\t/a.go:99999999999999999999 +0x1\ncreated by main.f in goroutine "
             "99999999999999999999\n\t/a.go:1\n\ngoroutine 18446744073709551616 [select]:\n"},
    {"race", "WARNING: DATA RACE\nWrite at 0xffffffffffffffff by goroutine 18446744073709551616:\n"
             "  main.main()\n      /a.go:18446744073709551616 +0x1\n\nPrevious read at 0x0 by "
             "goroutine 9223372036854775808:\n  main.f()\n      /a.go:1\n==================\n"},
};

START_TEST(numbers_at_the_ends) {
  put(numbers[_i].text, strlen(numbers[_i].text));
  ck_assert_msg(try_all(numbers[_i].what), "%s is refused", numbers[_i].what);
}
END_TEST

/* ---- Profiles ------------------------------------------------------------------------------ */

static void put_varint(GByteArray *to, guint64 value) {
  do {
    guint8 byte = (guint8)(value & 0x7f) | (value > 0x7f ? 0x80 : 0);
    g_byte_array_append(to, &byte, 1);
    value >>= 7;
  } while (value > 0);
}

static void put_number(GByteArray *to, guint field, guint64 value) {
  put_varint(to, field << 3);
  put_varint(to, value);
}

static void put_bytes(GByteArray *to, guint field, const void *bytes, gsize size) {
  put_varint(to, field << 3 | 2);
  put_varint(to, size);
  g_byte_array_append(to, bytes, (guint)size);
}

/* Type "count", and names that are "f0", "f1", ... */
static GByteArray *profile_begin(guint n_names) {
  GByteArray *profile = g_byte_array_new();
  static const guint8 type[] = {0x08, 1, 0x10, 1};

  put_bytes(profile, 1, type, sizeof type);
  put_bytes(profile, 6, "", 0);
  put_bytes(profile, 6, "count", 5);
  for (guint i = 0; i < n_names; i++) {
    g_autofree char *name = g_strdup_printf("f%u", i);
    put_bytes(profile, 6, name, strlen(name));
  }
  return profile;
}

static void put_location(GByteArray *profile, guint64 id, guint64 function) {
  g_autoptr(GByteArray) line = g_byte_array_new(), location = g_byte_array_new();

  put_number(line, 1, function);
  put_number(location, 1, id);
  put_bytes(location, 4, line->data, line->len);
  put_bytes(profile, 4, location->data, location->len);
}

static void put_function(GByteArray *profile, guint64 id, guint64 name) {
  g_autoptr(GByteArray) function = g_byte_array_new();

  put_number(function, 1, id);
  put_number(function, 2, name);
  put_bytes(profile, 5, function->data, function->len);
}

static void put_sample(GByteArray *profile, const GByteArray *locations, guint64 value) {
  g_autoptr(GByteArray) sample = g_byte_array_new();

  put_bytes(sample, 1, locations->data, locations->len);
  put_number(sample, 2, value);
  put_bytes(profile, 2, sample->data, sample->len);
}

/* Everything is called by everything: locations whose function and mapping have their own number,
 * a location that is given twice, one that is not there. */
START_TEST(references_in_circles) {
  g_autoptr(GByteArray) profile = profile_begin(8);
  g_autoptr(GByteArray) locations = g_byte_array_new();

  for (guint i = 0; i < 50000; i++)
    put_varint(locations, 1 + i % 3);
  put_varint(locations, 0);
  put_varint(locations, G_MAXUINT64);
  for (guint64 id = 1; id <= 3; id++) {
    put_location(profile, id, 4 - id);
    put_location(profile, id, id); /* again */
    put_function(profile, id, id + 1);
    put_function(profile, id, G_MAXUINT64);
  }
  put_sample(profile, locations, 1);
  put_sample(profile, locations, G_GUINT64_CONSTANT(1) << 63);
  put_sample(profile, locations, G_MAXINT64);
  put_sample(profile, locations, G_MAXINT64);
  put(profile->data, profile->len);
  ck_assert(try_all("circles"));
  ck_assert_int_eq(value_of("SELECT max(depth) > 40000 FROM stack_frame"), 1);
}
END_TEST

/* ---- Depth --------------------------------------------------------------------------------- */

static GByteArray *deep_profile(void) {
  GByteArray *profile = profile_begin(1000);
  g_autoptr(GByteArray) locations = g_byte_array_new();

  for (guint64 id = 1; id <= 1000; id++) {
    put_location(profile, id, id);
    put_function(profile, id, id + 1);
  }
  for (guint i = 0; i < DEEP; i++)
    put_varint(locations, 1 + i % 1000);
  put_sample(profile, locations, 1);
  return profile;
}

/* In lines of `format`, one a frame. */
static GByteArray *deep_text(const char *head, const char *format, const char *end) {
  GByteArray *text = g_byte_array_new();

  g_byte_array_append(text, (const guint8 *)head, (guint)strlen(head));
  for (guint i = 0; i < DEEP; i++) {
    char frame[64];
    char *number = g_strdup_printf("%u", i % 1000);
    const char *hole = strstr(format, "%u");
    int n =
        g_snprintf(frame, sizeof frame, "%.*s%s%s", (int)(hole - format), format, number, hole + 2);
    g_byte_array_append(text, (const guint8 *)frame, (guint)n);
    g_free(number);
  }
  g_byte_array_append(text, (const guint8 *)end, (guint)strlen(end));
  return text;
}

/* A stack that the program knows in full, or says that it left frames out. */
static void try_deep(const char *what, const GByteArray *bytes) {
  put(bytes->data, bytes->len);
  ck_assert_msg(try_all(what), "%s is refused", what);
  ck_assert_msg(value_of("SELECT max(depth) >= 60000 FROM stack_frame") == 1, "%s", what);
  if (value_of("SELECT max(depth) + 1 FROM stack_frame") < DEEP)
    ck_assert_msg(value_of("SELECT count(*) FROM import_note") > 0,
                  "%s: frames are missing, and nothing is said", what);
}

START_TEST(million_frames) {
  static const struct {
    const char *what, *head, *frame, *end;
  } texts[] = {
      {"folded", "main", ";f%u", " 17\n"},
      {"speedscope", "{\"shared\":{\"frames\":[{\"name\":\"a\"}]},\"profiles\":[{\"samples\":[[0",
       ",%u", "]],\"weights\":[1]}]}"},
      {"pprof -raw", "Period: 1\nSamples:\na/b\n 1: 1", " %u",
       "\nLocations\n 1: 0x1 f /a.go:1 s=0\nMappings\n"},
      {"pprof -traces", "Type: cpu\n-----------+-----------\n      10ms   main\n",
       "             f%u\n", "-----------+-----------\n"},
      {"dump", "goroutine 1 [running]:\n", "f.f%u()\n\t/a.go:1\n", "\n"},
      {"race", "WARNING: DATA RACE\nWrite at 0x1 by goroutine 7:\n",
       "  f%u()\n      /a.go:1 +0x1\n", "\n==================\n"},
      {"count", "goroutine profile: total 1\n1 @", " 0x1%u", "\n"},
      {"perf", "shop 1 8.456789: 25 cpu-clock:u: \n", "\t1%u f (/a)\n", "\n"},
      {"heap", "heap profile: 1: 1 [1: 1] @ heapz_v2/2\n1: 1 [1: 1] @", " 0x1%u", "\n"},
      {"jemalloc", "heap_v2/2\n  t*: 1: 1 [0: 0]\n@", " 0x1%u", "\n  t1: 1: 1 [0: 0]\n"},
  };
  g_autoptr(GByteArray) bytes =
      _i == 0 ? deep_profile()
              : deep_text(texts[_i - 1].head, texts[_i - 1].frame, texts[_i - 1].end);

  try_deep(_i == 0 ? "profile" : texts[_i - 1].what, bytes);
}
END_TEST

/* ---- Text that is none ---------------------------------------------------------------------- */

static const struct {
  const char *what, *text;
} texts[] = {
    {"folded", "ma\xffin;\xc3;\xed\xa0\x80;\xf8\x88 17\n"},
    {"speedscope",
     "{\"shared\":{\"frames\":[{\"name\":\"ma\xffin\\ud800\\u0000\xc3\"}]},\"profiles\":[{"
     "\"name\":\"\xed\xa0\x80\",\"samples\":[[0]],\"weights\":[1]}]}"},
    {"OTLP",
     "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"
     "{\"stringValue\":\"\xff\"}},{\"key\":\"\xc3\",\"value\":{\"arrayValue\":{\"values\":["
     "{\"stringValue\":\"\xed\xa0\x80\"}]}}}]},\"scopeSpans\":[{\"spans\":[{\"traceId\":\"1\","
     "\"spanId\":\"1\",\"startTimeUnixNano\":5,\"name\":\"ma\xffin\\ud800\\u0000\"}]}]}]}"},
    {"pprof -raw",
     "Comment: \xff\nPeriod: 1\nSamples:\n\xff/b\n 1: 1\n   k\xff:[v\xc3]\nLocations\n"
     " 1: 0x1 f\xff /\xff.go:1 s=0\nMappings\n"},
    {"pprof -traces",
     "Type: \xff\n\xc3\n-----------+-----------\n  k\xff:  \xfe\n      10ms   ma\xffin "
     "\xff.go:1\n"},
    {"dump", "goroutine 1 [\xff\xfe]:\nma\xffin.f\xc3(0x1)\n\t/\xff/a.go:1\ncreated by \xff.f\n"
             "\t/\xc0\x80.go:1\npanic: \xff\n"},
    {"race", "WARNING: DATA RACE\nWrite at 0x1 by goroutine 7:\n  ma\xffin()\n      /\xff.go:1\n\n"
             "==================\n"},
    {"count", "goroutine profile: total 1\n1 @ 0x1\n# labels: {\"\xff\":\"\xc3\"}\n#\t0x1\t\xff+0x1"
              "\t/\xff.go:1\n\n"},
    {"perf", "sh\xffop 1 8.456789: 25 cpu-\xff:u: \n\t17 f\xff (/\xff)\n\n"},
    {"java",
     "--- heapz 1 ---\nformat = java\nresolution = by\xfftes\n1 1 @ 0x1\n0x1 com.\xff (\xff.java:1)"
     "\n"},
    {"json", "{\"log\":\"goroutine 1 [running]:\\nma\xff\\ud800in()\\n\\t/\xff.go:1\\n\"}\n"},
};

START_TEST(invalid_utf8) {
  put(texts[_i].text, strlen(texts[_i].text));
  ck_assert_msg(try_all(texts[_i].what), "%s is refused", texts[_i].what);
}
END_TEST

START_TEST(invalid_utf8_in_a_profile) {
  g_autoptr(GByteArray) profile = profile_begin(0);
  static const guint8 one[] = {1};
  g_autoptr(GByteArray) location = g_byte_array_new();

  put_bytes(profile, 6, "\xff\xfe\0\xc3", 4);
  put_location(profile, 1, 1);
  put_function(profile, 1, 2);
  g_byte_array_append(location, one, 1);
  put_sample(profile, location, 1);
  put(profile->data, profile->len);
  ck_assert(try_all("profile"));
  ck_assert_int_gt(value_of("SELECT count(*) FROM import_note"), 0);
}
END_TEST

/* Traces whose clocks are at the ends of the range: what is summed up stops there. */
static const char *const extreme[] = {"v1-6c83f172.trace", "v2-241ffb9e.trace", "v2-2727bf5a.trace",
                                      "v2-5990e84a.trace", "v2-6c83f172.trace"};

START_TEST(times_at_the_ends) {
  g_autofree char *from = g_build_filename(UNPARK_TEST_DATA, "hostile", extreme[_i], NULL);
  g_autofree char *speedscope = g_build_filename(dir, "flame.speedscope.json", NULL);
  g_autofree char *bytes = NULL;
  gsize size;

  ck_assert(g_file_get_contents(from, &bytes, &size, NULL));
  put(bytes, size);
  ck_assert(try_all(extreme[_i]));
  const char *const *const commands[] = {
      ARGS("info", path),
      ARGS("findings", path),
      ARGS("latency", path),
      ARGS("latency", path, "--what", "mmu", "--format", "csv"),
      ARGS("latency", path, "--what", "procs"),
      ARGS("goroutines", path),
      ARGS("tasks", path),
      ARGS("why", path, "-g", "1"),
      ARGS("query", path, "SELECT state, reason, sum(duration_ns) FROM span GROUP BY 1, 2"),
      ARGS("query", path, "SELECT min(running_ns), min(waiting_ns) FROM goroutine"),
      ARGS("flamegraph", path, "--invert", "-o", speedscope),
  };
  for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
    g_autofree char *out = NULL, *err = NULL;

    run(extreme[_i], commands[i], &out, &err);
    ck_assert_msg(!g_regex_match_simple("(^|[ \t])-[0-9.,]+( (ns|µs|ms|s|min|h)|\t|$)", out,
                                        G_REGEX_MULTILINE, 0),
                  "%s, %s: negative times: %s", extreme[_i], commands[i][0], out);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("hostile");
  TCase *tcase = tcase_create("hostile");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_set_timeout(tcase, 170);
  tcase_add_test(tcase, every_importer_is_bombed);
  tcase_add_loop_test(tcase, unpacks_to_very_much, 0, G_N_ELEMENTS(bombs));
  tcase_add_loop_test(tcase, numbers_at_the_ends, 0, G_N_ELEMENTS(numbers));
  tcase_add_loop_test(tcase, times_at_the_ends, 0, G_N_ELEMENTS(extreme));
  tcase_add_test(tcase, references_in_circles);
  tcase_add_loop_test(tcase, million_frames, 0, 11);
  tcase_add_loop_test(tcase, invalid_utf8, 0, G_N_ELEMENTS(texts));
  tcase_add_test(tcase, invalid_utf8_in_a_profile);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
