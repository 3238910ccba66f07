/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flame graphs as SVG. Only what librsvg, Inkscape and browsers agree on: classes, child
 * selectors, a monospaced font whose cells are as wide as we count. */
#include <glib/gi18n.h>
#include <string.h>

#include "model/flame/picture/export.h"

/* ---- Styles ------------------------------------------------------------------------------ */

static void append_colours(GString *to, gboolean dark, const char *indent) {
  g_string_append_printf(to,
                         "%s.paper{fill:#%06x}\n%s.ink{fill:#%06x}\n%s.dim{fill:#%06x}\n"
                         "%s.f>rect{stroke:#%06x}\n",
                         indent, unpark_flame_paper(dark), indent,
                         unpark_flame_paper_ink(dark, FALSE), indent,
                         unpark_flame_paper_ink(dark, TRUE), indent, unpark_flame_paper(dark));
  for (guint i = 0; i < UNPARK_FLAME_N_CLASSES; i++)
    g_string_append_printf(to, "%s.c%u>rect{fill:#%06x}\n%s.c%u>text{fill:#%06x}\n", indent, i,
                           unpark_flame_fill(i, dark), indent, i, unpark_flame_ink(i, dark));
}

static void append_style(GString *to, const UnparkFlamePicture *picture) {
  g_string_append(to, "<style>\n");
  append_colours(to, picture->theme == UNPARK_FLAME_THEME_DARK, "");
  if (picture->theme == UNPARK_FLAME_THEME_AUTO) {
    g_string_append(to, "@media (prefers-color-scheme: dark) {\n");
    append_colours(to, TRUE, "  ");
    g_string_append(to, "}\n");
  }
  g_string_append(to, ".f>rect{stroke-width:.5}\n");
  if (picture->interactive)
    g_string_append_printf(
        to,
        ".f{cursor:pointer}\n.f:hover>rect,.f.at>rect{stroke:#101010;stroke-width:1.2}\n"
        ".f.above{opacity:.65}\n.f.out{display:none}\n"
        ".f.found>rect{fill:#%06x}\n.f.found>text{fill:#%06x}\n"
        ".b{cursor:pointer;text-decoration:underline}\n.f>text{pointer-events:auto}\n",
        unpark_flame_fill(UNPARK_FLAME_CLASS_MATCH, FALSE),
        unpark_flame_ink(UNPARK_FLAME_CLASS_MATCH, FALSE));
  g_string_append(to, "</style>\n");
}

/* ---- Parts ------------------------------------------------------------------------------- */

