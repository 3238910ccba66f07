/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/http/words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "live/http/error.h"
#include "model/base/printable.h"

/* What is wrong with a certificate; the first reason is enough. */
static const char *certificate_fault(GTlsCertificateFlags flags) {
  if (flags & G_TLS_CERTIFICATE_UNKNOWN_CA)
    return _("its certificate is signed by an authority that is not known here. If that is a "
             "private one, name its file of certificates (--cacert, or Authority in the window)");
  if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return _("its certificate is for another host name");
  if (flags & G_TLS_CERTIFICATE_EXPIRED)
    return _("its certificate has expired");
  if (flags & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return _("its certificate is not valid yet");
  if (flags & G_TLS_CERTIFICATE_REVOKED)
    return _("its certificate has been revoked");
  return NULL;
}

static char *tls_sentence(const char *url, SoupMessage *message, const GError *error) {
  const char *fault =
      message ? certificate_fault(soup_message_get_tls_peer_certificate_errors(message)) : NULL;

  if (fault)
    return g_strdup_printf(_("No safe connection to %s: %s"), url, fault);
  return g_strdup_printf(_("No safe connection to %s (%s). Does it speak TLS? If not, use http:// "
                           "instead of https://"),
                         url, error->message);
}

static gboolean is_silence(const GError *error) {
  return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static gboolean is_unreachable(const GError *error) {
  static const GIOErrorEnum codes[] = {G_IO_ERROR_CONNECTION_REFUSED,  G_IO_ERROR_HOST_UNREACHABLE,
                                       G_IO_ERROR_NETWORK_UNREACHABLE, G_IO_ERROR_NOT_FOUND,
                                       G_IO_ERROR_PERMISSION_DENIED,   G_IO_ERROR_HOST_NOT_FOUND,
                                       G_IO_ERROR_INVALID_ARGUMENT};

  for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
    if (g_error_matches(error, G_IO_ERROR, (gint)codes[i]))
      return TRUE;
  return FALSE;
}

static char *unreachable_sentence(const UnparkFetch *fetch, const GError *error) {
  const char *path = fetch->reach.unix_path;

  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return path ? g_strdup_printf(_("Nothing listens on the socket %s"), path)
                : g_strdup_printf(_("Connection refused: nothing listens at %s. Is the service "
                                    "running, and is this its port for net/http/pprof?"),
                                  fetch->url);
  return g_strdup_printf(_("Cannot connect to %s: %s"), path ? path : fetch->url, error->message);
}

static UnparkLiveErrorCode classify(const UnparkFetch *fetch, SoupMessage *message,
                                    UnparkFetchStage stage, const GError *error, char **text) {
  const char *url = fetch->url;

  if (error->domain == G_RESOLVER_ERROR) {
    *text = g_strdup_printf(_("Unknown host in %s: %s"), url, error->message);
    return UNPARK_LIVE_ERROR_HOST;
  }
  if (is_silence(error)) {
    *text = g_strdup_printf(_("%s said nothing for %u s"), url, fetch->silence_s);
    return UNPARK_LIVE_ERROR_TIMEOUT;
  }
  if (error->domain == G_TLS_ERROR && stage == UNPARK_FETCH_HEAD) {
    *text = tls_sentence(url, message, error);
    return UNPARK_LIVE_ERROR_TLS;
  }
  if (stage == UNPARK_FETCH_HEAD && is_unreachable(error)) {
    *text = unreachable_sentence(fetch, error);
    return UNPARK_LIVE_ERROR_REFUSED;
  }
  if (stage == UNPARK_FETCH_HALF_WAY || stage == UNPARK_FETCH_BODY) {
    *text = g_strdup_printf(_("%s ended its answer half-way (%s). Was the service restarted, or is "
                              "its WriteTimeout shorter than the recording?"),
                            url, error->message);
    return UNPARK_LIVE_ERROR_CUT;
  }
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) ||
      g_error_matches(error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT)) {
    *text = g_strdup_printf(_("%s closed the connection without an answer"), url);
    return UNPARK_LIVE_ERROR_CUT;
  }
  *text = g_strdup_printf(_("%s does not answer as a web server does (%s)"), url, error->message);
  return UNPARK_LIVE_ERROR_NOT_GO;
}

void unpark_fetch_explain(const UnparkFetch *fetch, SoupMessage *message, UnparkFetchStage stage,
                          GError **error) {
  g_autoptr(GError) cause = *error;
  g_autofree char *text = NULL;
  g_autofree char *printable = NULL;
  UnparkLiveErrorCode code;

  *error = NULL;
  if (g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    *error = g_steal_pointer(&cause);
    return;
  }
  code = classify(fetch, message, stage, cause, &text);
  printable = unpark_printable_dup(text);
  g_set_error_literal(error, UNPARK_LIVE_ERROR, (gint)code, printable);
}

/* Without the status, which follows. */
static UnparkLiveErrorCode answer_code(const UnparkFetched *f) {
  const char *text = f->text ? f->text : "";

  switch (f->status) {
  case 401:
  case 403:
    return UNPARK_LIVE_ERROR_AUTH;
  case 404:
    return UNPARK_LIVE_ERROR_NOT_FOUND;
  case 400:
    if (strstr(text, "WriteTimeout"))
      return UNPARK_LIVE_ERROR_WRITE_TIMEOUT;
    return strstr(text, "HTTPS server") ? UNPARK_LIVE_ERROR_TLS : UNPARK_LIVE_ERROR_SERVER;
  case 500:
    return strstr(text, "already") ? UNPARK_LIVE_ERROR_BUSY : UNPARK_LIVE_ERROR_SERVER;
  default:
    return UNPARK_LIVE_ERROR_SERVER;
  }
}

static char *auth_sentence(const UnparkFetched *f, const UnparkReach *reach, const char *what) {
  if (f->status == 403)
    return g_strdup_printf(_("%s does not allow this (403 Forbidden)"), what);
  if (!reach->secret)
    return g_strdup_printf(_("%s asks for a user name and password, or a token (401)"), what);
  return reach->user
             ? g_strdup_printf(_("%s does not accept this user name and password (401)"), what)
             : g_strdup_printf(_("%s does not accept this token (401)"), what);
}

void unpark_fetched_fail(const UnparkFetched *f, const UnparkReach *reach, const char *what,
                         GError **error) {
  UnparkLiveErrorCode code = answer_code(f);
  const char *said = f->text ? f->text : f->website ? f->website : "";
  g_autofree char *text = NULL;

  switch (code) {
  case UNPARK_LIVE_ERROR_AUTH:
    text = auth_sentence(f, reach, what);
    break;
  case UNPARK_LIVE_ERROR_NOT_FOUND:
    text = g_strdup_printf(_("Nothing is at %s (404)"), what);
    break;
  case UNPARK_LIVE_ERROR_WRITE_TIMEOUT:
    text = g_strdup_printf(
        _("The service ends every answer before the recording would be done (%s). Record for a "
          "shorter time, raise WriteTimeout of its http.Server, or serve net/http/pprof from a "
          "server of its own without one"),
        said);
    break;
  case UNPARK_LIVE_ERROR_TLS:
    text = g_strdup_printf(_("%s speaks TLS: try https:// instead of http://"), what);
    break;
  case UNPARK_LIVE_ERROR_BUSY:
    text = g_strdup_printf(_("Another recording of this kind is going on in the service: wait for "
                             "it to end (%s)"),
                           said);
    break;
  default:
    text = g_strdup_printf(_("%s answered with status %u: %s"), what, f->status, said);
  }
  g_set_error_literal(error, UNPARK_LIVE_ERROR, (gint)code, text);
}
