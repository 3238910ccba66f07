/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/flame/graph/colour.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N_PACKAGES 12
#define OTHER_PACKAGES (N_PACKAGES - 1u)

/* Light, dark. Packages: chosen to be as far apart as eleven colours can be, also for those who do
 * not tell red from green, and the first few farthest; the last one is for all other packages. */
static const guint32 fills[UNPARK_FLAME_N_CLASSES][2] = {
    {0xfdb171, 0x795d46}, {0x968ff7, 0x804699}, {0x2cce99, 0x2e8383}, {0xfa9ff2, 0x5d2274},
    {0xed7665, 0x7c140a}, {0x60d4fe, 0x07519d}, {0xf4ea68, 0x264e01}, {0x93ab2c, 0x4e8626},
    {0x09b2c7, 0x3475c4}, {0x89f3a2, 0xb55422}, {0xba90a7, 0xb34b71}, {0xcfc9c0, 0x5b564e},
    {0xf6c177, 0x8a5713}, {0x8ec5e8, 0x235f8c}, {0xc6cad4, 0x4a5060}, {0xe4e0ea, 0x3a3742},
    {0x2f74c0, 0x5aa0ee}, {0x669ad3, 0x3f7fc6}, {0x9dc1e6, 0x2f5f94}, {0xcadcef, 0x2c4560},
    {0xe6e6e6, 0x404040}, {0xf6d3cd, 0x613a34}, {0xf0a79c, 0x8f453b}, {0xe4766a, 0xc05548},
    {0xcc4437, 0xf07264}, {0xff4fd8, 0xff5fdc}, {0xd9d9d9, 0x4b4b4b},
};

/* ---- Packages --------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  guint8 class_id;
  double area; /* of its frames, as wide as they are drawn */
  gboolean is_own;
} Package;

static int by_area(const void *a, const void *b) {
  const Package *x = a, *y = b;
  if (x->area != y->area)
    return x->area > y->area ? -1 : 1;
  return strcmp(x->name, y->name);
}

static GArray *list_packages(const UnparkFlame *flame) {
  g_autoptr(GHashTable) index = g_hash_table_new(g_str_hash, g_str_equal);
  g_autofree double *areas = g_new0(double, (gsize)flame->n_names + 1);
  GArray *packages = g_array_new(FALSE, FALSE, sizeof(Package));
  for (guint32 i = 1; i < flame->n_nodes; i++)
    areas[flame->nodes[i].name] += (double)flame->nodes[i].weight;
  for (guint32 i = 0; i < flame->n_names; i++) {
    const UnparkFlameName *name = &flame->names[i];
    gpointer at;
    if (name->kind >= UNPARK_NAME_GROUP || areas[i] <= 0)
      continue;
    if (!g_hash_table_lookup_extended(index, name->package, NULL, &at)) {
      Package new = {name->package, flame->package_classes ? flame->package_classes[i] : 0, 0,
                     name->kind == UNPARK_NAME_USER};
      at = GUINT_TO_POINTER(packages->len);
      g_hash_table_insert(index, (gpointer)name->package, at);
      g_array_append_val(packages, new);
    }
    g_array_index(packages, Package, GPOINTER_TO_UINT(at)).area += areas[i];
  }
  return packages;
}

/* Of the user's own packages, those of the program come before those that it requires, whose paths
 * begin with a host. */
static gboolean is_of_program(const Package *package) {
  gsize first = strcspn(package->name, "/");
  return package->is_own && (package->name[first] == 0 || !memchr(package->name, '.', first));
}

/* Most of the picture first; but the user's own package with most of it is first of all. */
static GArray *rank_packages(const UnparkFlame *flame) {
  GArray *packages = list_packages(flame);
  Package *p = (Package *)(void *)packages->data;
  guint own = packages->len;
  if (packages->len > 1)
    qsort(p, packages->len, sizeof *p, by_area);
  for (guint i = 0; i < packages->len && own == packages->len; i++)
    if (is_of_program(&p[i]))
      own = i;
  for (guint i = 0; i < packages->len && own == packages->len; i++)
    if (p[i].is_own)
      own = i;
  if (own > 0 && own < packages->len) {
    Package first = p[own];
    memmove(p + 1, p, own * sizeof *p);
    p[0] = first;
  }
  return packages;
}

void unpark_flame_colour_packages(UnparkFlame *flame, const UnparkFlame *like) {
  g_autoptr(GHashTable) classes = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GArray) packages = rank_packages(like ? like : flame);
  for (guint i = 0; i < MIN(packages->len, OTHER_PACKAGES); i++)
    g_hash_table_insert(classes, (gpointer)g_array_index(packages, Package, i).name,
                        GUINT_TO_POINTER(i + 1));
  g_free(flame->package_classes);
  flame->package_classes = g_new(guint8, (gsize)flame->n_names + 1);
  for (guint32 i = 0; i < flame->n_names; i++) {
    guint rank = GPOINTER_TO_UINT(g_hash_table_lookup(classes, flame->names[i].package));
    flame->package_classes[i] =
        (guint8)(UNPARK_FLAME_CLASS_PACKAGE + (rank > 0 ? rank - 1 : OTHER_PACKAGES));
  }
}

/* ---- Classes ---------------------------------------------------------------------------- */

static guint kind_class(const UnparkFlameName *name) {
  switch (name->kind) {
  case UNPARK_NAME_USER:
    return UNPARK_FLAME_CLASS_USER;
  case UNPARK_NAME_STANDARD:
    return UNPARK_FLAME_CLASS_STANDARD;
  case UNPARK_NAME_RUNTIME:
    return UNPARK_FLAME_CLASS_RUNTIME;
  default:
    return UNPARK_FLAME_CLASS_GROUP;
  }
}

