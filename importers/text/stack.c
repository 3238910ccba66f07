/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/stack.h"

#include <string.h>

/* Length of a line up to the parenthesis that opens the last group, which ends the line; the whole
 * length if there is none. Names hold parentheses too: "main.(*T).M(...)". */
static gsize arguments_begin(UnparkText line) {
  gsize depth = 0;

  if (!unpark_text_ends(line, UNPARK_TEXT(")")))
    return line.len;
  for (gsize i = line.len; i > 0; i--) {
    if (line.text[i - 1] == ')')
      depth++;
    else if (line.text[i - 1] == '(' && --depth == 0)
      return i - 1;
  }
  return line.len;
}

UnparkText unpark_go_function(UnparkText line, gboolean *has_arguments, gboolean *inlined) {
  gsize len;

  line = unpark_text_strip(line);
  len = arguments_begin(line);
  *has_arguments = len > 0 && len < line.len;
  *inlined = *has_arguments && unpark_text_equal(unpark_text_from(line, len), UNPARK_TEXT("(...)"));
  return *has_arguments ? (UnparkText){line.text, len} : line;
}

/* Positions are indented; but loggers take blanks at the beginning away. Then a path tells. */
static gboolean may_be_position(UnparkText line) {
  if (line.len < 4)
    return FALSE;
  if (strchr("\t /<", line.text[0]))
    return line.text[0] != '\0';
  return (g_ascii_isalpha(line.text[0]) && line.text[1] == ':') || /* C:/Users */
         unpark_text_find(line, UNPARK_TEXT(".go:")) > 0 ||
         unpark_text_find(line, UNPARK_TEXT(".s:")) > 0;
}

gboolean unpark_go_position(UnparkText line, UnparkGoPosition *position) {
  UnparkText rest;
  gint64 number;
  gsize colon;

  if (!may_be_position(line))
    return FALSE;
  line = unpark_text_strip(line);
  *position = (UnparkGoPosition){.is_c = unpark_text_starts(line, UNPARK_TEXT("pc=0x"))};
  if (position->is_c)
    return TRUE;
  for (colon = line.len; colon > 0 && line.text[colon - 1] != ':'; colon--)
    ;
  if (colon < 2)
    return FALSE;
  rest = unpark_text_from(line, colon);
  if (!unpark_text_take_number(&rest, FALSE, &number) || (rest.len > 0 && rest.text[0] != ' '))
    return FALSE;
  position->file = (UnparkText){line.text, colon - 1};
  position->line = (guint32)MIN(number, G_MAXINT32);
  position->is_c = unpark_text_starts(rest, UNPARK_TEXT(" pc=0x"));
  return TRUE;
}

void unpark_go_stack_init(UnparkGoStack *stack, UnparkWriter *writer) {
  *stack = (UnparkGoStack){.writer = writer,
                           .frames = g_array_new(FALSE, FALSE, sizeof(guint32)),
                           .name = g_string_new(NULL),
                           .c_name = g_string_new(NULL)};
}

void unpark_go_stack_clear(UnparkGoStack *stack) {
  g_clear_pointer(&stack->frames, g_array_unref);
  if (stack->name)
    g_string_free(stack->name, TRUE);
  if (stack->c_name)
    g_string_free(stack->c_name, TRUE);
  stack->name = stack->c_name = NULL;
}

static void push(UnparkGoStack *stack, UnparkText name, const UnparkGoPosition *position,
                 gboolean inlined) {
  guint32 frame = unpark_writer_frame(stack->writer, unpark_text_string(stack->writer, name),
                                      unpark_text_string(stack->writer, position->file),
                                      position->line, inlined);

  g_array_append_val(stack->frames, frame);
  g_string_truncate(stack->name, 0);
  g_string_truncate(stack->c_name, 0);
}

void unpark_go_stack_mark(UnparkGoStack *stack, UnparkText name) {
  push(stack, name, &(UnparkGoPosition){0}, FALSE);
}

void unpark_go_stack_frame(UnparkGoStack *stack, UnparkText function, UnparkText file,
                           guint32 line) {
  const UnparkGoPosition position = {.file = file, .line = line};

  push(stack, function, &position, FALSE);
}

static gboolean end_of_function(UnparkGoStack *stack, const UnparkGoPosition *position) {
  GString *name = position->is_c && stack->c_name->len > 0 ? stack->c_name : stack->name;
  g_autofree char *copy = NULL;

  if (name->len == 0)
    return FALSE;
  copy = g_memdup2(name->str, name->len);
  push(stack, (UnparkText){copy, name->len}, position, name == stack->name && stack->inlined);
  return TRUE;
}

/* A line of a log that happens to end with a parenthesis: names have blanks only within the
 * brackets of type arguments. */
static gboolean is_foreign(UnparkText name) {
  return memchr(name.text, ' ', name.len) && !memchr(name.text, '[', name.len);
}

gboolean unpark_go_stack_line(UnparkGoStack *stack, UnparkText line) {
  UnparkGoPosition position;
  gboolean has_arguments, inlined;
  UnparkText name, stripped = unpark_text_strip(line);

  if (unpark_text_starts(stripped, UNPARK_TEXT("non-Go function at pc="))) {
    unpark_go_stack_mark(stack, stripped);
    return TRUE;
  }
  if (unpark_text_starts(stripped, UNPARK_TEXT("...")) &&
      unpark_text_ends(stripped, UNPARK_TEXT("frames elided..."))) {
    unpark_go_stack_mark(stack, stripped);
    return TRUE;
  }
  if (unpark_go_position(line, &position) && end_of_function(stack, &position))
    return TRUE;
  name = unpark_go_function(line, &has_arguments, &inlined);
  if (name.len == 0)
    return FALSE;
  if (!has_arguments || is_foreign(name)) { /* or a C function: its position will tell */
    g_string_truncate(stack->c_name, 0);
    g_string_append_len(stack->c_name, name.text, (gssize)name.len);
    return FALSE;
  }
  g_string_truncate(stack->name, 0);
  g_string_append_len(stack->name, name.text, (gssize)name.len);
  stack->inlined = inlined;
  return TRUE;
}

guint32 unpark_go_stack_end(UnparkGoStack *stack) {
  guint32 id;

  if (stack->name->len > 0) { /* the dump ends between a function and its position */
    g_autofree char *copy = g_memdup2(stack->name->str, stack->name->len);
    push(stack, (UnparkText){copy, stack->name->len}, &(UnparkGoPosition){0}, stack->inlined);
  }
  id = unpark_writer_stack(stack->writer, (const guint32 *)(const void *)stack->frames->data,
                           stack->frames->len);
  g_array_set_size(stack->frames, 0);
  g_string_truncate(stack->c_name, 0);
  return id;
}
