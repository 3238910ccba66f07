/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: options anywhere, "--" ends them. */
#pragma once

#include <glib.h>

#define CLI_MAX_OPTIONS 40

typedef struct {
  const char *name;  /* "format": --format VALUE, --format=VALUE */
  char letter;       /* 'o': -o VALUE, -oVALUE; 0: none */
  const char *value; /* what the value is called in the help; NULL: a flag */
  const char *help;  /* translatable */
} CliOption;

typedef struct {
  const char *name;
  const char *synopsis;               /* "FILE SQL", translatable */
  const char *help;                   /* one sentence, translatable */
  guint n_operands;                   /* exactly so many; with `more`, at least */
  CliOption options[CLI_MAX_OPTIONS]; /* ends with a NULL name, or full */
  gboolean more;                      /* there may be more operands */
  gboolean sides; /* "--" parts the operands in two, and does not end the options */
} CliCommand;

typedef struct {
  const CliCommand *command;
  const char *values[CLI_MAX_OPTIONS]; /* by option, the last: NULL not given; "" for a flag */
  GPtrArray *given[CLI_MAX_OPTIONS];   /* by option: all its values in order; NULL */
  char **operands;                     /* NULL-terminated */
  GByteArray *from_folder; /* of each operand: whether a folder stood for it; NULL: for none */
  guint n_operands;
  guint n_before; /* operands before "--"; without one, all */
} CliArgs;

/* argv[0] is the command's name. FALSE with a translated sentence in *message; free with
 * g_free(). `args` is to be cleared in either case. */
gboolean cli_args_parse(CliArgs *args, const CliCommand *command, int argc, char **argv,
                        char **message);
void cli_args_clear(CliArgs *args);

/* NULL if not given. `name` must be an option of the command. */
const char *cli_args_value(const CliArgs *args, const char *name);

/* Of an option that may be given more than once. */
const char *const *cli_args_values(const CliArgs *args, const char *name, guint *n);

/* Appends " --option value" for every option that was given, quoted for a shell. */
void cli_args_append_options(const CliArgs *args, GString *to);

/* A number of at least `least`. TRUE if given well or not given at all (*number is kept). */
gboolean cli_args_number(const CliArgs *args, const char *name, double least, double *number,
                         char **message);

/* A whole number of at least 1, as above. */
gboolean cli_args_count(const CliArgs *args, const char *name, guint64 *number, char **message);

/* A goroutine as one types or copies it: "41", "G41", "G 41". */
gboolean cli_args_goroutine(const char *text, gint64 *id);

typedef struct {
  const char *word; /* NULL: the list ends */
  int value;
} CliWord;

/* One of the words. TRUE if given well or not at all (*value is kept). */
gboolean cli_args_word(const CliArgs *args, const char *option, const CliWord *words, int *value,
                       char **message);

/* A time from the start of the trace, as above. */
gboolean cli_args_time(const CliArgs *args, const char *option, gint64 *ns, char **message);

/* FALSE if `to_ns`, of the option --`to`, leaves nothing after `from_ns`. */
gboolean cli_args_check_times(const char *from, gint64 from_ns, const char *to, gint64 to_ns,
                              char **message);

/* One line of a help page: `name` in a column of its own, then `text`. */
void cli_args_help_line(GString *help, const char *name, const char *text);

/* The command's help page; free with g_free(). */
char *cli_args_help(const CliCommand *command);
