/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark-cli flamegraph: its place in the list of commands, and what its parts share. */
#pragma once

#include "app/cli-filter.h"
#include "model/flame/picture/export.h"

#define CLI_FLAMEGRAPH_COMMAND                                                                       \
  {                                                                                                  \
    {"flamegraph",                                                                                   \
     N_("FILE -o OUT"),                                                                              \
     N_("Draw a flame graph of FILE, or export its stacks for another program. The extension of "    \
        "OUT selects the format: .svg, .pdf, .png, .folded, .pb.gz (pprof) or .speedscope.json."),   \
     1,                                                                                              \
     {{"output", 'o', N_("OUT"), N_("The file to write; “-” is standard output")},                   \
      {"format", 'f', N_("FORMAT"),                                                                  \
       N_("svg, pdf, png, folded, pprof or speedscope (default: from the extension of OUT)")},       \
      {"source", 's', N_("SOURCE"),                                                                  \
       N_("For a trace: cpu, off-cpu, off-cpu:KIND (sync, channel, network, syscall, sleep, "        \
          "select, …), waker, creation, regions; net, sync, syscall and sched count what go tool " \
          "trace -pprof counts")},                                                                   \
      {"type", 't', N_("TYPE"), N_("For a profile: the sample type, such as inuse_space")},          \
      {"count", 0, NULL, N_("Count events instead of time")},                                        \
      {"from", 0, N_("TIME"), N_("Start at this time of the trace: 1.2s, 300ms, or nanoseconds")},   \
      {"to", 0, N_("TIME"), N_("End at this time")},                                                 \
      {"goroutine", 'g', N_("N"), N_("Only these goroutines: 7,12,40")},                             \
      {"entry", 0, N_("FUNCTION"), N_("Only goroutines that started in this function")},             \
      {"task", 0, N_("N"), N_("Only the regions of this task and its child tasks")},                 \
      {"no-system", 0, NULL, N_("Leave out the runtime's own goroutines")},                          \
      {"no-idle", 0, NULL, N_("Leave out idle waits: of pollers, and of workers without work")},     \
      {"focus", 0, N_("REGEX"), N_("Keep only stacks with a matching frame")},                       \
      {"ignore", 0, N_("REGEX"), N_("Leave out stacks with a matching frame")},                      \
      {"hide", 0, N_("REGEX"), N_("Leave out matching frames")},                                     \
      {"show", 0, N_("REGEX"), N_("Keep only matching frames")},                                     \
      {"show-from", 0, N_("REGEX"), N_("Start stacks at the outermost matching frame")},             \
      {"label", 0, N_("KEY=REGEX"), N_("Keep only samples with a matching label")},                  \
      {"group", 0, N_("BY"), N_("Group by state, entry, goroutine or label:KEY")},                   \
      {"merge", 0, N_("BY"), N_("Make a frame for each function, file, package or line")},           \
      {"order", 0, N_("ORDER"),                                                                      \
       N_("heavy, name or time (samples in sequence: of a trace, a speedscope or perf file)")},      \
      {"callers", 0, N_("FUNCTION"), N_("Show the callers of this function")},                       \
      {"callees", 0, N_("FUNCTION"), N_("Show what this function calls")},                           \
      {"invert", 0, NULL, N_("Put innermost frames first")},                                         \
      {"collapse", 0, NULL, N_("Fold recursion into one frame")},                                    \
      {"base", 'b', N_("OTHER"), N_("Show the difference from this file")},                          \
      {"base-from", 0, N_("TIME"),                                                                   \
       N_("Start of the part of the base to compare with (default: FILE itself)")},                  \
      {"base-to", 0, N_("TIME"), N_("End of the part of the base to compare with")},                 \
      {"normalise", 0, NULL, N_("Scale the base to the same total")},                                \
      {"static", 0, NULL, N_("Write an SVG without a script, for documents")},                       \
      {"theme", 0, N_("THEME"), N_("auto, light or dark")},                                          \
      {"colour", 0, N_("BY"),                                                                        \
       N_("Color by kind (your code, standard library, runtime) or by package")},                    \
      {"upwards", 0, NULL, N_("Put callers at the bottom")},                                         \
      {"title", 0, N_("TEXT"), N_("The title")},                                                     \
      {"subtitle", 0, N_("TEXT"), N_("The subtitle")},                                               \
      {"width", 'w', N_("PIXELS"), N_("Width (default: 1200)")},                                     \
      {"min-width", 0, N_("PIXELS"), N_("Leave out narrower frames")},                               \
      {"scale", 0, N_("N"), N_("Scale of a PNG: 1 or 2")},                                           \
      CLI_FILTER_OPTION,                                                                             \
      {"no-cache", 0, NULL, N_("Import the file again and do not use the cache")}}},                 \
        cli_flamegraph                                                                               \
  }

int cli_flamegraph(const CliArgs *args, CliContext *context);

typedef enum {
  CLI_FLAME_SVG,
  CLI_FLAME_PDF,
  CLI_FLAME_PNG,
  CLI_FLAME_FOLDED,
  CLI_FLAME_PPROF,
  CLI_FLAME_SPEEDSCOPE,
} CliFlameFormat;

/* The command line, understood. Texts belong to the arguments, but for those freed by
 * cli_flame_options_clear(). */
typedef struct {
  CliFlameFormat format;
  const char *output;
  const char *source, *type; /* NULL: not given */
  gboolean count, no_idle;
  UnparkFlameSpec spec;
  UnparkFlameSpec base;  /* scope only */
  const char *base_path; /* NULL: no difference, or with the file itself */
  gboolean has_base;
  UnparkFlamePicture picture;
  double scale;
  gint64 *goroutines;
  gint64 *passing[2]; /* goroutines that pass --filter, of the file and of the base */
  char *label_key;
} CliFlameOptions;

/* FALSE with a sentence in *message; clear in either case. */
gboolean cli_flame_options_parse(CliFlameOptions *options, const CliArgs *args, char **message);
void cli_flame_options_clear(CliFlameOptions *options);
