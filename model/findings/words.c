/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/findings/words.h"

#include <glib/gi18n.h>

#include "model/base/format.h"
#include "model/base/printable.h"
#include "model/why/words.h"

#define NAME_CHARS 60

/* What the texts are made of. */
typedef struct {
  const UnparkFinding *finding;
  const UnparkKind *kind; /* NULL: a range */
  const UnparkFrame *frames;
  guint n_frames;
  const char *own;    /* function of the program; "" if not known */
  const char *name;   /* of finding->name_id; "" */
  const char *holder; /* start function of finding->holder; "" */
  char count[UNPARK_FORMAT_SIZE], total[UNPARK_FORMAT_SIZE], p50[UNPARK_FORMAT_SIZE];
  char p99[UNPARK_FORMAT_SIZE], longest[UNPARK_FORMAT_SIZE], share[UNPARK_FORMAT_SIZE];
} Parts;

static const char *own_name(const Parts *p) {
  return *p->own ? unpark_format_function(p->own, NAME_CHARS) : _("an unknown function");
}

static const char *start_name(const Parts *p) {
  return *p->name ? unpark_format_function(p->name, NAME_CHARS) : _("an unknown function");
}

static char *title_of(const Parts *p) {
  const UnparkFinding *f = p->finding;
  switch (f->type) {
  case UNPARK_FINDING_LEAK:
    if (f->certain)
      return g_strdup_printf(ngettext("%s goroutine of %s can never go on",
                                      "%s goroutines of %s can never go on", (gulong)f->count),
                             p->count, start_name(p));
    return g_strdup_printf(ngettext("%s goroutine of %s is probably leaked",
                                    "%s goroutines of %s are probably leaked", (gulong)f->count),
                           p->count, start_name(p));
  case UNPARK_FINDING_LOCK:
    return g_strdup_printf(_("Contention %s in %s"),
                           unpark_words_wait(p->kind, p->frames, p->n_frames), own_name(p));
  case UNPARK_FINDING_SCHED:
    return g_strdup(_("Goroutines wait for a processor"));
  case UNPARK_FINDING_PAUSE:
    return g_strdup_printf(_("The world was stopped for up to %s"), p->longest);
  case UNPARK_FINDING_GC:
    if (f->assist_ns > 0)
      return g_strdup(_("Goroutines assist the garbage collector"));
    return g_strdup_printf(_("The garbage collector is marking for %s of the time"), p->share);
  case UNPARK_FINDING_SYSCALL:
    return g_strdup_printf(_("Slow system calls in %s"), own_name(p));
  case UNPARK_FINDING_OUTLIER:
    return g_strdup_printf(_("One wait of %s in %s"), p->longest, own_name(p));
  case UNPARK_FINDING_DEADLOCK:
    if (f->count == 1)
      return g_strdup_printf(_("%s never gets its lock"), start_name(p));
    return g_strdup_printf(_("Probable deadlock: %s goroutines never get their locks"), p->count);
  case UNPARK_FINDING_GROWTH:
    return g_strdup_printf(_("%s goroutines of %s at once"), p->count, start_name(p));
  case UNPARK_FINDING_CPU:
    if (f->count == 1)
      return g_strdup(_("The only processor is always busy"));
    return g_strdup_printf(_("All %s processors are always busy"), p->count);
  case UNPARK_FINDING_TASK:
    return g_strdup_printf(_("Slow tasks “%s”: p99 of %s, median of %s"),
                           *p->name ? p->name : _("unnamed task"), p->p99, p->p50);
  case UNPARK_N_FINDINGS:
    break;
  }
  return g_strdup("");
}

/* " For 94 % of the longest, G 18 (main.longHolder) ran." */
static char *holder_sentence(const Parts *p) {
  const UnparkFinding *f = p->finding;
  char share[UNPARK_FORMAT_SIZE];
  if (f->holder == UNPARK_NONE || f->longest_ns <= 0)
    return g_strdup("");
  g_autofree char *name = *p->holder
                              ? g_strdup_printf("G %" G_GINT64_FORMAT " (%s)", f->holder,
                                                unpark_format_function(p->holder, NAME_CHARS))
                              : g_strdup_printf("G %" G_GINT64_FORMAT, f->holder);
  unpark_format_share((double)f->holder_ns, (double)f->longest_ns, share);
  return g_strdup_printf(_(" For %s of the longest, %s %s."), share, name,
                         unpark_words_link(f->holder_did, NULL));
}

