/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the notes of an import mean, in the reader's language: importers write their details, which
 * name places and numbers, in one language only. */
#pragma once

/* One translated sentence for a note's name (import_note.name). NULL: there is none, the detail
 * has to do. Static. */
const char *unpark_note_sentence(const char *name);
