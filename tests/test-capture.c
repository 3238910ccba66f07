/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark-cli capture against a server that answers as real ones do, and worse. What a real Go
 * service says is in tests/live. */
#include <check.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live/http/address.h"
#include "live/http/error.h"
#include "live/service/capture.h"
#include "live/service/service.h"
#include "tests/double.h"
#include "tests/support.h"

#define OK "HTTP/1.1 200 OK\r\n"
#define CLOSE "Connection: close\r\n\r\n"
#define PARTIAL 5

/* As Go 1.19 writes it, shortened. */
static const char index_page[] =
    "<html><head>\n<title>/debug/pprof/</title>\n</head>\n<body>\n/debug/pprof/<br>\n<table>\n"
    "<thead><td>Count</td><td>Profile</td></thead>\n"
    "<tr><td>2</td><td><a href='allocs?debug=1'>allocs</a></td></tr>\n"
    "<tr><td>0</td><td><a href='cmdline?debug=1'>cmdline</a></td></tr>\n"
    "<tr><td>5</td><td><a href='goroutine?debug=1'>goroutine</a></td></tr>\n"
    "<tr><td>2</td><td><a href='heap?debug=1'>heap</a></td></tr>\n"
    "<tr><td>7</td><td><a "
    "href='example.com/open-files?debug=1'>example.com/open-files</a></td></tr>\n"
    "<tr><td>0</td><td><a href='../../../etc/passwd'>no</a></td></tr>\n"
    "<tr><td>0</td><td><a href='profile?debug=1'>profile</a></td></tr>\n"
    "<tr><td>0</td><td><a href='trace?debug=1'>trace</a></td></tr>\n"
    "</table>\n<a href=\"goroutine?debug=2\">full goroutine stack dump</a>\n";

/* The first part of the path chooses how it fails. */
typedef struct {
  const char *prefix, *answer;
} Canned;

static const Canned canned[] = {
    {"/busy/", "HTTP/1.1 500 Internal Server Error\r\nX-Go-Pprof: 1\r\n" CLOSE
               "Could not enable tracing: tracing is already enabled\n"},
    {"/short/", "HTTP/1.1 400 Bad Request\r\nX-Go-Pprof: 1\r\n" CLOSE
                "profile duration exceeds server's WriteTimeout\n"},
    {"/half/", OK "Content-Length: 1000\r\n" CLOSE "go 1.19 trace\0\0\0"},
    {"/chunks/", OK "Transfer-Encoding: chunked\r\n" CLOSE "10\r\ngo 1.19 trace...\r\n10\r\nhalf"},
    {"/page/", OK "Content-Type: text/html\r\n" CLOSE
                  "<!doctype html><html><title>Sign in to Shop</title></html>"},
    {"/login/", OK "Content-Type: text/html\r\n" CLOSE "\n <!doctype html>"},
    {"/large/", OK "Content-Length: 999999999999\r\n" CLOSE},
    {"/empty/", OK CLOSE},
    {"/noise/", "SSH-2.0-OpenSSH_9.2\r\n"},
    {"/silence/", ""},
    {"/secret/", "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n" CLOSE},
    {"/forbidden/", "HTTP/1.1 403 Forbidden\r\n" CLOSE},
    {"/tls/", "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"},
    {"/ring/", "HTTP/1.1 302 Found\r\nLocation: /ring/\r\n" CLOSE},
    {"/file/", "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n" CLOSE},
    {"/teapot/", "HTTP/1.1 418 I'm a teapot\r\n" CLOSE "\x1b[31mno\r\ncoffee"},
};

/* Has these: the index is served under a prefix of "/index", the recordings fail. */
static gboolean answer_canned(const char *path, GOutputStream *out) {
  for (gsize i = 0; i < G_N_ELEMENTS(canned); i++)
    if (strncmp(path, canned[i].prefix, strlen(canned[i].prefix)) == 0) {
      test_answer(out, "%s", canned[i].answer);
      return TRUE;
    }
  return FALSE;
}

