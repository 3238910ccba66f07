/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/reports/race-words.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/reports/dump-stack.h"
#include "ui/text/format.h"
#include "ui/text/profile-format.h"

#define MAIN_GOROUTINE 1

static const struct {
  const char *kind, *now, *previous;
} kinds[] = {
    {"read", N_("Read"), N_("Previous read")},
    {"write", N_("Write"), N_("Previous write")},
    {"atomic read", N_("Atomic read"), N_("Previous atomic read")},
    {"atomic write", N_("Atomic write"), N_("Previous atomic write")},
    {"", N_("Access"), N_("Previous access")},
};

const char *unpark_race_kind(const UnparkRaceAccess *access, gboolean previous) {
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (strcmp(kinds[i].kind, access->kind) == 0)
      return previous ? _(kinds[i].previous) : _(kinds[i].now);
  return access->kind;
}

char *unpark_race_title(const UnparkRace *race) {
  char number[32];
  g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT, race->id);
  return g_strdup_printf(_("Data race %s"), number);
}

char *unpark_race_address(const UnparkRace *race) {
  return race->has_address ? g_strdup_printf("0x%012" G_GINT64_MODIFIER "x", race->address)
                           : g_strdup("");
}

char *unpark_race_by(const UnparkRaceAccess *access) {
  char number[32];
  if (access->goroutine == UNPARK_NONE)
    return g_strdup("");
  if (access->goroutine == MAIN_GOROUTINE)
    return g_strdup(_("by the main goroutine"));
  g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT, access->goroutine);
  return g_strdup_printf(_("by goroutine %s"), number);
}

char *unpark_race_place(const UnparkRaceAccess *access) {
  g_autofree char *place = unpark_dump_place(access->file, access->line);
  const char *name = unpark_format_function_short(access->function);
  if (!*access->function && !*place)
    return g_strdup(_("stack not known"));
  if (!*place)
    return g_strdup(name);
  return g_strdup_printf("%s  %s", unpark_profile_function_name(name), place);
}
