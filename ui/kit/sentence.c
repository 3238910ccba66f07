/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/sentence.h"

#include <adwaita.h>

#include "model/base/printable.h"

void unpark_sentence_set(GtkWidget *page, const char *title, const char *text) {
  g_autofree char *printable = unpark_printable_dup_lines(text);
  g_autofree char *escaped = g_markup_escape_text(printable, -1);
  g_autofree char *line = unpark_printable_dup(title);
  adw_status_page_set_title(ADW_STATUS_PAGE(page), line);
  adw_status_page_set_description(ADW_STATUS_PAGE(page), escaped);
}
