/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tabs are called: by their file, and where two files have one name, by their folders, too.
 * Main thread only. */
#pragma once

#include <adwaita.h>

/* Titles and tooltips of all tabs, whose children are UnparkDocuments. */
void unpark_tab_names_update(AdwTabView *tabs);
/* The shortest ends of folders that differ, of paths whose last elements are equal: of "/a/x/f" and
 * "/b/x/f" "a/x" and "b/x". `others` is NULL-terminated and may hold `path` itself; NULL if no
 * other has its last element. Pure; free with g_free(). */
char *unpark_tab_names_folder(const char *path, const char *const *others);
