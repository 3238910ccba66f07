/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/delve/json.h"

#include <string.h>

typedef struct {
  const char *at, *end;
  guint depth, n_nodes;
} Parser;

static UnparkJsonTree *parse_value(Parser *p);

void unpark_json_tree_free(UnparkJsonTree *tree) {
  while (tree) {
    UnparkJsonTree *next = tree->next;

    unpark_json_tree_free(tree->first); /* as deep as the parser allows */
    g_free(tree->key);
    g_free(tree->text);
    g_free(tree);
    tree = next;
  }
}

static void skip_blanks(Parser *p) {
  while (p->at < p->end && strchr(" \t\r\n", *p->at) && *p->at)
    p->at++;
}

static gboolean take(Parser *p, char c) {
  skip_blanks(p);
  if (p->at >= p->end || *p->at != c)
    return FALSE;
  p->at++;
  return TRUE;
}

/* ---- Strings -------------------------------------------------------------------------------- */

static gboolean take_hex(Parser *p, guint *code) {
  *code = 0;
  if (p->end - p->at < 4)
    return FALSE;
  for (guint i = 0; i < 4; i++) {
    int digit = g_ascii_xdigit_value(*p->at++);
    if (digit < 0)
      return FALSE;
    *code = *code << 4 | (guint)digit;
  }
  return TRUE;
}

static gboolean take_unicode(Parser *p, GString *to) {
  guint code, low;

  if (!take_hex(p, &code))
    return FALSE;
  if (code >= 0xd800 && code < 0xdc00 && p->end - p->at >= 6 && p->at[0] == '\\' &&
      p->at[1] == 'u') {
    p->at += 2;
    if (!take_hex(p, &low))
      return FALSE;
    code =
        low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00) : 0xfffd;
  }
  if (code == 0 || (code >= 0xd800 && code < 0xe000))
    code = 0xfffd;
  g_string_append_unichar(to, code);
  return TRUE;
}

static gboolean take_escape(Parser *p, GString *to) {
  static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
  const char *found;

  if (p->at >= p->end || !*p->at)
    return FALSE;
  if (*p->at == 'u') {
    p->at++;
    return take_unicode(p, to);
  }
  found = strchr(letters, *p->at++);
  if (found)
    g_string_append_c(to, meant[found - letters]);
  return found != NULL;
}

/* After its first quotation mark; NULL: it is damaged. */
static char *take_string(Parser *p) {
  g_autoptr(GString) text = g_string_new(NULL);

  while (p->at < p->end && *p->at != '"') {
    const char *from = p->at;

    while (p->at < p->end && *p->at != '"' && *p->at != '\\')
      p->at++;
    g_string_append_len(text, from, p->at - from);
    if (p->at < p->end && *p->at == '\\') {
      p->at++;
      if (!take_escape(p, text))
        return NULL;
    }
  }
  if (p->at++ >= p->end)
    return NULL;
  return g_utf8_make_valid(text->str, (gssize)text->len);
}

/* ---- Values --------------------------------------------------------------------------------- */

/* The members of an object, or the elements of an array, up to and with `close`. */
static gboolean take_members(Parser *p, UnparkJsonTree *tree, char close) {
  UnparkJsonTree **end = &tree->first;

  if (take(p, close))
    return TRUE;
  do {
    g_autofree char *key = NULL;

    if (close == '}') {
      if (!take(p, '"') || !(key = take_string(p)) || !take(p, ':'))
        return FALSE;
    }
    *end = parse_value(p);
    if (!*end)
      return FALSE;
    (*end)->key = g_steal_pointer(&key);
    end = &(*end)->next;
  } while (take(p, ','));
  return take(p, close);
}

static gboolean take_word(Parser *p, UnparkJsonTree *tree) {
  const char *from = p->at;

  while (p->at < p->end && (g_ascii_isalnum(*p->at) || strchr("+-.", *p->at)) && *p->at)
    p->at++;
  tree->text = g_strndup(from, (gsize)(p->at - from));
  return p->at > from;
}

static UnparkJsonTree *parse_value(Parser *p) {
  g_autoptr(UnparkJsonTree) tree = g_new0(UnparkJsonTree, 1);
  gboolean ok;

  if (++p->depth > UNPARK_JSON_TREE_DEPTH || ++p->n_nodes > UNPARK_JSON_TREE_NODES)
    return NULL;
  skip_blanks(p);
  if (take(p, '{')) {
    tree->type = UNPARK_JSON_TREE_OBJECT;
    ok = take_members(p, tree, '}');
  } else if (take(p, '[')) {
    tree->type = UNPARK_JSON_TREE_ARRAY;
    ok = take_members(p, tree, ']');
  } else if (take(p, '"')) {
    tree->type = UNPARK_JSON_TREE_STRING;
    ok = (tree->text = take_string(p)) != NULL;
  } else {
    ok = take_word(p, tree);
  }
  p->depth--;
  return ok ? g_steal_pointer(&tree) : NULL;
}

UnparkJsonTree *unpark_json_tree_parse(const char *text, gsize size) {
  Parser p = {.at = text, .end = text + size};
  g_autoptr(UnparkJsonTree) tree = parse_value(&p);

  skip_blanks(&p);
  return tree && p.at == p.end ? g_steal_pointer(&tree) : NULL;
}

/* ---- Members -------------------------------------------------------------------------------- */

const UnparkJsonTree *unpark_json_tree_get(const UnparkJsonTree *tree, const char *key) {
  if (!tree || tree->type != UNPARK_JSON_TREE_OBJECT)
    return NULL;
  for (const UnparkJsonTree *member = tree->first; member; member = member->next)
    if (strcmp(member->key, key) == 0)
      return member;
  return NULL;
}

const char *unpark_json_tree_text(const UnparkJsonTree *tree, const char *key) {
  const UnparkJsonTree *member = unpark_json_tree_get(tree, key);

  return member && member->type == UNPARK_JSON_TREE_STRING ? member->text : "";
}

gint64 unpark_json_tree_number(const UnparkJsonTree *tree, const char *key) {
  const UnparkJsonTree *member = unpark_json_tree_get(tree, key);

  return member && member->type == UNPARK_JSON_TREE_WORD ? g_ascii_strtoll(member->text, NULL, 10)
                                                         : 0;
}

gboolean unpark_json_tree_flag(const UnparkJsonTree *tree, const char *key) {
  const UnparkJsonTree *member = unpark_json_tree_get(tree, key);

  return member && member->type == UNPARK_JSON_TREE_WORD && strcmp(member->text, "true") == 0;
}