static void answer_endless(GOutputStream *out) {
  g_autofree char *piece = g_malloc0(65536);

  test_answer(out, OK CLOSE "go 1.19 trace");
  while (g_output_stream_write_all(out, piece, 65536, NULL, NULL, NULL))
    ;
}

/* Some, then silence until the client goes. */
static void answer_slowly(GOutputStream *out) {
  test_answer(out, OK CLOSE "go 1.19 trace");
  while (g_output_stream_write_all(out, "-", 1, NULL, NULL, NULL))
    g_usleep(20000);
}

/* 64 MiB of zeros, packed into 64 KiB, though nothing was to be packed. */
static void answer_bomb(GOutputStream *out) {
  g_autoptr(GConverter) gzip = G_CONVERTER(g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autoptr(GOutputStream) packed = NULL;
  g_autofree char *zeros = g_malloc0(1 << 20);

  test_answer(out, OK "Content-Encoding: gzip\r\n" CLOSE);
  packed = g_converter_output_stream_new(out, gzip);
  g_filter_output_stream_set_close_base_stream(G_FILTER_OUTPUT_STREAM(packed), FALSE);
  for (guint i = 0; i < 64; i++)
    g_output_stream_write_all(packed, zeros, 1 << 20, NULL, NULL, NULL);
  g_output_stream_close(packed, NULL, NULL);
}

static const char *const recordings[] = {"endless", "slow", "bomb"};

static void answer(const char *request, GOutputStream *out, gpointer data) {
  const char *path = request + strlen("GET ");
  void (*const answers[])(GOutputStream *) = {answer_endless, answer_slowly, answer_bomb};

  if (strstr(request, "/debug/pprof/ HTTP") && g_str_has_prefix(path, "/index"))
    test_answer(out, OK "Content-Type: text/html\r\n" CLOSE "%s", index_page);
  else if (g_str_has_prefix(path, "/index/debug/pprof/goroutine?debug=2 "))
    test_answer(out, OK CLOSE "goroutine 1 [running]:\nmain.main()\n\t/a/main.go:3 +0x1\n");
  else if (strstr(path, "/debug/pprof/heap ") && g_str_has_prefix(path, "/index/"))
    test_answer(out, OK CLOSE "heap profile");
  else if (g_str_has_prefix(path, "/guarded/"))
    test_answer(out, strstr(request, (const char *)data) ? OK CLOSE "guarded"
                                                         : "HTTP/1.1 401 No\r\n" CLOSE);
  else if (g_str_has_prefix(path, "/away/"))
    test_answer(out, "HTTP/1.1 307 T\r\nLocation: %s\r\n" CLOSE, (const char *)data);
  else if (!answer_canned(path, out)) {
    for (gsize i = 0; i < G_N_ELEMENTS(recordings); i++)
      if (g_str_has_prefix(path + 1, recordings[i])) {
        answers[i](out);
        return;
      }
    test_answer(out, "HTTP/1.1 404 Not Found\r\n" CLOSE "404 page not found\n");
  }
}

/* ---- What every test has -------------------------------------------------------------------- */

static TestDouble *server;
static char *folder;

static void setup(void) {
  folder = g_dir_make_tmp("unpark-capture-XXXXXX", NULL);
  ck_assert_ptr_nonnull(folder);
  g_unsetenv("UNPARK_TOKEN");
  g_unsetenv("UNPARK_PASSWORD");
  server = test_double_new(answer, (gpointer) "nothing", NULL, NULL);
}

static void teardown(void) {
  test_double_free(server);
  test_remove_tree(folder);
  g_free(folder);
}

static char *url(const char *path) {
  return g_strdup_printf("http://127.0.0.1:%u%s", test_double_port(server), path);
}

static char *file_text(const char *name) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  char *text = NULL;

  g_file_get_contents(path, &text, NULL, NULL);
  return text;
}

