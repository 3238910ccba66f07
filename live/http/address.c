/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/http/address.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "live/http/error.h"

#define TEXT_MAX 4096

UnparkAddress *unpark_address_copy(const UnparkAddress *address) {
  UnparkAddress *copy = g_memdup2(address, sizeof *address);

  copy->origin = g_strdup(address->origin);
  copy->path = g_strdup(address->path);
  copy->query = g_strdup(address->query);
  copy->unix_path = g_strdup(address->unix_path);
  copy->host = g_strdup(address->host);
  copy->user = g_strdup(address->user);
  copy->title = g_strdup(address->title);
  return copy;
}

void unpark_address_free(UnparkAddress *address) {
  if (!address)
    return;
  g_free(address->origin);
  g_free(address->path);
  g_free(address->query);
  g_free(address->unix_path);
  g_free(address->host);
  g_free(address->user);
  g_free(address->title);
  g_free(address);
}

static gboolean fail(GError **error, const char *text) {
  g_set_error(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_ADDRESS,
              _("“%s” is not an address: expected something like localhost:6060, "
                "https://shop.example/api, unix:/run/app.sock or dlv://localhost:2345"),
              text);
  return FALSE;
}

/* "/run/app.sock:/prefix": a socket's path may not hold ":/". */
static gboolean parse_unix(UnparkAddress *to, const char *rest, const char *text, GError **error) {
  const char *prefix = strstr(rest, ":/");

  if (g_str_has_prefix(rest, "//"))
    rest += 2;
  to->unix_path = prefix > rest ? g_strndup(rest, (gsize)(prefix - rest)) : g_strdup(rest);
  to->path = g_strdup(prefix > rest ? prefix + 1 : "");
  to->origin = g_strdup("http://localhost");
  to->title = g_strdup_printf("unix:%s", to->unix_path);
  return *to->unix_path ? TRUE : fail(error, text);
}

static gboolean take_user(UnparkAddress *to, GUri *uri, GError **error) {
  if (g_uri_get_password(uri)) {
    g_set_error(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_ADDRESS,
                _("Leave the password out of the address, where others can read it"));
    return FALSE;
  }
  to->user = g_strdup(g_uri_get_user(uri));
  return TRUE;
}

static gboolean take_uri(UnparkAddress *to, GUri *uri, const char *text, GError **error) {
  const char *scheme = g_uri_get_scheme(uri), *host = g_uri_get_host(uri);
  gboolean is_delve = strcmp(scheme, "dlv") == 0, is_tls = strcmp(scheme, "https") == 0;
  int port = g_uri_get_port(uri);
  g_autofree char *authority = NULL;

  if ((!is_delve && !is_tls && strcmp(scheme, "http") != 0) || !host || !*host)
    return fail(error, text);
  if (!take_user(to, uri, error))
    return FALSE;
  to->kind = is_delve ? UNPARK_ADDRESS_DELVE : UNPARK_ADDRESS_HTTP;
  to->host = g_strdup(host);
  to->port = (guint16)(port > 0 ? port : is_delve ? 0 : is_tls ? 443 : 80);
  if (port > 65535 || (is_delve && port <= 0))
    return fail(error, text);
  authority = g_strdup_printf(strchr(to->host, ':') ? "[%s]" : "%s", to->host);
  to->title = port > 0 ? g_strdup_printf("%s:%d", authority, port) : g_strdup(authority);
  to->origin = g_strdup_printf("%s://%s", is_tls ? "https" : "http", to->title);
  to->path = g_strdup(g_uri_get_path(uri));
  to->query = g_strdup(g_uri_get_query(uri));
  return TRUE;
}

static gboolean parse_uri(UnparkAddress *to, const char *text, GError **error) {
  const GUriFlags flags = G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_PATH |
                          G_URI_FLAGS_ENCODED_QUERY | G_URI_FLAGS_PARSE_RELAXED;
  g_autofree char *whole = NULL;
  g_autoptr(GUri) uri = NULL;

  if (strstr(text, "://"))
    whole = g_strdup(text);
  else if (text[strspn(text, "0123456789")] == '\0')
    whole = g_strdup_printf("http://localhost:%s", text);
  else
    whole = g_strdup_printf("http://%s%s", *text == ':' ? "localhost" : "", text);
  uri = g_uri_parse(whole, flags, NULL);
  return uri ? take_uri(to, uri, text, error) : fail(error, text);
}

UnparkAddress *unpark_address_parse(const char *text, GError **error) {
  g_autoptr(UnparkAddress) to = g_new0(UnparkAddress, 1);
  g_autofree char *clean = g_strstrip(g_strdup(text));
  gboolean ok;

  if (!*clean || strlen(clean) > TEXT_MAX || !g_utf8_validate(clean, -1, NULL) ||
      strpbrk(clean, " \t\r\n")) {
    ok = fail(error, strlen(clean) > TEXT_MAX ? "…" : clean);
  } else if (g_str_has_prefix(clean, "unix:")) {
    ok = parse_unix(to, clean + strlen("unix:"), clean, error);
  } else if (g_str_has_prefix(clean, "dlv+unix:")) {
    to->kind = UNPARK_ADDRESS_DELVE;
    ok = parse_unix(to, clean + strlen("dlv+unix:"), clean, error);
  } else {
    ok = parse_uri(to, clean, error);
  }
  return ok ? g_steal_pointer(&to) : NULL;
}

char *unpark_address_url(const UnparkAddress *address) {
  return g_strconcat(address->origin, address->path, address->query ? "?" : "",
                     address->query ? address->query : "", NULL);
}
