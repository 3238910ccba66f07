/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/reports/dump-stack.h"

#include <glib/gi18n.h>

#include "model/base/go-name.h"
#include "ui/kit/compat.h"
#include "ui/text/format.h"
#include "ui/text/profile-format.h"

/* So few are not worth a click. */
#define UNFOLDED 2

void unpark_dump_stack_read(UnparkDumpStack *stack, UnparkStore *store, guint32 id) {
  stack->store = unpark_store_ref(store);
  stack->frames = unpark_store_stack(store, id, UNPARK_DUMP_MAX_FRAMES + 1, &stack->n);
  stack->is_cut = stack->n > UNPARK_DUMP_MAX_FRAMES;
  stack->n = MIN(stack->n, UNPARK_DUMP_MAX_FRAMES);
}

void unpark_dump_stack_clear(UnparkDumpStack *stack) {
  g_clear_pointer(&stack->frames, g_free);
  g_clear_pointer(&stack->store, unpark_store_unref);
  stack->n = 0;
}

char *unpark_dump_place(const char *file, guint32 line) {
  const char *name = unpark_format_basename(file);
  return line > 0 && *name ? g_strdup_printf("%s:%u", name, line) : g_strdup(name);
}

GtkWidget *unpark_dump_label(const char *text, const char *css) {
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable(GTK_LABEL(label), TRUE);
  gtk_widget_set_can_focus(label, FALSE); /* not focusable alone would be a trap for Tab */
  if (css)
    gtk_widget_add_css_class(label, css);
  return label;
}

static GtkWidget *frame_row(const UnparkFrame *frame) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *place = unpark_dump_place(frame->file, frame->line);
  g_autofree char *tip =
      frame->line > 0 ? g_strdup_printf("%s:%u", frame->file, frame->line) : g_strdup(frame->file);
  gboolean own = unpark_profile_is_own(frame->function);
  gtk_box_append(GTK_BOX(box), unpark_dump_label(unpark_profile_function_name(frame->function),
                                                 own ? NULL : "dim-label"));
  if (*place) {
    GtkWidget *where = unpark_dump_label(place, "caption");
    gtk_widget_add_css_class(where, "dim-label");
    gtk_widget_set_tooltip_text(where, tip);
    gtk_box_append(GTK_BOX(box), where);
  }
  return box;
}

/* Runtime frames from `i` on that follow each other, behind one line that opens. */
static guint show_folded(const UnparkDumpStack *stack, guint i, GtkBox *box) {
  GtkWidget *inner = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
  guint n = 0;
  for (; i < stack->n && unpark_go_is_runtime(stack->frames[i].function); i++, n++)
    gtk_box_append(GTK_BOX(inner), frame_row(&stack->frames[i]));
  g_autofree char *title =
      g_strdup_printf(ngettext("%u frame of the runtime", "%u frames of the runtime", n), n);
  GtkWidget *expander = gtk_expander_new(title);
  gtk_widget_set_margin_start(inner, 18);
  unpark_compat_expander_set_child(GTK_EXPANDER(expander), inner);
  gtk_expander_set_expanded(GTK_EXPANDER(expander), n == stack->n || n <= UNFOLDED);
  gtk_widget_add_css_class(expander, "dim-label");
  gtk_box_append(box, expander);
  return i;
}

void unpark_dump_stack_show(const UnparkDumpStack *stack, GtkBox *box) {
  for (guint i = 0; i < stack->n;) {
    if (unpark_go_is_runtime(stack->frames[i].function))
      i = show_folded(stack, i, box);
    else
      gtk_box_append(box, frame_row(&stack->frames[i++]));
  }
  if (stack->n == 0)
    gtk_box_append(box, unpark_dump_label(_("The stack is not known."), "dim-label"));
  if (stack->is_cut)
    gtk_box_append(box, unpark_dump_label(_("The stack continues; its outer frames are not shown."),
                                          "dim-label"));
}

void unpark_dump_stack_append(const UnparkDumpStack *stack, GString *out) {
  for (guint i = 0; i < stack->n; i++) {
    const UnparkFrame *frame = &stack->frames[i];
    g_string_append_printf(out, "%s\n", unpark_profile_function_name(frame->function));
    if (frame->line > 0)
      g_string_append_printf(out, "\t%s:%u\n", frame->file, frame->line);
    else if (*frame->file)
      g_string_append_printf(out, "\t%s\n", frame->file);
  }
  if (stack->is_cut)
    g_string_append(out, "...\n");
}

void unpark_dump_box_clear(GtkBox *box) {
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(GTK_WIDGET(box))))
    gtk_box_remove(box, child);
}
