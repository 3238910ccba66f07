/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pseudonyms, and which names need none. */
#include <string.h>
#include <sys/random.h>

#include "model/base/go-name.h"
#include "model/redact/redact.h"

#define LETTERS 7 /* 35 bits */

void unpark_redact_key_from(const void *bytes, gsize size, guint8 key[UNPARK_REDACT_KEY_SIZE]) {
  gsize n = UNPARK_REDACT_KEY_SIZE;
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

  g_checksum_update(sum, bytes, (gssize)size);
  g_checksum_get_digest(sum, key, &n);
}

void unpark_redact_key_random(guint8 key[UNPARK_REDACT_KEY_SIZE]) {
  if (getentropy(key, UNPARK_REDACT_KEY_SIZE) != 0)
    g_error("The system gives no random numbers");
}

/* Letters and digits that are not mistaken for each other. */
static void append_hash(GString *to, const guint8 *key, const char *kind, const char *text) {
  static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
  guint8 digest[32];
  gsize n = sizeof digest;
  g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, key, UNPARK_REDACT_KEY_SIZE);

  g_hmac_update(hmac, (const guchar *)kind, -1);
  g_hmac_update(hmac, (const guchar *)"\0", 1);
  g_hmac_update(hmac, (const guchar *)text, -1);
  g_hmac_get_digest(hmac, digest, &n);
  for (guint i = 0; i < LETTERS; i++)
    g_string_append_c(to, letters[digest[i] & 31]);
}

char *unpark_redact_word(const guint8 key[UNPARK_REDACT_KEY_SIZE], const char *kind,
                         const char *text) {
  GString *to = g_string_new(kind);

  append_hash(to, key, kind, text);
  return g_string_free(to, FALSE);
}

/* ---- What is Go's own ---------------------------------------------------------------------- */

