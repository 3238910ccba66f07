/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the window asks the system for memory and gives it back. */
#pragma once

/* First of all in main(). Some dozens of workers take turns; with glibc's defaults each would have
 * a heap of its own that keeps what it once needed: an import left hundreds of megabytes behind. */
void unpark_memory_init(void);
/* Much was freed: gives it back now. Some milliseconds; for workers. */
void unpark_memory_trim(void);
/* Gives back what is free when nothing more has been asked for a while. Main thread. */
void unpark_memory_trim_later(void);