/* There is nothing in the folder but this; NULL: nothing at all. */
static void assert_only(const char *name) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *entry;
  guint n = 0;

  while ((entry = g_dir_read_name(dir))) {
    ck_assert_msg(g_strcmp0(entry, name) == 0, "%s is left in the folder", entry);
    n++;
  }
  ck_assert_uint_eq(n, name ? 1 : 0);
}

/* ---- Addresses and the index ---------------------------------------------------------------- */

static const struct {
  const char *text, *origin, *path, *unix_path, *title;
} addresses[] = {
    {"6060", "http://localhost:6060", "", NULL, "localhost:6060"},
    {":6060", "http://localhost:6060", "", NULL, "localhost:6060"},
    {" shop:6060/api/ ", "http://shop:6060", "/api/", NULL, "shop:6060"},
    {"https://shop.example/debug/pprof/", "https://shop.example", "/debug/pprof/", NULL,
     "shop.example"},
    {"http://[::1]:6060", "http://[::1]:6060", "", NULL, "[::1]:6060"},
    {"unix:/run/app.sock", "http://localhost", "", "/run/app.sock", "unix:/run/app.sock"},
    {"unix:/run/app.sock:/api/", "http://localhost", "/api/", "/run/app.sock",
     "unix:/run/app.sock"},
    {"dlv+unix:/run/dlv.sock", "http://localhost", "", "/run/dlv.sock", "unix:/run/dlv.sock"},
};

START_TEST(test_addresses) {
  static const char *const wrong[] = {"",           "a b",           "ftp://a",    "http://",
                                      "unix:",      "http://u:p@a/", "dlv://host", "http://a:99999",
                                      "http://[::1"};

  for (gsize i = 0; i < G_N_ELEMENTS(addresses); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(UnparkAddress) a = unpark_address_parse(addresses[i].text, &error);
    ck_assert_msg(a != NULL, "%s: %s", addresses[i].text, error ? error->message : "");
    ck_assert_str_eq(a->origin, addresses[i].origin);
    ck_assert_str_eq(a->path, addresses[i].path);
    ck_assert_str_eq(a->title, addresses[i].title);
    ck_assert_msg(g_strcmp0(a->unix_path, addresses[i].unix_path) == 0, "%s", a->unix_path);
  }
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autoptr(GError) error = NULL;
    ck_assert_msg(!unpark_address_parse(wrong[i], &error), "“%s” is an address", wrong[i]);
    ck_assert_ptr_nonnull(error);
  }
}
END_TEST

START_TEST(test_index) {
  static const char *const names[] = {"trace", "profile", "goroutine",
                                      "heap",  "allocs",  "example.com/open-files"};
  static const gint64 counts[] = {0, 0, 5, 2, 2, 7};
  g_autoptr(GPtrArray) kinds = unpark_service_parse_index(index_page);
  g_autoptr(GString) many = g_string_new(NULL);
  g_autoptr(GPtrArray) of_many = NULL;

  ck_assert_uint_eq(kinds->len, G_N_ELEMENTS(names));
  for (guint i = 0; i < kinds->len; i++) {
    const UnparkServiceKind *kind = kinds->pdata[i];
    ck_assert_str_eq(kind->name, names[i]);
    ck_assert_int_eq(kind->count, counts[i]);
  }
  for (guint i = 0; i < 5000; i++)
    g_string_append_printf(many, "<td>1</td><td><a href='k%u'", i);
  g_string_append(many, "<a href='");
  of_many = unpark_service_parse_index(many->str);
  ck_assert_uint_le(of_many->len, 200);
}
END_TEST

START_TEST(test_list) {
  g_autofree char *at = url("/index");
  g_auto(TestRun) run = {0};

  run.status = test_run_cli(folder, &run.out, &run.err, "capture", at, NULL);
  ck_assert_msg(run.status == 0, "%s", run.err);
  ck_assert_ptr_nonnull(strstr(run.out, "example.com/open-files"));
  ck_assert_ptr_nonnull(strstr(run.out, "goroutine"));
  ck_assert_ptr_null(strstr(run.out, "passwd"));
  assert_only(NULL);
}
END_TEST