static void append_text(GString *to, double x, double y, const char *attributes, const char *text) {
  char buf[2][G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf(
      to, "<text x=\"%s\" y=\"%s\"%s%s>", g_ascii_formatd(buf[0], sizeof buf[0], "%.2f", x),
      g_ascii_formatd(buf[1], sizeof buf[1], "%.1f", y), *attributes ? " " : "", attributes);
  unpark_flame_append_xml(to, text);
  g_string_append(to, "</text>");
}

static void append_rect(GString *to, double x, double y, double width, double height,
                        const char *attributes) {
  char buf[4][G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf(to, "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"%s%s/>",
                         g_ascii_formatd(buf[0], sizeof buf[0], "%.3f", x),
                         g_ascii_formatd(buf[1], sizeof buf[1], "%.1f", y),
                         g_ascii_formatd(buf[2], sizeof buf[2], "%.3f", width),
                         g_ascii_formatd(buf[3], sizeof buf[3], "%.1f", height),
                         *attributes ? " " : "", attributes);
}

static void append_head(GString *to, const UnparkFlameSheet *sheet) {
  if (!sheet->picture.embedded)
    g_string_append(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  g_string_append_printf(
      to,
      "<svg %sversion=\"1.1\" width=\"%.0f\" height=\"%.0f\" "
      "viewBox=\"0 0 %.0f %.0f\" font-family=\"'DejaVu Sans Mono',Menlo,Consolas,"
      "'Liberation Mono',monospace\" font-size=\"%.0f\" xml:space=\"preserve\">\n<title>",
      sheet->picture.embedded ? "role=\"img\" " : "xmlns=\"http://www.w3.org/2000/svg\" ",
      sheet->width, sheet->height, sheet->width, sheet->height, UNPARK_FLAME_FONT);
  unpark_flame_append_xml(to, sheet->title);
  g_string_append(to, "</title>\n");
  append_style(to, &sheet->picture);
  append_rect(to, 0, 0, sheet->width, sheet->height, "class=\"paper\"");
  g_string_append_c(to, '\n');
  append_text(to, sheet->left, 26, "class=\"ink\" font-size=\"17\" font-weight=\"bold\"",
              sheet->title);
  g_string_append_c(to, '\n');
  append_text(to, sheet->left, 45, "class=\"dim\"", sheet->subtitle);
  g_string_append_c(to, '\n');
}

static void append_frame(GString *to, const UnparkFlameSheet *sheet, const UnparkFlameItem *item,
                         guint row) {
  const UnparkFlame *flame = sheet->flame;
  const UnparkFlameName *name = unpark_flame_name(flame, item->node);
  g_autofree char *described = unpark_flame_describe(flame, item->node);
  double y = unpark_flame_sheet_y(sheet, row), x = sheet->left + (double)item->x;
  guint cells = (guint)MAX(((double)item->width - 6) / UNPARK_FLAME_CELL, 0);
  g_autofree char *label = unpark_flame_label(name->text, cells);
  g_string_append_printf(to, "<g class=\"f c%u\"><title>",
                         unpark_flame_class(flame, item->node, sheet->picture.colouring));
  unpark_flame_append_xml(to, described);
  g_string_append(to, "</title>");
  append_rect(to, x, y, (double)item->width, UNPARK_FLAME_ROW - 1, "");
  if (*label)
    append_text(to, x + 3, y + 12.5, "", label);
  g_string_append(to, "</g>\n");
}

static void append_legend(GString *to, const UnparkFlameSheet *sheet) {
  double y = sheet->height - 32, x = sheet->left;
  for (guint i = 0; i < sheet->legend->len; i++) {
    const UnparkFlameLegend *entry = g_ptr_array_index(sheet->legend, i);
    double width = 24 + unpark_flame_cells(entry->text) * UNPARK_FLAME_CELL;
    if (x + width > sheet->width - sheet->left)
      break;
    g_string_append_printf(to, "<g class=\"c%u\">", entry->class_id);
    append_rect(to, x, y, 12, 12, "");
    g_string_append(to, "</g>");
    append_text(to, x + 16, y + 10.5, "class=\"dim\"", entry->text);
    x += width + 8;
  }
  g_string_append_c(to, '\n');
  if (sheet->note)
    append_text(to, sheet->left, sheet->height - 7,
                sheet->picture.embedded ? "class=\"dim\"" : "class=\"dim\" id=\"note\"",
                sheet->note);
  g_string_append_c(to, '\n');
}

/* What the script shows; it keeps the words out of the script. */
static void append_controls(GString *to, const UnparkFlameSheet *sheet) {
  double right = sheet->width - sheet->left;
  append_text(to, right, 26, "class=\"ink b\" id=\"search\" text-anchor=\"end\"",
              _("Search (Ctrl+F)"));
  append_text(to, right - 18 * UNPARK_FLAME_CELL, 26,
              "class=\"ink b\" id=\"reset\" text-anchor=\"end\" visibility=\"hidden\"",
              _("Reset (Esc)"));
  append_text(to, right, 45, "class=\"ink\" id=\"status\" text-anchor=\"end\"", "");
  /* Translators: %n is a number of frames, %p a share such as 12.3% */
  g_string_append(to, "\n<desc id=\"words\">");
  unpark_flame_append_xml(to, _("%n frames, %p of all"));
  g_string_append_c(to, '\n');
  unpark_flame_append_xml(to, _("text, or /regular expression/"));
  g_string_append_c(to, '\n');
  unpark_flame_append_xml(to, _("Invalid regular expression"));
  g_string_append(to, "</desc>\n<script><![CDATA[\n");
  g_string_append(to, unpark_flame_script);
  g_string_append(to, "]]></script>\n");
}

gboolean unpark_flame_write_svg(const UnparkFlameSheet *sheet, GOutputStream *out,
                                GCancellable *cancellable, GError **error) {
  UnparkFlameWriter w;
  unpark_flame_writer_begin(&w, out, cancellable, error);
  append_head(w.text, sheet);
  g_string_append(w.text, sheet->picture.embedded ? "<g>\n" : "<g id=\"frames\">\n");
  for (guint row = 0; row < sheet->layout.n_rows; row++)
    for (guint i = sheet->layout.rows[row]; i < sheet->layout.rows[row + 1]; i++) {
      if (sheet->layout.items[i].n_folded == 0)
        append_frame(w.text, sheet, &sheet->layout.items[i], row);
      if (!unpark_flame_writer_step(&w))
        return unpark_flame_writer_end(&w);
    }
  g_string_append(w.text, "</g>\n");
  append_legend(w.text, sheet);
  if (sheet->picture.interactive)
    append_controls(w.text, sheet);
  g_string_append(w.text, "</svg>\n");
  return unpark_flame_writer_end(&w);
}