static char *lock_sentence(const Parts *p) {
  g_autofree char *holder = holder_sentence(p);
  g_autofree char *average =
      g_strdup_printf("%.*f", p->finding->share < 10 ? 2 : 0, p->finding->share);
  return g_strdup_printf(_("%s waits, %s total: on average %s goroutines were waiting here. Median "
                           "%s, p99 %s, longest %s.%s"),
                         p->count, p->total, average, p->p50, p->p99, p->longest, holder);
}

static char *gc_sentence(const Parts *p) {
  char cpu[UNPARK_FORMAT_SIZE], assist[UNPARK_FORMAT_SIZE];
  if (p->finding->assist_ns == 0)
    return g_strdup_printf(ngettext("It was marking in %s cycle, %s total: %s of the time.",
                                    "It was marking in %s cycles, %s total: %s of the time.",
                                    (gulong)p->finding->count),
                           p->count, p->total, p->share);
  unpark_format_duration(p->finding->assist_cpu_ns, cpu);
  unpark_format_duration(p->finding->assist_ns, assist);
  return g_strdup_printf(
      ngettext("It was marking in %s cycle, %s total: %s of the time. Allocating goroutines ran "
               "for %s in assists, which held them up for %s total, at most %s at a time.",
               "It was marking in %s cycles, %s total: %s of the time. Allocating goroutines ran "
               "for %s in assists, which held them up for %s total, at most %s at a time.",
               (gulong)p->finding->count),
      p->count, p->total, p->share, cpu, assist, p->longest);
}

/* What the slow ones did longer. */
static const char *part_words(const UnparkFindingTasks *tasks) {
  switch (tasks->state) {
  case UNPARK_STATE_RUNNING:
    return _("running");
  case UNPARK_STATE_RUNNABLE:
    return _("waiting for a processor");
  case UNPARK_STATE_SYSCALL:
    return _("in system calls");
  default:
    return _(unpark_wait_words(tasks->wait));
  }
}

static char *task_sentence(const Parts *p) {
  const UnparkFindingTasks *tasks = &p->finding->tasks;
  char extra[UNPARK_FORMAT_SIZE], part[UNPARK_FORMAT_SIZE];
  unpark_format_duration(tasks->extra_ns, extra);
  unpark_format_duration(tasks->part_ns, part);
  if (tasks->part_ns <= 0)
    return g_strdup_printf(
        _("Of %s tasks the slowest took %s longer than typical ones on average."), p->count, extra);
  return g_strdup_printf(_("Of %s tasks the slowest took %s longer than typical ones on average, "
                           "mostly %s: %s longer."),
                         p->count, extra, part_words(tasks), part);
}

/* " Tasks spent 1.2 % of their time ready but not running." */
static char *tasks_felt(const Parts *p) {
  char share[UNPARK_FORMAT_SIZE];
  if (p->finding->tasks.runnable < 0)
    return g_strdup("");
  unpark_format_share(p->finding->tasks.runnable, 1, share);
  return g_strdup_printf(_(" Tasks spent %s of their time ready but not running."), share);
}

/* " GOMAXPROCS changed meanwhile, between 1 and 4." */
static char *procs_changed(const Parts *p) {
  char least[UNPARK_FORMAT_SIZE], most[UNPARK_FORMAT_SIZE];
  const UnparkFindingLoad *load = &p->finding->load;
  if (load->procs_least == load->procs_most)
    return g_strdup("");
  return g_strdup_printf(_(" GOMAXPROCS changed meanwhile, between %s and %s."),
                         unpark_format_count(load->procs_least, least),
                         unpark_format_count(load->procs_most, most));
}

static char *sched_sentence(const Parts *p) {
  char idle[UNPARK_FORMAT_SIZE];
  g_autofree char *felt = tasks_felt(p), *changed = procs_changed(p);
  unpark_format_share(p->finding->load.idle, 1, idle);
  return g_strdup_printf(
      _("Goroutines were ready but not running for %s of their non-waiting time. %s delays: median "
        "%s, p99 %s, longest %s. The processors were idle for %s of their time.%s%s"),
      p->share, p->count, p->p50, p->p99, p->longest, idle, changed, felt);
}

