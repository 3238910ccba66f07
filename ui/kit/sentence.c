/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/sentence.h"

#include <adwaita.h>

void unpark_sentence_set(GtkWidget *page, const char *title, const char *text) {
  g_autofree char *escaped = g_markup_escape_text(text, -1);
  adw_status_page_set_title(ADW_STATUS_PAGE(page), title);
  adw_status_page_set_description(ADW_STATUS_PAGE(page), escaped);
}