/* ---- Recordings ----------------------------------------------------------------------------- */

START_TEST(test_several) {
  g_autofree char *at = url("/index");
  g_auto(TestRun) run = {0};
  g_autofree char *dump = NULL;
  g_autofree char *heap = NULL;

  run.status = test_run_cli(folder, &run.out, &run.err, "capture", at, "--kind", "heap,goroutine",
                            "--kind=heap", "-o", "out", NULL);
  ck_assert_msg(run.status == 0, "%s", run.err);
  dump = file_text("out/goroutine.txt");
  heap = file_text("out/heap.pprof");
  ck_assert_ptr_nonnull(dump);
  ck_assert_int_eq(strncmp(dump, "goroutine 1", 11), 0);
  ck_assert_str_eq(heap, "heap profile");
}
END_TEST

START_TEST(test_unknown_kind) {
  g_autofree char *at = url("/index");
  g_auto(TestRun) run = {0};

  run.status =
      test_run_cli(folder, &run.out, &run.err, "capture", at, "--kind", "mutex", "-o", "x", NULL);
  ck_assert_int_eq(run.status, 1);
  ck_assert_msg(strstr(run.err, "does not offer “mutex”") && strstr(run.err, "heap, allocs"), "%s",
                run.err);
  assert_only(NULL);
}
END_TEST

/* What each answer gives: the error, part of the sentence, and what stays in the file. */
static const struct {
  const char *path;
  UnparkLiveErrorCode code;
  const char *says, *keeps;
} failures[] = {
    {"/busy/x", UNPARK_LIVE_ERROR_BUSY, "tracing is already enabled", NULL},
    {"/short/x", UNPARK_LIVE_ERROR_WRITE_TIMEOUT, "raise WriteTimeout", NULL},
    {"/half/x", UNPARK_LIVE_ERROR_CUT, "half-way", "go 1.19 trace"},
    {"/chunks/x", UNPARK_LIVE_ERROR_CUT, "half-way", "go 1.19 trace...half"},
    {"/page/x", UNPARK_LIVE_ERROR_NOT_GO, "web page", NULL},
    {"/login/x", UNPARK_LIVE_ERROR_NOT_GO, "web page", NULL},
    {"/large/x", UNPARK_LIVE_ERROR_TOO_LARGE, "more than", NULL},
    {"/empty/x", UNPARK_LIVE_ERROR_CUT, "sent nothing", NULL},
    {"/noise/x", UNPARK_LIVE_ERROR_NOT_GO, "does not answer as a web server", NULL},
    {"/silence/x", UNPARK_LIVE_ERROR_CUT, "without an answer", NULL},
    {"/secret/x", UNPARK_LIVE_ERROR_AUTH, "asks for a user name and password", NULL},
    {"/forbidden/x", UNPARK_LIVE_ERROR_AUTH, "403", NULL},
    {"/tls/x", UNPARK_LIVE_ERROR_TLS, "https://", NULL},
    {"/ring/x", UNPARK_LIVE_ERROR_REDIRECT, "more than 5 times", NULL},
    {"/file/x", UNPARK_LIVE_ERROR_REDIRECT, "not a web address", NULL},
    {"/teapot/x", UNPARK_LIVE_ERROR_SERVER, "418: \357\277\275[31mno", NULL},
    {"/missing/x", UNPARK_LIVE_ERROR_NOT_FOUND, "(404)", NULL},
    {"/bomb/x", UNPARK_LIVE_ERROR_TOO_LARGE, "more than", ""},
    {"/endless/x", UNPARK_LIVE_ERROR_TOO_LARGE, "more than", "go 1.19 trace"},
};

