/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/page/page.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "model/base/free-later.h"
#include "ui/kit/accessible.h"
#include "ui/kit/sentence.h"
#include "ui/kit/settings.h"
#include "ui/kit/wrap-box.h"
#include "ui/session/scope-request.h"
#include "ui/session/time-scope.h"

/* Quick answers show no spinner: it would only flash. */
#define SPINNER_MS 80 /* a tenth of a second is when waiting is felt */

#define TEMPLATES "/io/github/unpark/Unpark/ui/"

static void buildable_init(GtkBuildableIface *iface);

G_DEFINE_TYPE_WITH_CODE(UnparkPage, unpark_page, GTK_TYPE_WIDGET,
                        G_IMPLEMENT_INTERFACE(GTK_TYPE_BUILDABLE, buildable_init))

/* ---- What is shown ---------------------------------------------------------------------- */

void unpark_page_show_content(UnparkPage *self) {
  gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "content");
}

void unpark_page_say(UnparkPage *self, const char *title, const char *text) {
  unpark_sentence_set(self->empty, title, text);
  gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "empty");
}

void unpark_page_set_facts(UnparkPage *self, const char *title, const char *facts) {
  gtk_label_set_text(GTK_LABEL(self->title), title ? title : "");
  gtk_label_set_text(GTK_LABEL(self->facts), facts);
  gtk_widget_set_visible(self->title, title != NULL);
  gtk_widget_set_visible(self->facts, !title || *facts);
}

void unpark_page_set_shown(UnparkPage *self, const char *shown) {
  gtk_label_set_text(GTK_LABEL(self->shown), shown);
  gtk_widget_set_visible(self->shown, *shown);
}

/* ---- Loading ---------------------------------------------------------------------------- */

typedef struct {
  const UnparkWork *work;
  gpointer data, result;
} Load;

static gpointer load_run(gpointer data, GCancellable *cancellable, GError **error) {
  Load *load = data;
  load->result = load->work->run(load->data, cancellable, error);
  return NULL;
}

static gboolean show_spinner(gpointer data) {
  UnparkPage *self = data;
  self->spinner_source = 0;
  gtk_widget_set_visible(self->spinner, TRUE);
  return G_SOURCE_REMOVE;
}

void unpark_page_set_busy(UnparkPage *self, gboolean busy) {
  self->goes_on = busy;
  if (!busy) {
    g_clear_handle_id(&self->spinner_source, g_source_remove);
    gtk_widget_set_visible(self->spinner, FALSE);
  } else if (self->spinner_source == 0) {
    self->spinner_source = g_timeout_add(SPINNER_MS, show_spinner, self);
  }
}

static void on_loaded(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkPage *self = owner;
  Load *load = data;
  self->goes_on = FALSE;
  if (error)
    unpark_page_say(self, _("Cannot Be Shown"), error->message);
  else
    load->work->done(self, load->data, g_steal_pointer(&load->result), NULL);
  /* What came may be the beginning of something else, or have to wait for it. */
  unpark_page_set_busy(self, self->goes_on);
}

static void load_free(gpointer data) {
  Load *load = data;
  if (load->result && load->work->result_free)
    unpark_free_later(load->result, load->work->result_free);
  if (load->data && load->work->data_free)
    load->work->data_free(load->data);
  g_free(load);
}

void unpark_page_run(UnparkPage *self, const UnparkWork *work, gpointer data) {
  static const UnparkWork loading = {load_run, on_loaded, load_free, NULL};
  Load *load = g_new(Load, 1);
  *load = (Load){work, data, NULL};
  unpark_worker_run(&self->worker, self, &loading, load);
  unpark_page_set_busy(self, TRUE);
}

void unpark_page_run_scoped(UnparkPage *self, const UnparkWork *work, gpointer what) {
  const GError *error = unpark_session_get_filter_error(self->session);
  if (!error && !unpark_session_is_filtering(self->session)) {
    unpark_page_run(self, work,
                    unpark_scope_request_new(self->session, UNPARK_TIME_SCOPE(self->scope), what));
    return;
  }
  /* The page asks again at "filter-ready". */
  g_free(what);
  unpark_worker_cancel(&self->worker);
  unpark_page_set_busy(self, error == NULL);
  if (error)
    unpark_page_say(self, _("Cannot Be Shown"), error->message);
}