static char *growth_sentence(const Parts *p) {
  char time[UNPARK_FORMAT_SIZE], rate[UNPARK_FORMAT_SIZE];
  unpark_format_time(p->finding->start_ns, 1000000, time);
  unpark_format_count((gint64)p->finding->share, rate);
  return g_strdup_printf(_("The most were alive at %s. Until then %s were created per second; "
                           "together they waited for %s."),
                         time, rate, p->total);
}

/* " All 10 goroutines that were started there have ended." */
static char *gather_sentence(const Parts *p) {
  guint ended = p->finding->ended;
  if (ended == 0)
    return g_strdup("");
  return g_strdup_printf(ngettext(" The %u goroutine that was started there has ended.",
                                  " All %u goroutines that were started there have ended.", ended),
                         ended);
}

static char *stuck_sentence(const Parts *p) {
  g_autofree char *gather = gather_sentence(p);

  if (p->finding->certain)
    return g_strdup_printf(
        ngettext(
            "Nothing can end its wait in %s. It had lasted %s when the trace ended.",
            "Nothing can end their waits in %s. The longest had lasted %s when the trace ended.",
            (gulong)p->finding->count),
        own_name(p), p->longest);
  return g_strdup_printf(ngettext("It waits %s in %s until the end of the trace, for %s.%s",
                                  "They wait %s in %s until the end of the trace, the longest for "
                                  "%s.%s",
                                  (gulong)p->finding->count),
                         unpark_words_wait(p->kind, p->frames, p->n_frames), own_name(p),
                         p->longest, gather);
}

static char *sentence_of(const Parts *p) {
  const UnparkFinding *f = p->finding;
  switch (f->type) {
  case UNPARK_FINDING_LEAK:
  case UNPARK_FINDING_DEADLOCK:
    return stuck_sentence(p);
  case UNPARK_FINDING_LOCK:
    return lock_sentence(p);
  case UNPARK_FINDING_SCHED:
    return sched_sentence(p);
  case UNPARK_FINDING_PAUSE:
    if (f->count == 1)
      return g_strdup_printf(_("One pause: %s, %s of the time."), p->name, p->share);
    return g_strdup_printf(
        _("%s pauses, %s total: %s of the time. Median %s; the longest, %s, took %s."), p->count,
        p->total, p->share, p->p50, p->name, p->longest);
  case UNPARK_FINDING_GC:
    return gc_sentence(p);
  case UNPARK_FINDING_SYSCALL:
    return g_strdup_printf(ngettext("%s call of 10 ms or more, %s total; the longest took %s.",
                                    "%s calls of 10 ms or more, %s total; the longest took %s.",
                                    (gulong)f->count),
                           p->count, p->total, p->longest);
  case UNPARK_FINDING_OUTLIER:
    return g_strdup_printf(
        _("It waited %s. The %s waits here have a median of %s and a p99 of %s."),
        unpark_words_wait(p->kind, p->frames, p->n_frames), p->count, p->p50, p->p99);
  case UNPARK_FINDING_GROWTH:
    return growth_sentence(p);
  case UNPARK_FINDING_CPU:
    return g_strdup_printf(_("Something ran for %s of the processors' time; the goroutines of %s "
                             "ran most, for %s."),
                           p->share, start_name(p), p->total);
  case UNPARK_FINDING_TASK:
    return task_sentence(p);
  case UNPARK_N_FINDINGS:
    break;
  }
  return g_strdup("");
}