/* Without a process for each. */
START_TEST(test_failures) {
  g_autofree char *at = url(failures[_i].path);
  g_autofree char *path = g_build_filename(folder, "x", NULL);
  const UnparkCapture capture = {.url = at, .path = path, .max_bytes = 1000000};
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  guint64 kept = 0;

  ck_assert(!unpark_capture_run(&capture, &kept, NULL, &error));
  ck_assert_msg(strstr(error->message, failures[_i].says), "%s: %s", at, error->message);
  ck_assert_msg(!strchr(error->message, 27), "%s: the terminal would obey it", at);
  ck_assert_msg(g_error_matches(error, UNPARK_LIVE_ERROR, (gint)failures[_i].code), "%s: code %d",
                at, error->code);
  assert_only(failures[_i].keeps ? "x" : NULL);
  text = file_text("x");
  if (failures[_i].keeps)
    ck_assert_str_eq(text, failures[_i].keeps);
  ck_assert_int_eq(kept > 0, failures[_i].keeps != NULL);
}
END_TEST

/* As the command line tells it. */
START_TEST(test_half_way) {
  g_autofree char *at = url("/half/x");
  g_auto(TestRun) run = {0};

  run.status = test_run_cli(folder, &run.out, &run.err, "capture", at, "-o", "x", NULL);
  ck_assert_int_eq(run.status, PARTIAL);
  ck_assert_msg(strstr(run.err, "half-way") && strstr(run.err, "x has the 13 bytes"), "%s",
                run.err);
  assert_only("x");
}
END_TEST

START_TEST(test_not_a_service) {
  static const char *const paths[][2] = {{"/page", "another page: Sign in to Shop"},
                                         {"/missing", "add it to the address"},
                                         {"/secret", "asks for a user name"}};

  for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
    g_autofree char *at = url(paths[i][0]);
    g_auto(TestRun) run = {0};
    run.status = test_run_cli(folder, &run.out, &run.err, "capture", at, NULL);
    ck_assert_int_eq(run.status, 1);
    ck_assert_msg(strstr(run.err, paths[i][1]), "%s", run.err);
  }
}
END_TEST

START_TEST(test_nothing_there) {
  g_autofree char *at = url("/index");
  g_auto(TestRun) refused = {0};
  g_auto(TestRun) unknown = {0};
  g_auto(TestRun) socket = {0};

  test_double_free(server);
  server = test_double_new(answer, (gpointer) "nothing", NULL, NULL);
  refused.status = test_run_cli(folder, &refused.out, &refused.err, "capture", at, NULL);
  ck_assert_msg(strstr(refused.err, "Connection refused: nothing listens"), "%s", refused.err);
  unknown.status =
      test_run_cli(folder, &unknown.out, &unknown.err, "capture", "http://no-host.invalid/", NULL);
  ck_assert_msg(strstr(unknown.err, "Unknown host"), "%s", unknown.err);
  socket.status =
      test_run_cli(folder, &socket.out, &socket.err, "capture", "unix:/nowhere/app.sock", NULL);
  ck_assert_msg(strstr(socket.err, "Cannot connect to /nowhere/app.sock"), "%s", socket.err);
  ck_assert_int_eq(refused.status + unknown.status + socket.status, 3);
}
END_TEST

/* A signal ends a recording: what arrived is there under its name, and the status says so. */
START_TEST(test_stopped) {
  g_autofree char *at = url("/slow/x");
  g_autofree char *path = g_build_filename(folder, "x", NULL);
  g_autofree char *text = NULL;
  const char *const args[] = {"capture", at, "-o", path, NULL};
  int status = 0;
  pid_t pid;

  ck_assert(g_file_set_contents(path, "the one before", -1, NULL));
  pid = fork();
  ck_assert_int_ge(pid, 0);
  if (pid == 0)
    test_exec_cli(folder, args);
  /* What arrives is beside the file that was there. */
  for (guint i = 0; i < 500; i++) {
    g_autofree char *part = g_strdup_printf("%s/.x.%d-0.part", folder, (int)pid);
    GStatBuf facts;
    if (g_stat(part, &facts) == 0 && facts.st_size >= 14)
      break;
    g_usleep(10000);
  }
  text = file_text("x");
  ck_assert_str_eq(text, "the one before");
  kill(pid, SIGTERM);
  ck_assert_int_eq(waitpid(pid, &status, 0), pid);
  ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == PARTIAL, "status %x", (guint)status);
  g_clear_pointer(&text, g_free);
  text = file_text("x");
  ck_assert_int_eq(strncmp(text, "go 1.19 trace-", 14), 0);
}
END_TEST