void unpark_page_reload(UnparkPage *self) {
  UnparkPageClass *class = UNPARK_PAGE_GET_CLASS(self);
  self->stale = !gtk_widget_get_mapped(GTK_WIDGET(self));
  if (!self->stale && class->load && unpark_session_get_store(self->session))
    class->load(self);
}

static void unpark_page_map(GtkWidget *widget) {
  UnparkPage *self = UNPARK_PAGE(widget);
  GTK_WIDGET_CLASS(unpark_page_parent_class)->map(widget);
  if (self->stale)
    unpark_page_reload(self);
}

/* ---- The bar ---------------------------------------------------------------------------- */

static void on_search(UnparkPage *self) {
  UNPARK_PAGE_GET_CLASS(self)->find(self, gtk_editable_get_text(GTK_EDITABLE(self->search)));
}

void unpark_page_use_search(UnparkPage *self, const char *placeholder, const char *name) {
  g_object_set(self->search, "placeholder-text", placeholder, "visible", TRUE, NULL);
  unpark_accessible_name(self->search, name);
  gtk_search_entry_set_key_capture_widget(GTK_SEARCH_ENTRY(self->search), self->first);
}

void unpark_page_use_scope(UnparkPage *self, const char *copy) {
  self->scope = unpark_time_scope_new(self->session);
  gtk_widget_insert_before(self->scope, self->bar, self->texts);
  g_signal_connect_object(self->scope, "changed", G_CALLBACK(unpark_page_reload), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->session, "filter-changed", G_CALLBACK(unpark_page_reload), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->session, "filter-ready", G_CALLBACK(unpark_page_reload), self,
                          G_CONNECT_SWAPPED);
  if (copy) {
    g_autofree char *tooltip = g_strdup_printf("%s (Ctrl+C)", copy);
    gtk_widget_set_tooltip_text(self->copy, tooltip);
    unpark_accessible_name(self->copy, copy);
    gtk_widget_set_visible(self->copy, TRUE);
  }
}

/* ---- Widget ----------------------------------------------------------------------------- */

static GtkBuildableIface *parent_buildable;

static void put_frame(UnparkPage *self, GtkWidget *frame) {
  g_object_ref(self->box);
  gtk_widget_unparent(self->box);
  gtk_widget_set_parent(frame, GTK_WIDGET(self));
}

static void add_child(GtkBuildable *buildable, GtkBuilder *builder, GObject *child,
                      const char *type) {
  UnparkPage *self = UNPARK_PAGE(buildable);
  if (!self->pages || !GTK_IS_WIDGET(child)) { /* the base's own; a controller */
    parent_buildable->add_child(buildable, builder, child, type);
    return;
  }
  GtkWidget *widget = GTK_WIDGET(child);
  if (!type) {
    gtk_stack_add_named(GTK_STACK(self->pages), widget, "content");
    unpark_page_show_content(self);
  } else if (g_str_equal(type, "text")) {
    gtk_box_prepend(GTK_BOX(self->texts), widget);
  } else if (g_str_equal(type, "start")) {
    gtk_widget_insert_before(widget, self->bar, self->texts);
  } else if (g_str_equal(type, "bar")) {
    gtk_widget_insert_before(widget, self->bar, self->search);
  } else if (g_str_equal(type, "end")) {
    gtk_widget_insert_before(widget, self->bar, NULL);
  } else if (g_str_equal(type, "above")) {
    gtk_widget_insert_before(widget, self->box, self->pages);
  } else if (g_str_equal(type, "below")) {
    gtk_box_append(GTK_BOX(self->box), widget);
  } else if (g_str_equal(type, "frame")) {
    put_frame(self, widget);
  } else {
    g_warning("A page has no place for a child of type “%s”", type);
  }
}

