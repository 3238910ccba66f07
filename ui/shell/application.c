/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/shell/application.h"

#include <glib/gi18n.h>

#include "ui/desktop/restore.h"
#include "ui/kit/accessible.h"
#include "ui/kit/compat.h"
#include "ui/kit/settings.h"
#include "ui/preferences/apply.h"
#include "ui/preferences/keys.h"
#include "ui/preferences/window.h"
#include "ui/shell/window.h"

/* How a start with --together tells the program that runs already. */
#define TOGETHER "together"

struct _UnparkApplication {
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE(UnparkApplication, unpark_application, ADW_TYPE_APPLICATION)

/* The latest one that was used; dialogs are windows as well, and are above it. */
static UnparkWindow *any_window(UnparkApplication *self) {
  for (GList *l = gtk_application_get_windows(GTK_APPLICATION(self)); l; l = l->next)
    if (UNPARK_IS_WINDOW(l->data))
      return UNPARK_WINDOW(l->data);
  return unpark_window_new(self);
}

typedef struct {
  UnparkWindow *window;
  char **uris;
  guint next;
} Reopening;

static void reopen_next(Reopening *r);

/* What is gone meanwhile is passed over. */
static void on_found(GObject *file, GAsyncResult *result, gpointer data) {
  Reopening *r = data;
  g_autoptr(GFileInfo) info = g_file_query_info_finish(G_FILE(file), result, NULL);
  if (info && gtk_window_get_application(GTK_WINDOW(r->window)))
    unpark_window_open(r->window, G_FILE(file));
  reopen_next(r);
}

static void reopen_next(Reopening *r) {
  if (!r->uris[r->next]) {
    g_strfreev(r->uris);
    g_object_unref(r->window);
    g_free(r);
    return;
  }
  g_autoptr(GFile) file = g_file_new_for_uri(r->uris[r->next++]);
  g_file_query_info_async(file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE,
                          G_PRIORITY_DEFAULT, NULL, on_found, r);
}

/* Without a file, and without a window: what was open when the program ended. */
static void unpark_application_activate(GApplication *application) {
  gboolean first = gtk_application_get_windows(GTK_APPLICATION(application)) == NULL;
  UnparkWindow *window = any_window(UNPARK_APPLICATION(application));
  gtk_window_present(GTK_WINDOW(window));
  if (first) {
    Reopening *r = g_new0(Reopening, 1);
    r->window = g_object_ref(window);
    r->uris = unpark_restore_get();
    reopen_next(r);
  }
}

static void unpark_application_open(GApplication *application, GFile **files, int n_files,
                                    const char *hint) {
  UnparkWindow *window = any_window(UNPARK_APPLICATION(application));
  if (g_str_equal(hint, TOGETHER))
    unpark_window_open_together(window, files, (guint)n_files);
  for (int i = 0; i < n_files && !g_str_equal(hint, TOGETHER); i++)
    unpark_window_open(window, files[i]);
  gtk_window_present(GTK_WINDOW(window));
}

/* --together is of all files after it, which GApplication's own options cannot say. TRUE: it was
 * given, and everything is done. */
static gboolean unpark_application_local_command_line(GApplication *application, char ***arguments,
                                                      int *status) {
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_object_unref);
  g_autoptr(GError) error = NULL;
  char **argv = *arguments;
  gboolean options = TRUE;
  if (!argv[0] || !g_strv_contains((const char *const *)argv + 1, "--" TOGETHER))
    return G_APPLICATION_CLASS(unpark_application_parent_class)
        ->local_command_line(application, arguments, status);
  for (guint i = 1; argv[i]; i++) {
    if (options && g_str_equal(argv[i], "--"))
      options = FALSE;
    else if (!options || argv[i][0] != '-')
      g_ptr_array_add(files, g_file_new_for_commandline_arg(argv[i]));
    else if (!g_str_equal(argv[i], "--" TOGETHER)) {
      g_printerr(_("unpark: Unknown option “%s”\n"), argv[i]);
      *status = 1;
      return TRUE;
    }
  }
  *status = 1;
  if (files->len == 0)
    g_printerr("%s\n", _("unpark: --together needs the files to open"));
  else if (!g_application_register(application, NULL, &error))
    g_printerr("unpark: %s\n", error->message);
  else {
    g_application_open(application, (GFile **)files->pdata, (int)files->len, TOGETHER);
    *status = 0;
  }
  return TRUE;
}

