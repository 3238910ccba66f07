/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strings, frames and stacks, each stored once.
 *
 * Memory is bounded: past the limits below, new entries are still stored and get
 * ids, but are not remembered, so that an equal one later is stored again. */
#include <string.h>

#include "model/writer/private.h"

#define MAX_KEPT_TEXT (48u << 20)
#define MAX_KEPT_NODES (3u << 20)
#define STRING_BLOCK_BYTES (256 * 1024)

/* Open addressing over entry numbers; 0 is empty. */
typedef struct {
  guint32 *slots;
  guint32 mask, used;
} Index;

typedef struct {
  guint32 parent, frame, depth, stack, root;
} Node;

struct _UnparkIntern {
  /* Strings: number i has text + offsets[i]; hash in hashes[i]. */
  Index strings;
  GByteArray *text;
  GArray *offsets;  /* guint32 of kept strings, by kept number */
  GArray *kept_ids; /* guint32: string id by kept number */
  GArray *kept_of;  /* guint32: kept number + 1 by string id - 1, while ids are dense */
  guint32 last_string;
  UnparkBytes pending; /* strings that are not in the file */
  guint32 pending_count;

  Index frames;
  GArray *frame_keys; /* 4 guint32 each */
  guint32 last_frame;

  Index nodes;
  GArray *node_rows; /* Node, by node number - 1, as long as kept */
  guint32 last_node;
  guint32 last_stack;
  GArray *stack_roots; /* guint32 function by stack number - 1 */
};

static void index_init(Index *x) {
  x->mask = 1023;
  x->slots = g_new0(guint32, x->mask + 1);
  x->used = 0;
}

static inline guint64 mix(guint64 h) {
  h ^= h >> 32;
  h *= 0xd6e8feb86659fd93u;
  h ^= h >> 32;
  return h;
}

/* Makes room for one more; `hash_of` gives the hash of an entry. */
static void index_grow(Index *x, guint64 (*hash_of)(UnparkIntern *, guint32), UnparkIntern *in) {
  if ((guint64)(x->used + 1) * 2 <= x->mask)
    return;
  guint32 *old = x->slots, old_mask = x->mask;
  x->mask = x->mask * 2 + 1;
  x->slots = g_new0(guint32, (gsize)x->mask + 1);
  for (guint32 i = 0; i <= old_mask; i++) {
    if (!old[i])
      continue;
    guint32 slot = (guint32)hash_of(in, old[i]) & x->mask;
    while (x->slots[slot])
      slot = (slot + 1) & x->mask;
    x->slots[slot] = old[i];
  }
  g_free(old);
}

UnparkIntern *unpark_intern_new(void) {
  UnparkIntern *in = g_new0(UnparkIntern, 1);
  index_init(&in->strings);
  index_init(&in->frames);
  index_init(&in->nodes);
  in->text = g_byte_array_new();
  in->offsets = g_array_new(FALSE, FALSE, sizeof(guint32));
  in->kept_ids = g_array_new(FALSE, FALSE, sizeof(guint32));
  in->kept_of = g_array_new(FALSE, FALSE, sizeof(guint32));
  in->frame_keys = g_array_new(FALSE, FALSE, 4 * sizeof(guint32));
  in->node_rows = g_array_new(FALSE, FALSE, sizeof(Node));
  in->stack_roots = g_array_new(FALSE, FALSE, sizeof(guint32));
  return in;
}

void unpark_intern_free(UnparkIntern *in) {
  g_free(in->strings.slots);
  g_free(in->frames.slots);
  g_free(in->nodes.slots);
  g_byte_array_unref(in->text);
  g_array_unref(in->offsets);
  g_array_unref(in->kept_ids);
  g_array_unref(in->kept_of);
  g_array_unref(in->frame_keys);
  g_array_unref(in->node_rows);
  g_array_unref(in->stack_roots);
  unpark_bytes_clear(&in->pending);
  g_free(in);
}

/* ---- strings -------------------------------------------------------------------- */

static guint64 text_hash(const char *text, gsize len) {
  guint64 h = 0x9E3779B97F4A7C15u ^ len;
  for (; len >= 8; text += 8, len -= 8) {
    guint64 word;
    memcpy(&word, text, 8);
    h = (h ^ word) * 0xff51afd7ed558ccdu;
    h ^= h >> 29;
  }
  for (; len > 0; text++, len--)
    h = (h ^ (guint8)*text) * 0x100000001b3u;
  return mix(h);
}

/* Kept texts lie as: guint32 length, bytes, NUL. */
static const char *kept_text(UnparkIntern *in, guint32 number, guint32 *len) {
  const guint8 *p = in->text->data + g_array_index(in->offsets, guint32, number - 1);
  memcpy(len, p, 4);
  return (const char *)p + 4;
}

