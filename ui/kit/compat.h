/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What newer versions of GTK and libadwaita deprecate, and what takes its place there: nothing else
 * in the program needs to know which version it is built with. Main thread only. */
#pragma once

#include <adwaita.h>

/* The file that was chosen, valid during the call; NULL if none was. Called exactly once. */
typedef void (*UnparkCompatFile)(GFile *file, gpointer data);
/* The same for many: a list of GFile. */
typedef void (*UnparkCompatFiles)(GListModel *files, gpointer data);

/* Modal choosers of files; `parent` may be NULL, `name` is proposed. */
void unpark_compat_save_file(GtkWindow *parent, const char *title, const char *name,
                             UnparkCompatFile chosen, gpointer data);
void unpark_compat_open_file(GtkWindow *parent, const char *title, UnparkCompatFile chosen,
                             gpointer data);
void unpark_compat_open_files(GtkWindow *parent, const char *title, UnparkCompatFiles chosen,
                              gpointer data);
void unpark_compat_open_folder(GtkWindow *parent, const char *title, UnparkCompatFile chosen,
                               gpointer data);

/* As gtk_list_box_remove_all() of GTK 4.12: every row; the placeholder stays. */
void unpark_compat_list_box_clear(GtkListBox *list);

/* As gtk_expander_set_child(): GTK 4.18 leads the Tab key into the child of a closed one, where it
 * stays without effect, unless that is invisible. Templates bind "visible" to "expanded". */
void unpark_compat_expander_set_child(GtkExpander *expander, GtkWidget *child);

/* A question with `child` below its heading, and the answers "cancel" and `response`, which Enter
 * gives. Its signal "response" tells the answer; it goes away by itself then. */
GtkWidget *unpark_compat_question_new(GtkWidget *parent, const char *heading, GtkWidget *child,
                                      const char *response, const char *label);
/* Whether `response` can be given; `widget` is the question or anything in it. */
void unpark_compat_question_enable(GtkWidget *widget, const char *response, gboolean enabled);
/* Shows it above `parent`, with the focus on `focus`. */
void unpark_compat_question_present(GtkWidget *question, GtkWidget *parent, GtkWidget *focus);

/* A widget at the end of the row's heading. */
#if ADW_CHECK_VERSION(1, 4, 0)
#define unpark_compat_expander_row_add adw_expander_row_add_suffix
#else
#define unpark_compat_expander_row_add adw_expander_row_add_action
#endif

/* The program's description of itself: PARENT and the arguments of adw_show_about_dialog(). */
#if ADW_CHECK_VERSION(1, 5, 0)
#define unpark_compat_show_about(parent, ...) adw_show_about_dialog(GTK_WIDGET(parent), __VA_ARGS__)
#else
#define unpark_compat_show_about(parent, ...) adw_show_about_window(parent, __VA_ARGS__)
#endif

/* A class for style.css of a window with a header bar: whether that has room of its own above and
 * below what is in it. */
#if ADW_CHECK_VERSION(1, 4, 0)
#define UNPARK_COMPAT_HEADER_CLASS "unpark-padded-header"
#else
#define UNPARK_COMPAT_HEADER_CLASS "unpark-tight-header"
#endif