static void apply_scheme(const char *name) {
  AdwColorScheme scheme = g_str_equal(name, "light")  ? ADW_COLOR_SCHEME_FORCE_LIGHT
                          : g_str_equal(name, "dark") ? ADW_COLOR_SCHEME_FORCE_DARK
                                                      : ADW_COLOR_SCHEME_DEFAULT;
  adw_style_manager_set_color_scheme(adw_style_manager_get_default(), scheme);
}

static void on_scheme(GSimpleAction *action, GVariant *value, gpointer data) {
  const char *name = g_variant_get_string(value, NULL);
  g_simple_action_set_state(action, value);
  unpark_settings_set_string(UNPARK_KEY_SCHEME, name);
  apply_scheme(name);
}

static void on_about(GSimpleAction *action, GVariant *parameter, gpointer data) {
  GtkWindow *parent = gtk_application_get_active_window(GTK_APPLICATION(data));
  unpark_compat_show_about(parent, "application-name", "Unpark", "application-icon",
                           UNPARK_APPLICATION_ID, "version", UNPARK_VERSION, "developer-name",
                           _("The Unpark developers"), "license-type", GTK_LICENSE_GPL_3_0,
                           "comments", _("See why goroutines wait"), NULL);
}

static void on_looks_changed(UnparkApplication *self) {
  for (GList *l = gtk_application_get_windows(GTK_APPLICATION(self)); l; l = l->next)
    if (UNPARK_IS_WINDOW(l->data))
      unpark_window_show_again(UNPARK_WINDOW(l->data));
}

static void on_preferences(GSimpleAction *action, GVariant *parameter, gpointer data) {
  GtkWidget *preferences = unpark_preferences_new(GTK_WINDOW(any_window(data)));
  g_signal_connect_object(preferences, "looks-changed", G_CALLBACK(on_looks_changed), data,
                          G_CONNECT_SWAPPED);
  gtk_window_present(GTK_WINDOW(preferences));
}

static void on_quit(GSimpleAction *action, GVariant *parameter, gpointer data) {
  for (GList *l = gtk_application_get_windows(GTK_APPLICATION(data)), *next; l; l = next) {
    next = l->next;
    gtk_window_close(l->data);
  }
}

static void on_new_window(GSimpleAction *action, GVariant *parameter, gpointer data) {
  gtk_window_present(GTK_WINDOW(unpark_window_new(data)));
}

static void set_accels(GtkApplication *application) {
  static const struct {
    const char *action;
    const char *accels[3];
  } table[] = {
      {"app.quit", {"<Control>q"}},
      {"app.new-window", {"<Control>n"}},
      {"app.preferences", {"<Control>comma"}},
      {"win.open", {"<Control>o"}},
      {"win.open-folder", {"<Control><Shift>o"}},
      {"win.add-files", {"<Control><Shift>a"}},
      {"win.open-clipboard", {"<Control><Shift>v"}},
      {"win.print", {"<Control>p"}},
      {"win.record", {"<Control>r"}},
      {"win.close-tab", {"<Control>w"}},
      {"win.search", {"<Control>f"}},
      {"win.export", {"<Control>e"}},
      {"win.save-session", {"<Control>s"}},
      {"win.report", {"<Control><Shift>e"}},
      {"win.compare", {"<Control>d"}},
      {"win.go-to", {"<Control>g"}},
      {"win.menu", {"F10"}},
      {"win.help", {"F1"}},
      {"win.fullscreen", {"F11"}},
      {"win.show-help-overlay", {"<Control>question"}},
      {"win.match(1)", {"F3"}},
      {"win.match(-1)", {"<Shift>F3"}},
      {"win.back", {"<Alt>Left"}},
      {"win.forward", {"<Alt>Right"}},
  };
  for (guint i = 0; i < G_N_ELEMENTS(table); i++)
    gtk_application_set_accels_for_action(application, table[i].action, table[i].accels);
  for (int i = 1; i <= 9; i++) {
    char action[32], accel[32];
    const char *accels[] = {accel, NULL};
    g_snprintf(action, sizeof action, "win.view(%d)", i);
    g_snprintf(accel, sizeof accel, "<Control>%d", i);
    gtk_application_set_accels_for_action(application, action, accels);
  }
}

