/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/preferences/apply.h"

#include "model/store/cache.h"
#include "model/store/store.h"
#include "ui/kit/palette.h"
#include "ui/kit/settings.h"
#include "ui/preferences/keys.h"
#include "ui/text/format.h"

static guint choice(const char *key, guint n) {
  int value = unpark_settings_get_int(key, 0);
  return value > 0 && (guint)value < n ? (guint)value : 0;
}

void unpark_preferences_apply(void) {
  const UnparkFormatStyle style = {.numbers = choice(UNPARK_KEY_NUMBERS, UNPARK_NUMBERS_SI + 1),
                                   .times = choice(UNPARK_KEY_TIMES, UNPARK_TIMES_CLOCK + 1),
                                   .names = choice(UNPARK_KEY_NAMES, UNPARK_NAMES_FUNCTION + 1),
                                   .utc = choice(UNPARK_KEY_ZONE, 2) == 1};
  int memory = unpark_settings_get_int(UNPARK_KEY_MEMORY, UNPARK_STORE_MEMORY_MIB);
  unpark_format_set_style(&style);
  unpark_palette_choose(choice(UNPARK_KEY_COLOURS, UNPARK_N_PALETTES));
  unpark_store_set_memory((guint)CLAMP(memory, UNPARK_LEAST_MEMORY, UNPARK_MOST_MEMORY));
}

char *unpark_preferences_cache_folder(void) {
  g_autofree char *folder = unpark_settings_get_string(UNPARK_KEY_CACHE_FOLDER, "");
  return g_path_is_absolute(folder) ? g_steal_pointer(&folder) : NULL;
}

guint64 unpark_preferences_cache_size(void) {
  int megabytes = unpark_settings_get_int(UNPARK_KEY_CACHE_SIZE, -1);
  return megabytes < 0 ? unpark_cache_size_setting(UNPARK_CACHE_DEFAULT_SIZE)
                       : (guint64)megabytes << 20;
}