/* Packages of the standard library; a path below one of those with a slash at its end is, too. */
static const char *const packages[] = {"archive/tar",
                                       "archive/zip",
                                       "arena",
                                       "bufio",
                                       "bytes",
                                       "cmp",
                                       "compress/bzip2",
                                       "compress/flate",
                                       "compress/gzip",
                                       "compress/lzw",
                                       "compress/zlib",
                                       "container/heap",
                                       "container/list",
                                       "container/ring",
                                       "context",
                                       "crypto",
                                       "crypto/aes",
                                       "crypto/boring",
                                       "crypto/cipher",
                                       "crypto/des",
                                       "crypto/dsa",
                                       "crypto/ecdh",
                                       "crypto/ecdsa",
                                       "crypto/ed25519",
                                       "crypto/elliptic",
                                       "crypto/fips140",
                                       "crypto/hkdf",
                                       "crypto/hmac",
                                       "crypto/hpke",
                                       "crypto/internal/",
                                       "crypto/md5",
                                       "crypto/mlkem",
                                       "crypto/pbkdf2",
                                       "crypto/rand",
                                       "crypto/rc4",
                                       "crypto/rsa",
                                       "crypto/sha1",
                                       "crypto/sha256",
                                       "crypto/sha3",
                                       "crypto/sha512",
                                       "crypto/subtle",
                                       "crypto/tls",
                                       "crypto/x509",
                                       "crypto/x509/pkix",
                                       "database/sql",
                                       "database/sql/driver",
                                       "debug/buildinfo",
                                       "debug/dwarf",
                                       "debug/elf",
                                       "debug/gosym",
                                       "debug/macho",
                                       "debug/pe",
                                       "embed",
                                       "encoding",
                                       "encoding/ascii85",
                                       "encoding/asn1",
                                       "encoding/base32",
                                       "encoding/base64",
                                       "encoding/binary",
                                       "encoding/csv",
                                       "encoding/gob",
                                       "encoding/hex",
                                       "encoding/json",
                                       "encoding/json/jsontext",
                                       "encoding/json/v2",
                                       "encoding/json/internal/",
                                       "encoding/pem",
                                       "encoding/xml",
                                       "errors",
                                       "expvar",
                                       "flag",
                                       "fmt",
                                       "go/ast",
                                       "go/build",
                                       "go/constant",
                                       "go/doc",
                                       "go/format",
                                       "go/importer",
                                       "go/parser",
                                       "go/printer",
                                       "go/scanner",
                                       "go/token",
                                       "go/types",
                                       "go/version",
                                       "hash",
                                       "hash/adler32",
                                       "hash/crc32",
                                       "hash/crc64",
                                       "hash/fnv",
                                       "hash/maphash",
                                       "html",
                                       "html/template",
                                       "image",
                                       "image/color",
                                       "image/color/palette",
                                       "image/draw",
                                       "image/gif",
                                       "image/jpeg",
                                       "image/png",
                                       "index/suffixarray",
                                       "internal/abi",
                                       "internal/bisect",
                                       "internal/bytealg",
                                       "internal/chacha8rand",
                                       "internal/concurrent",
                                       "internal/cpu",
                                       "internal/filepathlite",
                                       "internal/fmtsort",
                                       "internal/fuzz",
                                       "internal/godebug",
                                       "internal/goos",
                                       "internal/intern",
                                       "internal/itoa",
                                       "internal/nettrace",
                                       "internal/oserror",
                                       "internal/poll",
                                       "internal/profile",
                                       "internal/profilerecord",
                                       "internal/race",
                                       "internal/reflectlite",
                                       "internal/runtime/",
                                       "internal/saferio",
                                       "internal/singleflight",
                                       "internal/stringslite",
                                       "internal/sync",
                                       "internal/synctest",
                                       "internal/syscall/",
                                       "internal/sysinfo",
                                       "internal/testlog",
                                       "internal/trace/",
                                       "internal/trace",
                                       "internal/weak",
                                       "io",
                                       "io/fs",
                                       "io/ioutil",
                                       "iter",
                                       "log",
                                       "log/internal",
                                       "log/slog",
                                       "log/slog/internal/",
                                       "log/syslog",
                                       "maps",
                                       "math",
                                       "math/big",
                                       "math/bits",
                                       "math/cmplx",
                                       "math/rand",
                                       "math/rand/v2",
                                       "mime",
                                       "mime/multipart",
                                       "mime/quotedprintable",
                                       "net",
                                       "net/http",
                                       "net/http/cgi",
                                       "net/http/cookiejar",
                                       "net/http/fcgi",
                                       "net/http/httptest",
                                       "net/http/httptrace",
                                       "net/http/httputil",
                                       "net/http/internal",
                                       "net/http/internal/",
                                       "net/http/pprof",
                                       "net/internal/",
                                       "net/mail",
                                       "net/netip",
                                       "net/rpc",
                                       "net/rpc/jsonrpc",
                                       "net/smtp",
                                       "net/textproto",
                                       "net/url",
                                       "os",
                                       "os/exec",
                                       "os/signal",
                                       "os/user",
                                       "path",
                                       "path/filepath",
                                       "plugin",
                                       "reflect",
                                       "reflect/internal/",
                                       "regexp",
                                       "regexp/syntax",
                                       "runtime",
                                       "runtime/cgo",
                                       "runtime/coverage",
                                       "runtime/debug",
                                       "runtime/internal/",
                                       "runtime/metrics",
                                       "runtime/pprof",
                                       "runtime/race",
                                       "runtime/trace",
                                       "slices",
                                       "sort",
                                       "strconv",
                                       "strings",
                                       "structs",
                                       "sync",
                                       "sync/atomic",
                                       "syscall",
                                       "testing",
                                       "testing/fstest",
                                       "testing/internal/",
                                       "testing/iotest",
                                       "testing/quick",
                                       "testing/slogtest",
                                       "testing/synctest",
                                       "text/scanner",
                                       "text/tabwriter",
                                       "text/template",
                                       "text/template/parse",
                                       "time",
                                       "time/tzdata",
                                       "unicode",
                                       "unicode/utf16",
                                       "unicode/utf8",
                                       "unique",
                                       "unsafe",
                                       "vendor/golang.org/x/",
                                       "weak"};

static gboolean is_kept_package(const char *package) {
  for (guint i = 0; i < G_N_ELEMENTS(packages); i++)
    if (g_str_has_suffix(packages[i], "/") ? g_str_has_prefix(package, packages[i])
                                           : strcmp(package, packages[i]) == 0)
      return TRUE;
  return FALSE;
}

static char *package_of(const char *function) {
  return g_strndup(function, unpark_go_package_length(function));
}

gboolean unpark_redact_is_kept(const char *function) {
  g_autofree char *package = package_of(function);

  return is_kept_package(package);
}

/* ---- Functions ------------------------------------------------------------------------------ */

/* Type arguments may name anything. */
static char *without_arguments(const char *name) {
  GString *to = g_string_new(NULL);
  guint depth = 0;

  for (const char *p = name; *p; p++) {
    if (*p == '[' && depth++ == 0)
      g_string_append(to, "[...]");
    else if (*p == ']' && depth > 0)
      depth--;
    else if (depth == 0)
      g_string_append_c(to, *p);
  }
  return g_string_free(to, FALSE);
}