static const char *advice_of(const UnparkFinding *f) {
  if (f->type == UNPARK_FINDING_SCHED && f->level == UNPARK_FINDING_MINOR && f->load.idle > 0.3)
    return _("There were processors to spare: the delays are those of bursts, in which many "
             "goroutines become ready at once, and of threads that had to be woken first. Why? on "
             "the longest delay shows what was running.");
  if (f->type == UNPARK_FINDING_LEAK && f->certain)
    return _("A leak for certain: a nil channel is never ready, and a select without cases never "
             "ends. Look for a channel that is used before it is made, or after it is set to nil.");
  if (f->type == UNPARK_FINDING_LEAK && f->ended > 0)
    return _("A sync.WaitGroup that is never done: most likely a goroutine returned without Done, "
             "or Add counted one too many. Call Done with defer, or use WaitGroup.Go.");
  static const char *const advice[] = {
      N_("None of them has ever gone on from here. If their number keeps growing it is a leak: the "
         "channel they wait on is no longer used or closed, or their context is never canceled. "
         "Look at where they were created and what should have ended them."),
      N_("Goroutines queue for this lock. Hold it for less time: no I/O, channel operations or "
         "logging while holding it; split the data among several locks; or use an RWMutex or "
         "atomics if most accesses only read. Why? on the longest wait shows what the holder did "
         "meanwhile."),
      N_("More goroutines were runnable than there were processors. Why? on the longest delay "
         "shows what was running. Compare GOMAXPROCS with the CPU limit of the container, and look "
         "for goroutines that run for long without a break."),
      N_("No goroutine ran during a pause. Long pauses come from goroutines that cannot be stopped "
         "at once, from reading statistics or profiles of the whole program (ReadMemStats, "
         "goroutine profiles), or from an overloaded machine."),
      N_("The program allocates faster than the collector can mark. Allocate less on the hot paths "
         "(alloc_space in the heap profile shows where), reuse objects, or give the heap more room "
         "with GOGC or GOMEMLIMIT."),
      N_("A goroutine in a system call holds a thread and, at first, its processor. Disks, name "
         "lookups through cgo and pipes are the usual causes: limit concurrent calls, or cache "
         "what they return."),
      N_("The median hides such waits, but users feel them. Why? follows the wait from waker to "
         "waker to what really took the time."),
      N_("Nothing released these locks while the trace was recorded. Goroutines that take several "
         "locks must take them in one order, a lock is not to be taken twice by one goroutine, and "
         "every return path must release it."),
      N_("Every goroutine takes memory, and what they wait for must serve them all. Limit how many "
         "run at once, with a semaphore or a fixed number of workers, and reject the excess."),
      N_("With no processor to spare, timers and sleeps end late and new work waits. Look at what "
         "ran in the flame graph of CPU samples, and compare GOMAXPROCS with the CPU limit of the "
         "container."),
      N_("Users feel the slow requests, not the median. The Tasks view shows a slow one beside the "
         "typical ones; Why? on its longest wait shows what it waited for."),
  };
  G_STATIC_ASSERT(G_N_ELEMENTS(advice) == UNPARK_N_FINDINGS);
  return _(advice[f->type]);
}

static char *where_of(const Parts *p) {
  char time[UNPARK_FORMAT_SIZE];
  if (p->finding->start_ns == UNPARK_NONE || p->finding->type == UNPARK_FINDING_GROWTH)
    return NULL;
  unpark_format_time(p->finding->start_ns, 1000, time);
  if (p->finding->goroutine == UNPARK_NONE)
    return g_strdup_printf(_("%s at %s"), p->longest, time);
  char goroutine[UNPARK_FORMAT_SIZE];
  g_snprintf(goroutine, sizeof goroutine, "G %" G_GINT64_FORMAT, p->finding->goroutine);
  return g_strdup_printf(_("%s, %s at %s"), p->longest, goroutine, time);
}

void unpark_finding_words(UnparkStore *store, const UnparkFinding *f, UnparkFindingWords *words) {
  const UnparkGoroutine *holder =
      f->holder == UNPARK_NONE ? NULL : unpark_store_goroutine(store, f->holder);
  Parts p = {.finding = f,
             .own = "",
             .name = unpark_store_string(store, f->name_id),
             .holder = holder ? unpark_store_string(store, holder->name_id) : ""};
  g_autofree UnparkFrame *frames = unpark_store_stack(store, f->stack, 0, &p.n_frames);
  p.frames = frames;
  p.kind = unpark_store_kind(store, f->kind);
  if (p.n_frames > 0) {
    guint inner, own;
    unpark_words_frames(frames, p.n_frames, &inner, &own);
    p.own = frames[own].function;
  }
  unpark_format_count((gint64)f->count, p.count);
  unpark_format_duration(f->total_ns, p.total);
  unpark_format_duration(f->p50_ns, p.p50);
  unpark_format_duration(f->p99_ns, p.p99);
  unpark_format_duration(f->longest_ns, p.longest);
  unpark_format_share(f->share, 1, p.share);
  *words = (UnparkFindingWords){.title = title_of(&p),
                                .sentence = sentence_of(&p),
                                .advice = advice_of(f),
                                .where = where_of(&p),
                                .stack = unpark_words_stack(frames, p.n_frames)};
}