/* ---- Ways there ----------------------------------------------------------------------------- */

START_TEST(test_unix) {
  g_autofree char *path = g_build_filename(folder, "s", NULL);
  g_autoptr(TestDouble) unix_server = test_double_new(answer, NULL, NULL, path);
  g_autofree char *at = g_strdup_printf("unix:%s:/index", path);
  g_auto(TestRun) listed = {0};
  g_auto(TestRun) recorded = {0};

  listed.status = test_run_cli(folder, &listed.out, &listed.err, "capture", at, NULL);
  ck_assert_msg(listed.status == 0, "%s", listed.err);
  recorded.status =
      test_run_cli(folder, &recorded.out, &recorded.err, "capture", "http://shop.example/index",
                   "--unix", path, "--kind", "heap", "-o", "h", NULL);
  ck_assert_msg(recorded.status == 0, "%s", recorded.err);
}
END_TEST

static TestDouble *tls_server(gpointer data) {
  g_autofree char *pem = g_build_filename(UNPARK_TEST_DATA, "tls/server.pem", NULL);

  return test_double_new(answer, data, pem, NULL);
}

START_TEST(test_tls) {
  g_autoptr(TestDouble) safe = tls_server(NULL);
  g_autofree char *ca = g_build_filename(UNPARK_TEST_DATA, "tls/ca.pem", NULL);
  g_autofree char *at = g_strdup_printf("https://localhost:%u/index", test_double_port(safe));
  g_autofree char *plain = g_strdup_printf("https://localhost:%u/index", test_double_port(server));
  g_auto(TestRun) unknown = {0};
  g_auto(TestRun) known = {0};
  g_auto(TestRun) none = {0};

  unknown.status = test_run_cli(folder, &unknown.out, &unknown.err, "capture", at, NULL);
  ck_assert_int_eq(unknown.status, 1);
  ck_assert_msg(strstr(unknown.err, "an authority that is not known"), "%s", unknown.err);
  known.status = test_run_cli(folder, &known.out, &known.err, "capture", at, "--cacert", ca, NULL);
  ck_assert_msg(known.status == 0, "%s", known.err);
  none.status = test_run_cli(folder, &none.out, &none.err, "capture", plain, NULL);
  ck_assert_int_eq(none.status, 1);
  ck_assert_msg(strstr(none.err, "No safe connection"), "%s", none.err);
}
END_TEST

START_TEST(test_credentials) {
  g_autoptr(TestDouble) basic =
      test_double_new(answer, (gpointer) "Authorization: Basic bWU6c2VjcmV0", NULL, NULL);
  g_autoptr(TestDouble) bearer =
      test_double_new(answer, (gpointer) "Authorization: Bearer t0ken\r\n", NULL, NULL);
  g_autofree char *of_basic =
      g_strdup_printf("http://127.0.0.1:%u/guarded/x", test_double_port(basic));
  g_autofree char *of_bearer =
      g_strdup_printf("http://127.0.0.1:%u/guarded/x", test_double_port(bearer));
  g_autofree char *secret = g_build_filename(folder, "secret", NULL);
  g_auto(TestRun) first = {0};
  g_auto(TestRun) second = {0};
  g_auto(TestRun) wrong = {0};

  ck_assert(g_file_set_contents(secret, "secret\n", -1, NULL));
  first.status = test_run_cli(folder, &first.out, &first.err, "capture", of_basic, "--user", "me",
                              "--password-file", secret, "-o", "a", NULL);
  ck_assert_msg(first.status == 0, "%s", first.err);
  g_setenv("UNPARK_TOKEN", "t0ken", TRUE);
  second.status =
      test_run_cli(folder, &second.out, &second.err, "capture", of_bearer, "-o", "b", NULL);
  ck_assert_msg(second.status == 0, "%s", second.err);
  wrong.status = test_run_cli(folder, &wrong.out, &wrong.err, "capture", of_basic, "-o", "c", NULL);
  ck_assert_int_eq(wrong.status, 1);
  ck_assert_msg(strstr(wrong.err, "does not accept this token"), "%s", wrong.err);
  ck_assert_ptr_null(strstr(wrong.err, "t0ken"));
}
END_TEST