/* How much of the larger side has come or gone, in four steps; the smallest step for any change
 * that is a thousandth of all. */
static guint change_class(const UnparkFlame *flame, const UnparkFlameNode *node) {
  double now = (double)node->total, before = (double)node->base_total, delta = now - before;
  double larger = MAX(fabs(now), fabs(before));
  int step = larger > 0 ? (int)lround(delta / larger * 4) : 0;
  if (step == 0 && fabs(delta) > (double)flame->nodes[0].weight / 1000)
    step = delta > 0 ? 1 : -1;
  return (guint)(UNPARK_FLAME_CLASS_CHANGE + 4 + CLAMP(step, -4, 4));
}

guint unpark_flame_class(const UnparkFlame *flame, guint32 node, UnparkFlameColouring colouring) {
  const UnparkFlameName *name = unpark_flame_name(flame, node);
  if (colouring == UNPARK_FLAME_COLOUR_CHANGE)
    return change_class(flame, &flame->nodes[node]);
  if (colouring == UNPARK_FLAME_COLOUR_KIND || name->kind >= UNPARK_NAME_GROUP)
    return kind_class(name);
  return flame->package_classes[flame->nodes[node].name];
}

guint32 unpark_flame_fill(guint class_id, gboolean dark) {
  g_return_val_if_fail(class_id < UNPARK_FLAME_N_CLASSES, 0);
  return fills[class_id][dark ? 1 : 0];
}

static double luminance(guint32 rgb) {
  double sum = 0;
  const double share[3] = {0.2126, 0.7152, 0.0722};
  for (guint i = 0; i < 3; i++) {
    double c = (double)(rgb >> (16 - 8 * i) & 0xff) / 255;
    sum += share[i] * (c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
  }
  return sum;
}

guint32 unpark_flame_ink(guint class_id, gboolean dark) {
  double y = luminance(unpark_flame_fill(class_id, dark));
  return (y + 0.05) / 0.05 > 1.05 / (y + 0.05) ? 0x101010 : 0xffffff;
}

guint32 unpark_flame_paper(gboolean dark) {
  return dark ? 0x1e1e1e : 0xffffff;
}

guint32 unpark_flame_paper_ink(gboolean dark, gboolean dim) {
  if (dim)
    return dark ? 0xb0b0b0 : 0x5c5c5c;
  return dark ? 0xf2f2f2 : 0x1a1a1a;
}

/* ---- Legend --------------------------------------------------------------------------- */

static void legend_free(gpointer data) {
  UnparkFlameLegend *legend = data;
  g_free(legend->text);
  g_free(legend);
}

static void add(GPtrArray *legend, guint class_id, const char *text) {
  UnparkFlameLegend *entry = g_new(UnparkFlameLegend, 1);
  entry->class_id = class_id;
  entry->text = g_strdup(text);
  g_ptr_array_add(legend, entry);
}

/* Those that have a colour of their own, then the rest together. */
static void add_packages(const UnparkFlame *flame, GPtrArray *legend) {
  g_autoptr(GArray) packages = rank_packages(flame);
  gboolean others = FALSE;
  for (guint i = 0; i < packages->len; i++) {
    const Package *package = &g_array_index(packages, Package, i);
    if (package->class_id == UNPARK_FLAME_CLASS_PACKAGE + OTHER_PACKAGES)
      others = TRUE;
    else
      add(legend, package->class_id, *package->name ? package->name : _("(no package)"));
  }
  if (others)
    add(legend, UNPARK_FLAME_CLASS_PACKAGE + OTHER_PACKAGES, _("other packages"));
}

/* The kinds of code that are drawn. */
static void add_kinds(const UnparkFlame *flame, GPtrArray *legend) {
  static const struct {
    UnparkFlameNameKind kind;
    guint class_id;
    const char *text;
  } kinds[] = {{UNPARK_NAME_USER, UNPARK_FLAME_CLASS_USER, N_("your code")},
               {UNPARK_NAME_STANDARD, UNPARK_FLAME_CLASS_STANDARD, N_("standard library")},
               {UNPARK_NAME_RUNTIME, UNPARK_FLAME_CLASS_RUNTIME, N_("runtime")}};
  gboolean drawn[UNPARK_NAME_NO_STACK + 1] = {FALSE};
  for (guint32 i = 1; i < flame->n_nodes; i++)
    if (flame->nodes[i].weight > 0)
      drawn[unpark_flame_name(flame, i)->kind] = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (drawn[kinds[i].kind])
      add(legend, kinds[i].class_id, _(kinds[i].text));
}

GPtrArray *unpark_flame_legend(const UnparkFlame *flame, UnparkFlameColouring colouring) {
  GPtrArray *legend = g_ptr_array_new_with_free_func(legend_free);
  switch (colouring) {
  case UNPARK_FLAME_COLOUR_KIND:
    add_kinds(flame, legend);
    break;
  case UNPARK_FLAME_COLOUR_CHANGE:
    add(legend, UNPARK_FLAME_CLASS_CHANGE, _("gone"));
    add(legend, UNPARK_FLAME_CLASS_CHANGE + 2, _("less"));
    add(legend, UNPARK_FLAME_CLASS_CHANGE + 4, _("same"));
    add(legend, UNPARK_FLAME_CLASS_CHANGE + 6, _("more"));
    add(legend, UNPARK_FLAME_CLASS_CHANGE + 8, _("new"));
    break;
  default:
    add_packages(flame, legend);
    break;
  }
  return legend;
}
