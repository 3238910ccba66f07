/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/reports/dump-words.h"

#include <glib/gi18n.h>

#include <string.h>

#include "ui/text/format.h"

char *unpark_dump_wait(gint64 minutes) {
  if (minutes == UNPARK_NONE || minutes < 0)
    return g_strdup("–");
  if (minutes < 60)
    return g_strdup_printf(_("%d min"), (int)minutes);
  if (minutes < 60 * 24)
    return minutes % 60
               ? g_strdup_printf(_("%d h %d min"), (int)(minutes / 60), (int)(minutes % 60))
               : g_strdup_printf(_("%d h"), (int)(minutes / 60));
  gint64 days = minutes / (60 * 24), hours = minutes / 60 % 24;
  char count[UNPARK_FORMAT_SIZE];
  unpark_format_count(days, count);
  return hours ? g_strdup_printf(_("%s d %d h"), count, (int)hours)
               : g_strdup_printf(_("%s d"), count);
}

const char *unpark_dump_state(const UnparkDumpGroup *group) {
  return *group->state ? group->state : _("(unknown state)");
}

char *unpark_dump_title(const UnparkDumpGroup *group) {
  char count[UNPARK_FORMAT_SIZE];
  unpark_format_count(group->count, count);
  return g_strdup_printf(ngettext("%s goroutine: %s", "%s goroutines: %s", (gulong)group->count),
                         count, unpark_dump_state(group));
}

gboolean unpark_dump_is_leak(const UnparkDumpGroup *group) {
  return group->wait == UNPARK_WAIT_FOREVER || strstr(group->state, "(leaked)") != NULL;
}

static void append_number(GString *out, const UnparkDumpMember *member) {
  char count[UNPARK_FORMAT_SIZE];
  if (member->id > 0)
    g_string_append_printf(out, "G %" G_GINT64_FORMAT, member->id);
  else
    g_string_append(out, _("no ID"));
  if (member->count > 1)
    g_string_append_printf(out, " × %s", unpark_format_count(member->count, count));
}

static gboolean are_alike(const UnparkDumpMember *members, guint n) {
  for (guint i = 1; i < n; i++)
    if (members[i].wait_minutes != members[0].wait_minutes ||
        members[i].locked != members[0].locked || members[i].creator != members[0].creator)
      return FALSE;
  return n > 1;
}

static void append_rest(GString *out, const UnparkDumpMember *member) {
  if (member->wait_minutes != UNPARK_NONE && member->wait_minutes > 0) {
    g_autofree char *wait = unpark_dump_wait(member->wait_minutes);
    g_string_append_printf(out, ", %s", wait);
  }
  if (member->locked)
    g_string_append_printf(out, ", %s", _("locked to its thread"));
  if (member->creator != UNPARK_NONE && member->creator > 0) {
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, member->creator);
    g_autofree char *by = g_strdup_printf(_("created by G %s"), id);
    g_string_append_printf(out, ", %s", by);
  }
}

char *unpark_dump_member_text(const UnparkDumpMember *member) {
  GString *out = g_string_new(NULL);
  append_number(out, member);
  append_rest(out, member);
  return g_string_free(out, FALSE);
}

char *unpark_dump_common_text(const UnparkDumpMember *members, guint n) {
  g_autoptr(GString) out = g_string_new(NULL);
  if (are_alike(members, n))
    append_rest(out, &members[0]);
  return g_strdup(out->len > 0 ? out->str + strlen(", ") : "");
}

char *unpark_dump_numbers(const UnparkDumpMember *members, guint n) {
  if (!are_alike(members, n))
    return NULL;
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < n; i++) {
    g_string_append(out, i > 0 ? ", " : "");
    append_number(out, &members[i]);
  }
  return g_string_free(out, FALSE);
}
