/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/flame/graph/colour.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>

#define N_PACKAGES 12
#define N_LEGEND 7

/* Light, dark. Packages: hues of even lightness, in an order that keeps neighbours apart. */
static const guint32 fills[UNPARK_FLAME_N_CLASSES][2] = {
    {0xf4b183, 0x8a4a1f}, {0x9dc3e6, 0x2a5a86}, {0xf0d36a, 0x6e5a12}, {0xa9d18e, 0x3d6628},
    {0xd5b3e5, 0x6b4180}, {0x8fd3c8, 0x1f665b}, {0xf2a9b5, 0x8a3a4a}, {0xb9c0ea, 0x454d8c},
    {0xd6cf8b, 0x5d581d}, {0xe3bfa3, 0x70513a}, {0xa6dbe4, 0x22616d}, {0xc9d9a0, 0x54662a},
    {0xf6c177, 0x8a5713}, {0x8ec5e8, 0x235f8c}, {0xc6cad4, 0x4a5060}, {0xe4e0ea, 0x3a3742},
    {0x2f74c0, 0x5aa0ee}, {0x669ad3, 0x3f7fc6}, {0x9dc1e6, 0x2f5f94}, {0xcadcef, 0x2c4560},
    {0xe6e6e6, 0x404040}, {0xf6d3cd, 0x613a34}, {0xf0a79c, 0x8f453b}, {0xe4766a, 0xc05548},
    {0xcc4437, 0xf07264}, {0xff4fd8, 0xff5fdc}, {0xd9d9d9, 0x4b4b4b},
};

/* The seed keeps the packages that are met most in Go programs apart. */
static guint hash(const char *text) {
  guint32 h = 317239u;
  for (; *text; text++)
    h = (h ^ (guint8)*text) * 16777619u;
  return (h ^ (h >> 15)) % N_PACKAGES;
}

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
  return UNPARK_FLAME_CLASS_PACKAGE + hash(name->package);
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

typedef struct {
  const char *package;
  gint64 weight;
} Package;

static int by_weight(const void *a, const void *b) {
  const Package *x = a, *y = b;
  return x->weight > y->weight ? -1 : x->weight < y->weight;
}

/* The packages in which most of the weight is spent. */
static void add_packages(const UnparkFlame *flame, GPtrArray *legend) {
  g_autoptr(GHashTable) index = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GArray) packages = g_array_new(FALSE, FALSE, sizeof(Package));
  g_autofree gint64 *weights = g_new0(gint64, (gsize)flame->n_names + 1);
  for (guint32 i = 1; i < flame->n_nodes; i++)
    weights[flame->nodes[i].name] +=
        flame->nodes[i].end == i + 1 ? flame->nodes[i].weight / 64 : ABS(flame->nodes[i].self) / 64;
  for (guint32 i = 0; i < flame->n_names; i++) {
    const UnparkFlameName *name = &flame->names[i];
    gpointer at;
    if (name->kind >= UNPARK_NAME_GROUP)
      continue;
    if (!g_hash_table_lookup_extended(index, name->package, NULL, &at)) {
      Package new = {name->package, 0};
      at = GUINT_TO_POINTER(packages->len);
      g_hash_table_insert(index, (gpointer)name->package, at);
      g_array_append_val(packages, new);
    }
    g_array_index(packages, Package, GPOINTER_TO_UINT(at)).weight += weights[i];
  }
  if (packages->len > 1)
    qsort(packages->data, packages->len, sizeof(Package), by_weight);
  for (guint i = 0; i < MIN(packages->len, N_LEGEND); i++) {
    const char *package = g_array_index(packages, Package, i).package;
    add(legend, UNPARK_FLAME_CLASS_PACKAGE + hash(package), *package ? package : _("(no package)"));
  }
}

GPtrArray *unpark_flame_legend(const UnparkFlame *flame, UnparkFlameColouring colouring) {
  GPtrArray *legend = g_ptr_array_new_with_free_func(legend_free);
  switch (colouring) {
  case UNPARK_FLAME_COLOUR_KIND:
    add(legend, UNPARK_FLAME_CLASS_USER, _("your code"));
    add(legend, UNPARK_FLAME_CLASS_STANDARD, _("standard library"));
    add(legend, UNPARK_FLAME_CLASS_RUNTIME, _("runtime"));
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
