/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark-cli flamegraph: its place in the list of commands, and what its parts share. */
#pragma once

#include "app/cli.h"
#include "model/flame/picture/export.h"

#define CLI_FLAMEGRAPH_COMMAND                                                                     \
  {                                                                                                \
    {"flamegraph",                                                                                 \
     N_("FILE -o OUT"),                                                                            \
     N_("Draw a flame graph of FILE, or write its stacks for another program. OUT ends in .svg, "  \
        ".pdf, .png, .folded, .pb.gz (pprof) or .speedscope.json."),                               \
     1,                                                                                            \
     {{"output", 'o', N_("OUT"), N_("The file to write; “-” is standard output")},                 \
      {"format", 'f', N_("FORMAT"),                                                                \
       N_("svg, pdf, png, folded, pprof or speedscope (default: by the ending of OUT)")},          \
      {"source", 's', N_("SOURCE"),                                                                \
       N_("Of a trace: cpu, off-cpu, off-cpu:KIND (sync, channel, network, syscall, sleep, "       \
          "select, …), waker, creation, regions; net, sync, syscall and sched are what go tool " \
          "trace -pprof counts")},                                                                 \
      {"type", 't', N_("TYPE"), N_("Of a profile: its sample type, such as inuse_space")},         \
      {"count", 0, NULL, N_("How often, not how long")},                                           \
      {"from", 0, N_("TIME"), N_("Only from this time of the trace on: 1.2s, 300ms, or ns")},      \
      {"to", 0, N_("TIME"), N_("Only up to this time")},                                           \
      {"goroutine", 'g', N_("N"), N_("Only this goroutine; several: 7,12,40")},                    \
      {"entry", 0, N_("FUNCTION"), N_("Only goroutines that started in this function")},           \
      {"task", 0, N_("N"), N_("Only the regions of this task, and of those below it")},            \
      {"no-system", 0, NULL, N_("Without the runtime's own goroutines")},                          \
      {"focus", 0, N_("REGEX"), N_("Only stacks with a frame that matches")},                      \
      {"ignore", 0, N_("REGEX"), N_("Without stacks with a frame that matches")},                  \
      {"hide", 0, N_("REGEX"), N_("Leave out frames that match")},                                 \
      {"show", 0, N_("REGEX"), N_("Leave out frames that do not match")},                          \
      {"show-from", 0, N_("REGEX"), N_("Leave out what is above the outermost match")},            \
      {"label", 0, N_("KEY=REGEX"), N_("Only samples with a label that matches")},                 \
      {"group", 0, N_("BY"), N_("First by state, entry, goroutine, or label:KEY")},                \
      {"merge", 0, N_("BY"), N_("One frame per function, file, package or line")},                 \
      {"order", 0, N_("ORDER"), N_("heavy, name or time (CPU samples of a trace)")},               \
      {"callers", 0, N_("FUNCTION"), N_("Who calls this function")},                               \
      {"callees", 0, N_("FUNCTION"), N_("What this function calls")},                              \
      {"invert", 0, NULL, N_("Innermost frames first")},                                           \
      {"collapse", 0, NULL, N_("A function that calls itself is one frame")},                      \
      {"base", 'b', N_("OTHER"), N_("Show the difference from this file")},                        \
      {"base-from", 0, N_("TIME"), N_("Compare with a part of the base (default: of FILE)")},      \
      {"base-to", 0, N_("TIME"), N_("Compare with a part of the base")},                           \
      {"normalise", 0, NULL, N_("Scale the base to the same total")},                              \
      {"static", 0, NULL, N_("An SVG without a script, for documents")},                           \
      {"theme", 0, N_("THEME"), N_("auto, light or dark")},                                        \
      {"colour", 0, N_("BY"), N_("Colours by package or kind")},                                   \
      {"upwards", 0, NULL, N_("Callers at the bottom, as flames")},                                \
      {"title", 0, N_("TEXT"), N_("The title")},                                                   \
      {"subtitle", 0, N_("TEXT"), N_("The line below the title")},                                 \
      {"width", 'w', N_("PIXELS"), N_("How wide (default: 1200)")},                                \
      {"min-width", 0, N_("PIXELS"), N_("Leave out narrower frames")},                             \
      {"scale", 0, N_("N"), N_("Pixels of a PNG per pixel: 1, 2")},                                \
      {"no-cache", 0, NULL, N_("Import the file again, and keep nothing in the cache")}}},         \
        cli_flamegraph                                                                             \
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
  gboolean count;
  UnparkFlameSpec spec;
  UnparkFlameSpec base;  /* scope only */
  const char *base_path; /* NULL: no difference, or with the file itself */
  gboolean has_base;
  UnparkFlamePicture picture;
  double scale;
  gint64 *goroutines;
  char *label_key;
} CliFlameOptions;

/* FALSE with a sentence in *message; clear in either case. */
gboolean cli_flame_options_parse(CliFlameOptions *options, const CliArgs *args, char **message);
void cli_flame_options_clear(CliFlameOptions *options);