static void unpark_application_startup(GApplication *application) {
  static const GActionEntry actions[] = {
      {.name = "about", .activate = on_about},
      {.name = "quit", .activate = on_quit},
      {.name = "new-window", .activate = on_new_window},
      {.name = "preferences", .activate = on_preferences},
  };
  G_APPLICATION_CLASS(unpark_application_parent_class)->startup(application);
  g_autofree char *scheme = unpark_settings_get_string(UNPARK_KEY_SCHEME, "system");
  g_autoptr(GSimpleAction) action = g_simple_action_new_stateful(
      "color-scheme", G_VARIANT_TYPE_STRING, g_variant_new_string(scheme));
  g_signal_connect(action, "activate", G_CALLBACK(on_scheme), NULL);
  g_action_map_add_action(G_ACTION_MAP(application), G_ACTION(action));
  g_action_map_add_action_entries(G_ACTION_MAP(application), actions, G_N_ELEMENTS(actions),
                                  application);
  apply_scheme(scheme);
  unpark_preferences_apply();
  /* What is only looked at is not marked because it has the focus; Ctrl+A marks it. */
  g_object_set(gtk_settings_get_default(), "gtk-label-select-on-focus", FALSE, NULL);
  gtk_window_set_default_icon_name(UNPARK_APPLICATION_ID);
  unpark_accessible_menus();
  set_accels(GTK_APPLICATION(application));
}

static void unpark_application_shutdown(GApplication *application) {
  unpark_settings_save();
  G_APPLICATION_CLASS(unpark_application_parent_class)->shutdown(application);
}

static void unpark_application_class_init(UnparkApplicationClass *class) {
  GApplicationClass *application_class = G_APPLICATION_CLASS(class);
  application_class->activate = unpark_application_activate;
  application_class->open = unpark_application_open;
  application_class->local_command_line = unpark_application_local_command_line;
  application_class->startup = unpark_application_startup;
  application_class->shutdown = unpark_application_shutdown;
}

static void unpark_application_init(UnparkApplication *self) {
  g_application_add_main_option(G_APPLICATION(self), "version", 'v', G_OPTION_FLAG_NONE,
                                G_OPTION_ARG_NONE, _("Print the version and exit"), NULL);
  g_application_add_main_option(G_APPLICATION(self), TOGETHER, 0, G_OPTION_FLAG_NONE,
                                G_OPTION_ARG_NONE,
                                _("Open all files in one tab, on one axis of time"), NULL);
  g_application_set_option_context_parameter_string(G_APPLICATION(self), _("[FILE-OR-FOLDER…]"));
  g_application_set_option_context_summary(G_APPLICATION(self),
                                           _("See why goroutines wait: open Go execution traces, "
                                             "profiles, goroutine dumps and race reports."));
}

static int on_local_options(GApplication *application, GVariantDict *options) {
  if (!g_variant_dict_contains(options, "version"))
    return -1;
  g_print("unpark %s\n", UNPARK_VERSION);
  return 0;
}

UnparkApplication *unpark_application_new(const UnparkOpener *opener) {
  UnparkApplication *self = g_object_new(UNPARK_TYPE_APPLICATION, "application-id",
                                         UNPARK_APPLICATION_ID, "flags", G_APPLICATION_HANDLES_OPEN,
                                         "resource-base-path", "/io/github/unpark/Unpark", NULL);
  unpark_opener_set(opener);
  g_signal_connect(self, "handle-local-options", G_CALLBACK(on_local_options), NULL);
  return self;
}
