/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark: the window. */
#include <glib/gi18n.h>
#include <locale.h>

#include "app/gui-opener.h"
#include "ui/shell/application.h"
#include "ui/kit/memory.h"

int main(int argc, char **argv) {
  unpark_memory_init();
  setlocale(LC_ALL, "");
  bindtextdomain(GETTEXT_PACKAGE, UNPARK_LOCALEDIR);
  bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
  textdomain(GETTEXT_PACKAGE);
  g_autoptr(GApplication) application = G_APPLICATION(unpark_application_new(&unpark_gui_opener));
  return g_application_run(application, argc, argv);
}
