/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/shell/failure-words.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "model/base/error.h"

static gboolean is_file_error(const GError *error, GFileError file, GIOErrorEnum io) {
  return g_error_matches(error, G_FILE_ERROR, (int)file) ||
         g_error_matches(error, G_IO_ERROR, (int)io);
}

static UnparkFailureWords unreadable(const GError *error) {
  if (g_error_matches(error, UNPARK_ERROR, UNPARK_ERROR_UNKNOWN_FORMAT))
    return (UnparkFailureWords){
        .title = _("Unknown Kind of File"),
        .text = _("It is not a Go trace, profile, goroutine dump or race report, or something has "
                  "changed its bytes. A common cause: the server answered with an error page; look "
                  "into the file, and record again."),
        .show_folder = TRUE,
        .details = TRUE};
  if (g_error_matches(error, UNPARK_ERROR, UNPARK_ERROR_UNSUPPORTED_VERSION))
    return (UnparkFailureWords){
        .title = _("Version Not Supported"),
        .text = _("The file was written by a version of Go that this version of Unpark cannot "
                  "read. A newer Unpark may be able to."),
        .details = TRUE};
  if (g_error_matches(error, UNPARK_ERROR, UNPARK_ERROR_CORRUPT))
    return (UnparkFailureWords){
        .title = _("This File Is Damaged"),
        .text = _("Nothing in it could be used. It may have been cut off while it was copied, or "
                  "copied as text; copy it again, or record again."),
        .show_folder = TRUE,
        .details = TRUE};
  return (UnparkFailureWords){.title = _("This File Could Not Be Opened"),
                              .text = error->message,
                              .try_again = TRUE,
                              .show_folder = TRUE};
}

UnparkFailureWords unpark_failure_words(const GError *error, gint64 size) {
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return (UnparkFailureWords){.title = _("Opening Was Stopped"),
                                .text = _("Nothing had been read yet."),
                                .try_again = TRUE};
  if (is_file_error(error, G_FILE_ERROR_NOENT, G_IO_ERROR_NOT_FOUND))
    return (UnparkFailureWords){.title = _("File Not Found"),
                                .text = _("It may have been moved, renamed or deleted."),
                                .try_again = TRUE,
                                .show_folder = TRUE};
  if (is_file_error(error, G_FILE_ERROR_ACCES, G_IO_ERROR_PERMISSION_DENIED))
    return (UnparkFailureWords){
        .title = _("No Permission to Read This File"),
        .text = _("It belongs to another user. Copy it to a folder of your own, or ask its owner."),
        .try_again = TRUE,
        .show_folder = TRUE};
  if (is_file_error(error, G_FILE_ERROR_ISDIR, G_IO_ERROR_IS_DIRECTORY))
    return (UnparkFailureWords){.title = _("This Is a Folder"),
                                .text = _("Open a file in it: a trace, a profile or a dump."),
                                .show_folder = TRUE};
  if (g_error_matches(error, UNPARK_ERROR, UNPARK_ERROR_NO_SPACE))
    return (UnparkFailureWords){
        .title = _("The Disk Is Full"),
        .text = _("Unpark keeps what it has read on the disk. Free some space, then try again."),
        .try_again = TRUE,
        .details = TRUE};
  if (size == 0)
    return (UnparkFailureWords){
        .title = _("This File Is Empty"),
        .text = _("The program may have exited before it wrote anything, or the download failed. "
                  "Record again; with curl, the option -f shows errors of the server."),
        .try_again = TRUE,
        .show_folder = TRUE};
  return unreadable(error);
}

UnparkFailureWords unpark_failure_words_nothing(void) {
  return (UnparkFailureWords){
      .title = _("Nothing Was Recorded"),
      .text = _("The file has the header of a trace and nothing else. Either the program exited "
                "before it stopped the trace, or the download was cut off. Record again, and let "
                "the recording finish."),
      .try_again = TRUE,
      .show_folder = TRUE};
}