static void buildable_init(GtkBuildableIface *iface) {
  parent_buildable = g_type_interface_peek_parent(iface);
  iface->add_child = add_child;
}

static void on_copy(GtkWidget *widget, const char *name, GVariant *parameter) {
  if (UNPARK_PAGE_GET_CLASS(widget)->copy)
    UNPARK_PAGE_GET_CLASS(widget)->copy(UNPARK_PAGE(widget));
}

static void on_filter(GtkWidget *widget, const char *name, GVariant *filter) {
  unpark_session_set_filter(UNPARK_PAGE(widget)->session, g_variant_get_string(filter, NULL));
}

static void unpark_page_dispose(GObject *object) {
  UnparkPage *self = UNPARK_PAGE(object);
  unpark_worker_cancel(&self->worker);
  g_clear_handle_id(&self->spinner_source, g_source_remove);
  for (GtkWidget *child; (child = gtk_widget_get_first_child(GTK_WIDGET(self)));)
    gtk_widget_unparent(child);
  G_OBJECT_CLASS(unpark_page_parent_class)->dispose(object);
}

static void unpark_page_finalize(GObject *object) {
  g_clear_object(&UNPARK_PAGE(object)->session);
  G_OBJECT_CLASS(unpark_page_parent_class)->finalize(object);
}

void unpark_page_class_set_template(gpointer page_class, const char *path) {
  g_autofree char *resource = g_strconcat(TEMPLATES, path, NULL);
  gtk_widget_class_set_template_from_resource(page_class, resource);
}

static void unpark_page_class_init(UnparkPageClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_page_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_page_finalize;
  widget_class->map = unpark_page_map;
  g_type_ensure(UNPARK_TYPE_WRAP_BOX);
  unpark_page_class_set_template(class, "page/page.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkPage, box);
  gtk_widget_class_bind_template_child(widget_class, UnparkPage, bar);
  gtk_widget_class_bind_template_child(widget_class, UnparkPage, texts);
  gtk_widget_class_bind_template_child(widget_class, UnparkPage, title);
  gtk_widget_class_bind_template_child(widget_class, UnparkPage, facts);
  gtk_widget_class_bind_template_child(widget_class, UnparkPage, shown);
  gtk_widget_class_bind_template_child(widget_class, UnparkPage, spinner);
  gtk_widget_class_bind_template_child(widget_class, UnparkPage, search);
  gtk_widget_class_bind_template_child(widget_class, UnparkPage, copy);
  gtk_widget_class_bind_template_child(widget_class, UnparkPage, pages);
  gtk_widget_class_bind_template_child(widget_class, UnparkPage, empty);
  gtk_widget_class_bind_template_callback(widget_class, on_search);
  gtk_widget_class_install_action(widget_class, "page.copy", NULL, on_copy);
  gtk_widget_class_install_action(widget_class, "page.filter", "s", on_filter);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "page.copy", NULL);
}

static void unpark_page_init(UnparkPage *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
}

GtkWidget *unpark_page_new(GType type, UnparkSession *session) {
  UnparkPage *self = g_object_new(type, NULL);
  self->session = g_object_ref(session);
  self->stale = TRUE;
  if (UNPARK_PAGE_GET_CLASS(self)->begin)
    UNPARK_PAGE_GET_CLASS(self)->begin(self);
  g_signal_connect_object(session, "store-changed", G_CALLBACK(unpark_page_reload), self,
                          G_CONNECT_SWAPPED);
  return GTK_WIDGET(self);
}

/* ---- For UnparkView --------------------------------------------------------------------- */

void unpark_page_focus(GtkWidget *widget) {
  gtk_widget_grab_focus(UNPARK_PAGE(widget)->first);
}

GtkWidget *unpark_page_get_search(GtkWidget *widget) {
  return UNPARK_PAGE(widget)->search;
}

void unpark_page_export(GtkWidget *widget) {
  UNPARK_PAGE_GET_CLASS(widget)->export(UNPARK_PAGE(widget));
}