/* Another host, be it only another port, does not get what was given for this one. */
START_TEST(test_redirects) {
  g_autofree char *other = url("/index/debug/pprof/heap");
  g_autoptr(TestDouble) here = test_double_new(answer, other, NULL, NULL);
  g_autoptr(TestDouble) safe = tls_server(other);
  g_autofree char *at = g_strdup_printf("http://127.0.0.1:%u/away/", test_double_port(here));
  g_autofree char *down = g_strdup_printf("https://localhost:%u/away/", test_double_port(safe));
  g_autofree char *ca = g_build_filename(UNPARK_TEST_DATA, "tls/ca.pem", NULL);
  g_auto(TestRun) followed = {0};
  g_auto(TestRun) refused = {0};
  g_autofree char *of_here = NULL;
  g_autofree char *of_other = NULL;

  g_setenv("UNPARK_TOKEN", "t0ken", TRUE);
  followed.status =
      test_run_cli(folder, &followed.out, &followed.err, "capture", at, "-o", "h", NULL);
  ck_assert_msg(followed.status == 0, "%s", followed.err);
  of_here = test_double_requests(here);
  of_other = test_double_requests(server);
  ck_assert_ptr_nonnull(strstr(of_here, "t0ken"));
  ck_assert_ptr_nonnull(strstr(of_other, "GET /index/debug/pprof/heap"));
  ck_assert_ptr_null(strstr(of_other, "Authorization"));
  refused.status = test_run_cli(folder, &refused.out, &refused.err, "capture", down, "--cacert", ca,
                                "-o", "d", NULL);
  ck_assert_int_eq(refused.status, 1);
  ck_assert_msg(strstr(refused.err, "not encrypted"), "%s", refused.err);
}
END_TEST

START_TEST(test_usage) {
  static const char *const wrong[][5] = {
      {"--kind", "heap", NULL},           {"--kind", "../x", "-o", "x", NULL},
      {"--seconds", "0", NULL},           {"--user", "me", NULL},
      {"--password-file", "/dev/null"},   {"-o", "x", NULL},
      {"--token-file", "/dev/null", NULL}};

  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_auto(TestRun) run = {0};
    run.status = test_run_cli(folder, &run.out, &run.err, "capture", "localhost:1", wrong[i][0],
                              wrong[i][1], wrong[i][2], wrong[i][3], NULL);
    ck_assert_msg(run.status == 2, "%s %s: %d %s", wrong[i][0], wrong[i][1], run.status, run.err);
  }
  assert_only(NULL);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("capture");
  TCase *pure = tcase_create("pure");
  TCase *served = tcase_create("served");

  tcase_add_test(pure, test_addresses);
  tcase_add_test(pure, test_index);
  suite_add_tcase(suite, pure);
  tcase_add_checked_fixture(served, setup, teardown);
  tcase_add_test(served, test_list);
  tcase_add_test(served, test_several);
  tcase_add_test(served, test_unknown_kind);
  tcase_add_loop_test(served, test_failures, 0, G_N_ELEMENTS(failures));
  tcase_add_test(served, test_half_way);
  tcase_add_test(served, test_not_a_service);
  tcase_add_test(served, test_nothing_there);
  tcase_add_test(served, test_stopped);
  tcase_add_test(served, test_unix);
  tcase_add_test(served, test_tls);
  tcase_add_test(served, test_credentials);
  tcase_add_test(served, test_redirects);
  tcase_add_test(served, test_usage);
  suite_add_tcase(suite, served);
  return test_run(suite);
}