static guint64 string_hash(UnparkIntern *in, guint32 number) {
  guint32 len;
  const char *text = kept_text(in, number, &len);
  return text_hash(text, len);
}

static void strings_job(UnparkForge *forge, gpointer data) {
  gint64 *head = data; /* first, count, size, bytes */
  unpark_forge_bytes(forge, UNPARK_FACT_STRING, (const guint8 *)(head + 3), (gsize)head[2],
                     (guint)head[1], head[0], head[0] + head[1] - 1);
  g_free(data);
}

void unpark_intern_flush(UnparkWriter *w) {
  UnparkIntern *in = w->intern;
  if (in->pending_count == 0)
    return;
  gint64 *head = g_malloc(3 * sizeof(gint64) + in->pending.size);
  head[0] = (gint64)in->last_string - in->pending_count + 1;
  head[1] = in->pending_count;
  head[2] = (gint64)in->pending.size;
  memcpy(head + 3, in->pending.data, in->pending.size);
  in->pending.size = 0;
  in->pending_count = 0;
  unpark_sink_give(w->sink, strings_job, head);
}

static void keep_string(UnparkIntern *in, guint32 id, const char *text, guint32 len, guint64 hash) {
  guint32 kept = 0;
  if (in->text->len + len < MAX_KEPT_TEXT) {
    guint32 offset = in->text->len;
    g_array_append_val(in->offsets, offset);
    g_array_append_val(in->kept_ids, id);
    g_byte_array_append(in->text, (const guint8 *)&len, 4);
    g_byte_array_append(in->text, (const guint8 *)text, len);
    g_byte_array_append(in->text, (const guint8 *)"", 1);
    kept = in->offsets->len;
    index_grow(&in->strings, string_hash, in);
    guint32 slot = (guint32)hash & in->strings.mask;
    while (in->strings.slots[slot])
      slot = (slot + 1) & in->strings.mask;
    in->strings.slots[slot] = kept;
    in->strings.used++;
  }
  if (in->kept_of->len == id - 1 && (kept || id < (1u << 22)))
    g_array_append_val(in->kept_of, kept);
}

static guint32 intern_valid(UnparkWriter *w, const char *text, gsize len) {
  UnparkIntern *in = w->intern;
  guint64 hash = text_hash(text, len);
  for (guint32 slot = (guint32)hash & in->strings.mask; in->strings.slots[slot];
       slot = (slot + 1) & in->strings.mask) {
    guint32 number = in->strings.slots[slot], have;
    const char *kept = kept_text(in, number, &have);
    if (have == len && memcmp(kept, text, len) == 0)
      return g_array_index(in->kept_ids, guint32, number - 1);
  }
  if (in->last_string == G_MAXUINT32)
    return 0;
  guint32 id = ++in->last_string;
  keep_string(in, id, text, (guint32)len, hash);
  unpark_bytes_reserve(&in->pending, len + 10);
  guint8 *p = unpark_put_varint(in->pending.data + in->pending.size, len);
  memcpy(p, text, len);
  in->pending.size = (gsize)(p + len - in->pending.data);
  in->pending_count++;
  if (in->pending.size >= STRING_BLOCK_BYTES || in->pending_count == UNPARK_BLOCK_ROWS)
    unpark_intern_flush(w);
  return id;
}

guint32 unpark_writer_string(UnparkWriter *w, const char *text, gsize len) {
  if (len == 0)
    return 0;
  if (g_utf8_validate_len(text, len, NULL))
    return intern_valid(w, text, MIN(len, (gsize)64 << 20));

  /* NUL bytes and invalid sequences become U+FFFD. */
  GString *fixed = g_string_sized_new(len + 16);
  while (len > 0) {
    const char *end;
    g_utf8_validate_len(text, len, &end);
    g_string_append_len(fixed, text, end - text);
    len -= (gsize)(end - text);
    text = end;
    if (len > 0) {
      g_string_append(fixed, "\xef\xbf\xbd");
      text++;
      len--;
    }
  }
  w->bad_utf8++;
  guint32 id = intern_valid(w, fixed->str, fixed->len);
  g_string_free(fixed, TRUE);
  return id;
}

const char *unpark_intern_text(UnparkWriter *w, guint32 id) {
  UnparkIntern *in = w->intern;
  guint32 len;
  if (id == 0 || id > in->kept_of->len)
    return "";
  guint32 kept = g_array_index(in->kept_of, guint32, id - 1);
  return kept ? kept_text(in, kept, &len) : "";
}