/* What the compiler calls parts of names. */
static gboolean is_compilers(const char *name) {
  static const char *const words[] = {"func", "gowrap", "deferwrap"};
  g_autofree char *part = g_strndup(name, strcspn(name, "-"));
  gsize digits = strspn(part, "0123456789");

  if (part[digits] == '\0' || strcmp(part, "init") == 0 || strcmp(part, "glob") == 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (g_str_has_prefix(part, words[i])) {
      const char *rest = part + strlen(words[i]);
      return *rest && rest[strspn(rest, "0123456789")] == '\0';
    }
  return FALSE;
}

/* One part between dots; `last`: nothing but the compiler's follows it. */
static void append_part(GString *to, const guint8 *key, const char *package, const char *part,
                        gboolean last) {
  static const char *const ends[] = {"-fm", "[...]", ")"};
  g_autofree char *core = g_strdup(part);
  g_autofree char *scoped = NULL;
  GString *tail = g_string_new(NULL);
  gboolean is_type = *part == '(' || !last;
  char *at = core;

  while (*at == '(' || *at == '*')
    g_string_append_c(to, *at++);
  char *range = strstr(at, "-range");
  if (range && range[6] && range[6 + strspn(range + 6, "0123456789")] == '\0') {
    g_string_prepend(tail, range);
    *range = '\0';
  }
  for (gboolean again = TRUE; again;) {
    again = FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(ends); i++)
      if (g_str_has_suffix(at, ends[i])) {
        g_string_prepend(tail, ends[i]);
        at[strlen(at) - strlen(ends[i])] = '\0';
        again = TRUE;
      }
  }
  if (is_compilers(at) || (strcmp(package, "main") == 0 && strcmp(at, "main") == 0)) {
    g_string_append(to, at);
  } else {
    scoped = g_strconcat(package, ".", at, NULL);
    g_string_append(to, is_type ? "Type" : "func");
    append_hash(to, key, is_type ? "Type" : "func", scoped);
  }
  g_string_append(to, tail->str);
  g_string_free(tail, TRUE);
}

static void append_package(GString *to, const guint8 *key, const char *package) {
  if (strcmp(package, "main") == 0) {
    g_string_append(to, package);
    return;
  }
  g_string_append(to, "pkg");
  append_hash(to, key, "pkg", package);
}

char *unpark_redact_function(const guint8 key[UNPARK_REDACT_KEY_SIZE], const char *function) {
  g_autofree char *package = package_of(function);
  g_autofree char *plain = without_arguments(function);
  gsize n = strlen(package);
  GString *to;
  guint last = 0;

  if (n == 0)
    return *function ? unpark_redact_word(key, "func", function) : g_strdup("");
  if (is_kept_package(package))
    return g_steal_pointer(&plain);
  to = g_string_new(NULL);
  append_package(to, key, package);
  /* Between dots, but for those of "[...]". */
  g_autoptr(GPtrArray) joined = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *rest = g_strdup(plain[n] ? plain + n + 1 : "");
  for (char *p = rest, *from = rest;; p++) {
    if (*p == '[' && g_str_has_prefix(p, "[...]")) {
      p += 4;
      continue;
    }
    if (*p == '.' || *p == '\0') {
      gboolean end = *p == '\0';
      *p = '\0';
      g_ptr_array_add(joined, g_strdup(from));
      from = p + 1;
      if (end)
        break;
    }
  }
  for (guint i = 0; i < joined->len; i++)
    if (!is_compilers(joined->pdata[i]))
      last = i;
  for (guint i = 0; i < joined->len; i++) {
    g_string_append_c(to, '.');
    append_part(to, key, package, joined->pdata[i], i >= last);
  }
  return g_string_free(to, FALSE);
}

/* ---- Files ---------------------------------------------------------------------------------- */

static const char *ending_of(const char *base) {
  static const char *const endings[] = {".go", ".s", ".c", ".cc", ".cpp", ".h"};

  for (guint i = 0; i < G_N_ELEMENTS(endings); i++)
    if (g_str_has_suffix(base, endings[i]))
      return endings[i];
  return "";
}

char *unpark_redact_file(const guint8 key[UNPARK_REDACT_KEY_SIZE], const char *file,
                         const char *function) {
  g_autofree char *package = package_of(function);
  const char *slash = strrchr(file, '/'), *backslash = strrchr(file, '\\');
  const char *base = MAX(slash, backslash) ? MAX(slash, backslash) + 1 : file;

  if (*file == '\0' || strcmp(file, "<autogenerated>") == 0)
    return g_strdup(file);
  if (is_kept_package(package)) {
    g_autofree char *expected = g_strconcat(package, "/", base, NULL);
    if (g_str_has_suffix(file, expected))
      return g_steal_pointer(&expected);
  }
  GString *to = g_string_new(NULL);
  g_autofree char *scoped = g_strconcat(package, "/", base, NULL);
  append_package(to, key, *package ? package : file);
  g_string_append(to, "/file");
  append_hash(to, key, "file", *package ? scoped : file);
  g_string_append(to, ending_of(base));
  return g_string_free(to, FALSE);
}