void unpark_finding_words_clear(UnparkFindingWords *words) {
  g_clear_pointer(&words->title, g_free);
  g_clear_pointer(&words->sentence, g_free);
  g_clear_pointer(&words->where, g_free);
  g_clear_pointer(&words->stack, g_free);
}

static const char *const levels[] = {N_("minor"), N_("notable"), N_("severe")};

const char *unpark_finding_level_title(UnparkFindingLevel level) {
  return _(levels[level]);
}

const char *unpark_finding_level_name(UnparkFindingLevel level) {
  return levels[level];
}

const char *unpark_finding_type_name(UnparkFindingType type) {
  static const char *const names[] = {"leak",    "lock",     "sched",  "pause", "gc",  "syscall",
                                      "outlier", "deadlock", "growth", "cpu",   "task"};
  G_STATIC_ASSERT(G_N_ELEMENTS(names) == UNPARK_N_FINDINGS);
  return names[type];
}

/* Text of the trace in Markdown: nothing of it is markup, and it is one line. */
static char *escape(const char *text) {
  g_autofree char *line = unpark_printable_dup(text);
  GString *out = g_string_new(NULL);
  for (const char *p = line; *p; p++) {
    if (strchr("\\`*_[]<>#|~&", *p))
      g_string_append_c(out, '\\');
    g_string_append_c(out, *p);
  }
  return g_string_free(out, FALSE);
}

/* A fence that is longer than any in the text. */
static char *fence_for(const char *text) {
  guint longest = 2, run = 0;
  for (const char *p = text; *p; p++) {
    run = *p == '`' ? run + 1 : 0;
    longest = MAX(longest, run);
  }
  return g_strnfill(longest + 1, '`');
}

static void append_report(GString *out, const UnparkFinding *finding,
                          const UnparkFindingWords *words) {
  g_autofree char *title = escape(words->title);
  g_autofree char *sentence = escape(words->sentence);
  g_string_append_printf(out, "\n## %s (%s)\n\n%s\n", title,
                         unpark_finding_level_title(finding->level), sentence);
  if (words->where) {
    g_autofree char *where = escape(words->where);
    g_string_append_printf(out, "\n%s: %s\n", _("Longest"), where);
  }
  g_string_append_printf(out, "\n%s\n", words->advice);
  if (*words->stack) {
    g_autofree char *fence = fence_for(words->stack);
    g_string_append_printf(out, "\n%s\n%s%s\n", fence, words->stack, fence);
  }
}

char *unpark_findings_report(UnparkFindings *findings) {
  char from[UNPARK_FORMAT_SIZE], to[UNPARK_FORMAT_SIZE];
  const UnparkSource *source = unpark_store_source(findings->store);
  g_autofree char *base = g_path_get_basename(source->path ? source->path : "");
  g_autofree char *name = escape(base);
  GString *out = g_string_new(NULL);
  unpark_format_time(findings->from_ns, 1000000, from);
  unpark_format_time(findings->to_ns, 1000000, to);
  g_string_append_printf(out, _("# Findings in %s"), name);
  g_string_append(out, "\n\n");
  g_string_append_printf(out, _("From %s to %s."), from, to);
  g_string_append(out, "\n");
  if (findings->n == 0)
    g_string_append_printf(out, "\n%s\n", _("Nothing stands out."));
  for (guint i = 0; i < findings->n; i++) {
    UnparkFindingWords words;
    unpark_finding_words(findings->store, &findings->findings[i], &words);
    append_report(out, &findings->findings[i], &words);
    unpark_finding_words_clear(&words);
  }
  return g_string_free(out, FALSE);
}