/* ---- frames ------------------------------------------------------------------------ */

static guint64 frame_key_hash(const guint32 *key) {
  return mix(((guint64)key[0] << 32 | key[1]) * 0x9E3779B97F4A7C15u ^
             mix((guint64)key[2] << 1 | key[3]));
}

static guint64 frame_hash(UnparkIntern *in, guint32 number) {
  return frame_key_hash((const guint32 *)in->frame_keys->data + (gsize)(number - 1) * 4);
}

guint32 unpark_writer_frame(UnparkWriter *w, guint32 function, guint32 file, guint32 line,
                            gboolean inlined) {
  UnparkIntern *in = w->intern;
  const guint32 key[4] = {function, file, line, inlined ? 1 : 0};
  guint32 slot = (guint32)frame_key_hash(key) & in->frames.mask;
  for (; in->frames.slots[slot]; slot = (slot + 1) & in->frames.mask) {
    guint32 number = in->frames.slots[slot];
    if (memcmp((const guint32 *)in->frame_keys->data + (gsize)(number - 1) * 4, key, sizeof key) ==
        0)
      return number;
  }
  guint32 id = ++in->last_frame;
  const gint64 row[] = {function, file, line, key[3]};
  unpark_rows_append(w, UNPARK_FACT_FRAME, row);
  if (in->frame_keys->len + 1 == id && id < MAX_KEPT_NODES) {
    g_array_append_vals(in->frame_keys, key, 1);
    index_grow(&in->frames, frame_hash, in);
    slot = (guint32)frame_key_hash(key) & in->frames.mask;
    while (in->frames.slots[slot])
      slot = (slot + 1) & in->frames.mask;
    in->frames.slots[slot] = id;
    in->frames.used++;
  }
  return id;
}

/* ---- stacks -------------------------------------------------------------------------- */

static guint64 node_hash(UnparkIntern *in, guint32 number) {
  const Node *node = &g_array_index(in->node_rows, Node, number - 1);
  return mix((guint64)node->parent << 32 | node->frame);
}

static guint32 node_of(UnparkWriter *w, guint32 parent, guint32 frame, guint32 depth,
                       guint32 root) {
  UnparkIntern *in = w->intern;
  guint64 hash = mix((guint64)parent << 32 | frame);
  guint32 slot = (guint32)hash & in->nodes.mask;
  for (; in->nodes.slots[slot]; slot = (slot + 1) & in->nodes.mask) {
    const Node *node = &g_array_index(in->node_rows, Node, in->nodes.slots[slot] - 1);
    if (node->parent == parent && node->frame == frame)
      return in->nodes.slots[slot];
  }
  guint32 id = ++in->last_node;
  const gint64 row[] = {parent, frame, depth};
  unpark_rows_append(w, UNPARK_FACT_NODE, row);
  if (in->node_rows->len + 1 == id && id < MAX_KEPT_NODES) {
    Node node = {.parent = parent, .frame = frame, .depth = depth, .root = root};
    g_array_append_val(in->node_rows, node);
    index_grow(&in->nodes, node_hash, in);
    slot = (guint32)hash & in->nodes.mask;
    while (in->nodes.slots[slot])
      slot = (slot + 1) & in->nodes.mask;
    in->nodes.slots[slot] = id;
    in->nodes.used++;
  }
  return id;
}

static guint32 frame_function(UnparkIntern *in, guint32 frame) {
  if (frame == 0 || frame > in->frame_keys->len)
    return 0;
  return ((const guint32 *)in->frame_keys->data)[(gsize)(frame - 1) * 4];
}

guint32 unpark_writer_stack(UnparkWriter *w, const guint32 *frames, gsize n) {
  UnparkIntern *in = w->intern;
  if (n == 0 || n > G_MAXUINT32)
    return 0;
  guint32 root = frame_function(in, frames[n - 1]), node = 0;
  for (gsize i = n; i > 0; i--)
    node = node_of(w, node, frames[i - 1], (guint32)(n - i + 1), root);
  Node *kept = node <= in->node_rows->len ? &g_array_index(in->node_rows, Node, node - 1) : NULL;
  if (kept && kept->stack)
    return kept->stack;
  guint32 id = ++in->last_stack;
  const gint64 row[] = {node};
  unpark_rows_append(w, UNPARK_FACT_STACK, row);
  g_array_append_val(in->stack_roots, root);
  if (kept)
    kept->stack = id;
  return id;
}

guint32 unpark_writer_stack_root(UnparkWriter *w, guint32 stack) {
  if (stack == 0 || stack > w->intern->stack_roots->len)
    return 0;
  return g_array_index(w->intern->stack_roots, guint32, stack - 1);
}
