/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers, names and colours as people see them. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"
#include "ui/text/csv.h"
#include "ui/text/format.h"
#include "ui/kit/palette.h"
#include "ui/shell/go-to-parse.h"
#include "ui/source/editor.h"
#include "ui/text/profile-format.h"
#include "ui/text/words.h"

START_TEST(durations) {
  static const struct {
    gint64 ns;
    const char *text;
  } cases[] = {
      {0, "0 ns"},
      {950, "950 ns"},
      {999, "999 ns"},
      {1000, "1 µs"},
      {7200000, "7.20 ms"},
      {7204000, "7.20 ms"},
      {7250000, "7.25 ms"},
      {12345678, "12.3 ms"},
      {999400000, "999 ms"},
      {999600000, "1.00 s"},
      {25000000000, "25 s"},
      {123456000000, "123 s"},
      {G_GINT64_CONSTANT(1002000000000), "16.7 min"},
      {G_GINT64_CONSTANT(7200000000000), "2 h"},
      {-7200000, "-7.20 ms"},
      {UNPARK_NONE, "–"},
  };
  char buf[UNPARK_FORMAT_SIZE];
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    ck_assert_str_eq(unpark_format_duration(cases[i].ns, buf), cases[i].text);
  /* The extremes fit. */
  unpark_format_duration(G_MAXINT64, buf);
  unpark_format_duration(G_MININT64 + 1, buf);
}
END_TEST

START_TEST(times) {
  char buf[UNPARK_FORMAT_SIZE];
  ck_assert_str_eq(unpark_format_time(1203000000, 1000000, buf), "1.203 s");
  ck_assert_str_eq(unpark_format_time(1200000000, 100000000, buf), "1.2 s");
  ck_assert_str_eq(unpark_format_time(12030500, 100, buf), "12.0305 ms");
  ck_assert_str_eq(unpark_format_time(0, 100, buf), "0 s");
  ck_assert_str_eq(unpark_format_time(2000, 1000, buf), "2 µs");
  ck_assert_str_eq(unpark_format_time(UNPARK_NONE, 1, buf), "–");
}
END_TEST

START_TEST(counts) {
  char buf[UNPARK_FORMAT_SIZE];
  ck_assert_str_eq(unpark_format_count(0, buf), "0");
  ck_assert_str_eq(unpark_format_count(999, buf), "999");
  ck_assert_str_eq(unpark_format_count(306000, buf), "306,000");
  ck_assert_str_eq(unpark_format_count(-1234567, buf), "-1,234,567");
  ck_assert_str_eq(unpark_format_count(G_MININT64, buf), "-9,223,372,036,854,775,808");
  ck_assert_str_eq(unpark_format_bytes(950, buf), "950 B");
  ck_assert_str_eq(unpark_format_bytes(4404019, buf), "4.20 MiB");
  ck_assert_str_eq(unpark_format_share(1, 8, buf), "12 %");
  ck_assert_str_eq(unpark_format_share(3, 1000, buf), "0.3 %");
  ck_assert_str_eq(unpark_format_share(9996, 10000, buf), "99.9 %");
  ck_assert_str_eq(unpark_format_share(99999999, 100000000, buf), "99.9 %");
  ck_assert_str_eq(unpark_format_share(7, 7, buf), "100 %");
  ck_assert_str_eq(unpark_format_share(1, 100000, buf), "<0.1 %");
  ck_assert_str_eq(unpark_format_share(0, 5, buf), "0 %");
  ck_assert_str_eq(unpark_format_share(1, 0, buf), "–");
}
END_TEST

START_TEST(functions) {
  const char *f = "github.com/acme/shop/order.(*Server).handle.func1";
  ck_assert_str_eq(unpark_format_function(f, 100), f);
  ck_assert_str_eq(unpark_format_function(f, 40), "acme/shop/order.(*Server).handle.func1");
  ck_assert_str_eq(unpark_format_function(f, 30), "order.(*Server).handle.func1");
  ck_assert_str_eq(unpark_format_function(f, 25), "(*Server).handle.func1");
  ck_assert_str_eq(unpark_format_function(f, 5), "handle.func1");
  ck_assert_str_eq(unpark_format_function("main.main", 5), "main");
  ck_assert_str_eq(unpark_format_function("main", 1), "main");
  ck_assert_str_eq(unpark_format_function("", 3), "");
  /* Slashes inside type arguments are no path. */
  ck_assert_str_eq(unpark_format_function_short("a.b/c.Map[go.shape.int,x/y.T]"),
                   "c.Map[go.shape.int,x/y.T]");
}
END_TEST

START_TEST(styles) {
  static const struct {
    UnparkFormatStyle style;
    const char *count, *duration, *time, *share, *name;
  } cases[] = {
      {{0}, "-1,234,567", "12.3 ms", "83.25 s", "<0.1 %", "order.(*Server).handle"},
      {{.numbers = UNPARK_NUMBERS_GERMAN, .times = UNPARK_TIMES_CLOCK},
       "-1.234.567",
       "12,3 ms",
       "1:23,25",
       "<0,1 %",
       "order.(*Server).handle"},
      {{.numbers = UNPARK_NUMBERS_FRENCH, .names = UNPARK_NAMES_FUNCTION},
       "-1\u202f234\u202f567",
       "12,3 ms",
       "83,25 s",
       "<0,1 %",
       "(*Server).handle"},
      {{.numbers = UNPARK_NUMBERS_SI, .names = UNPARK_NAMES_PATH},
       "-1\u202f234\u202f567",
       "12.3 ms",
       "83.25 s",
       "<0.1 %",
       "acme/shop/order.(*Server).handle"},
  };
  char buf[UNPARK_FORMAT_SIZE];
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    unpark_format_set_style(&cases[i].style);
    ck_assert_str_eq(unpark_format_count(-1234567, buf), cases[i].count);
    ck_assert_str_eq(unpark_format_duration(12345678, buf), cases[i].duration);
    ck_assert_str_eq(unpark_format_time(G_GINT64_CONSTANT(83250000000), 10000000, buf),
                     cases[i].time);
    ck_assert_str_eq(unpark_format_share(1, 100000, buf), cases[i].share);
    ck_assert_str_eq(unpark_format_function_short("acme/shop/order.(*Server).handle"),
                     cases[i].name);
    /* The longest fits. */
    ck_assert_uint_lt(strlen(unpark_format_count(G_MININT64, buf)), UNPARK_FORMAT_SIZE - 1);
  }
  const UnparkFormatStyle clock = {.times = UNPARK_TIMES_CLOCK};
  unpark_format_set_style(&clock);
  ck_assert_str_eq(unpark_format_time(G_GINT64_CONSTANT(59999000000), 1000000000, buf), "60 s");
  ck_assert_str_eq(unpark_format_time(G_GINT64_CONSTANT(119960000000), 100000000, buf), "2:00.0");
  ck_assert_str_eq(unpark_format_time(G_GINT64_CONSTANT(-3723000000000), 1000000000, buf),
                   "-1:02:03");
  unpark_format_set_style(&(UnparkFormatStyle){0});
}
END_TEST

START_TEST(typed_times) {
  gint64 ns;
  ck_assert(unpark_go_to_parse_since_start("1:23.25", &ns));
  ck_assert_int_eq(ns, G_GINT64_CONSTANT(83250000000));
  ck_assert(unpark_go_to_parse_since_start(" 1:02:03 ", &ns));
  ck_assert_int_eq(ns, G_GINT64_CONSTANT(3723000000000));
  ck_assert(!unpark_go_to_parse_since_start("1:60", &ns));
  ck_assert(!unpark_go_to_parse_since_start("12", &ns));
  ck_assert(!unpark_go_to_parse_since_start("1:02:03:04", &ns));
  ck_assert(!unpark_go_to_parse_since_start("1:02x", &ns));
}
END_TEST

START_TEST(editors) {
  g_autoptr(GError) error = NULL;
  for (guint i = 1; unpark_source_editors[i].name; i++) {
    g_auto(GStrv) words =
        unpark_source_editor_words(unpark_source_editors[i].command, "/a b/c.go", 7, &error);
    g_autofree char *all = words ? g_strjoinv("|", words) : NULL;
    ck_assert_msg(all && strstr(all, "/a b/c.go") && strchr(all, '7'), "%s",
                  unpark_source_editors[i].name);
  }
  g_auto(GStrv) words = unpark_source_editor_words("e 'x y' %%%f +%l", "/f", 0, &error);
  g_autofree char *all = g_strjoinv("|", words);
  ck_assert_str_eq(all, "e|x y|%/f|+1");
  ck_assert_ptr_null(unpark_source_editor_words("e %l", "/f", 1, &error));
  g_clear_error(&error);
  ck_assert_ptr_null(unpark_source_editor_words("e '%f", "/f", 1, &error));
}
END_TEST

/* sRGB to linear and back, and what the eye of a dichromat sees (Viénot, Brettel, Mollon 1999). */
static double linear(guint32 rgb, int shift) {
  double c = ((rgb >> shift) & 255) / 255.0;
  return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static void seen_by(guint32 rgb, int kind, double out[3]) {
  static const double protan[3][3] = {
      {0.11238, 0.88762, 0}, {0.11238, 0.88762, 0}, {0.00401, -0.00401, 1}};
  static const double deutan[3][3] = {
      {0.29275, 0.70725, 0}, {0.29275, 0.70725, 0}, {-0.02234, 0.02234, 1}};
  double in[3] = {linear(rgb, 16), linear(rgb, 8), linear(rgb, 0)};
  for (int i = 0; i < 3; i++)
    out[i] = kind == 0   ? in[i]
             : kind == 1 ? protan[i][0] * in[0] + protan[i][1] * in[1] + protan[i][2] * in[2]
                         : deutan[i][0] * in[0] + deutan[i][1] * in[1] + deutan[i][2] * in[2];
}

static double lab_f(double t) {
  return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116;
}

static void to_lab(const double rgb[3], double lab[3]) {
  double x = (0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.9505;
  double y = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
  double z = (0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.089;
  lab[0] = 116 * lab_f(y) - 16;
  lab[1] = 500 * (lab_f(x) - lab_f(y));
  lab[2] = 200 * (lab_f(y) - lab_f(z));
}

static double distance(guint32 a, guint32 b, int kind) {
  double ra[3], rb[3], la[3], lb[3];
  seen_by(a, kind, ra);
  seen_by(b, kind, rb);
  to_lab(ra, la);
  to_lab(rb, lb);
  return sqrt(pow(la[0] - lb[0], 2) + pow(la[1] - lb[1], 2) + pow(la[2] - lb[2], 2));
}

START_TEST(profile_facts) {
  const UnparkProfileInfo profile = {.period = 10000000,
                                     .period_unit = "nanoseconds",
                                     .time_wall_ns = UNPARK_NONE,
                                     .duration_ns = 516100000};
  const UnparkProfileTable table = {.total = 640000000, .n_samples = 29};
  g_autofree char *text = unpark_profile_facts(&profile, &table, "nanoseconds");
  ck_assert_str_eq(text,
                   "Total 640 ms in 29 stacks · recorded over 516 ms · one sample every 10 ms");
}
END_TEST

START_TEST(unbroken) {
  static const char *const texts[][2] = {
      {"up to 1.12 µs, 3 %.", "up to 1.12\u00a0µs, 3\u00a0%."},
      {"12 min together", "12\u00a0min together"},
      {"6 delays, 4 milestones, G 7 stands", "6 delays, 4 milestones, G 7 stands"},
      {"", ""},
  };
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autofree char *text = unpark_format_unbroken(texts[i][0]);
    ck_assert_str_eq(text, texts[i][1]);
  }
}
END_TEST

START_TEST(states_differ_for_every_eye) {
  static const guint states[] = {UNPARK_CLASS_RUNNING, UNPARK_CLASS_RUNNABLE, UNPARK_CLASS_SYSCALL,
                                 UNPARK_CLASS_WAIT};
  unpark_palette_choose((UnparkPalette)_i);
  for (int dark = 0; dark < 2; dark++)
    for (guint i = 0; i < G_N_ELEMENTS(states); i++)
      for (guint k = i + 1; k < G_N_ELEMENTS(states); k++)
        for (int eye = 0; eye < 3; eye++) {
          guint32 a = unpark_palette_fill(states[i], dark),
                  b = unpark_palette_fill(states[k], dark);
          double d = distance(a, b, eye);
          ck_assert_msg(d >= 20, "%06x and %06x are %.1f apart for eye %d", a, b, d, eye);
        }
}
END_TEST

START_TEST(lightness_tells_states) {
  unpark_palette_choose((UnparkPalette)_i);
  for (int dark = 0; dark < 2; dark++) {
    double running = unpark_palette_lightness(unpark_palette_fill(UNPARK_CLASS_RUNNING, dark));
    double runnable = unpark_palette_lightness(unpark_palette_fill(UNPARK_CLASS_RUNNABLE, dark));
    double syscall = unpark_palette_lightness(unpark_palette_fill(UNPARK_CLASS_SYSCALL, dark));
    double waiting = unpark_palette_lightness(unpark_palette_fill(UNPARK_CLASS_WAIT, dark));
    ck_assert_double_ge(fabs(running - runnable), 10);
    ck_assert_double_ge(fabs(running - syscall), 8);
    ck_assert_double_ge(fabs(running - waiting), 10);
    ck_assert_double_ge(fabs(runnable - waiting), 8);
    ck_assert_double_ge(fabs(syscall - waiting), 8);
  }
}
END_TEST

START_TEST(what_was_called_is_the_frame_below_ones_own) {
  const UnparkFrame frames[] = {{.function = "internal/sync.(*Mutex).lockSlow"},
                                {.function = "sync.(*Mutex).Lock"},
                                {.function = "sync.(*RWMutex).Lock"},
                                {.function = "main.(*ledger).post"},
                                {.function = "net/http.HandlerFunc.ServeHTTP"},
                                {.function = "main.main"}};
  ck_assert_uint_eq(unpark_words_called(frames, 6), 2);
  ck_assert_uint_eq(unpark_words_called(frames, 3), 3);     /* all of the library */
  ck_assert_uint_eq(unpark_words_called(frames + 3, 3), 3); /* it called nothing */
}
END_TEST

START_TEST(stretches_are_called_by_what_is_in_their_brackets) {
  char buf[UNPARK_STRETCH_SIZE];
  g_autofree char *most = g_strnfill(UNPARK_STRETCH_SIZE - 2, '.');
  g_autofree char *cut = g_strdup_printf("x (%s\u00e9)", most);
  ck_assert_str_eq(unpark_words_stretch("stop-the-world (start trace)", buf), "start trace");
  ck_assert_str_eq(unpark_words_stretch("GC mark assist", buf), "GC mark assist");
  ck_assert_str_eq(unpark_words_stretch("a (b", buf), "b");
  ck_assert_str_eq(unpark_words_stretch("a ()", buf), "");
  /* Half of the last letter would fit. */
  ck_assert_str_eq(unpark_words_stretch(cut, buf), most);
}
END_TEST

START_TEST(texts_are_readable) {
  unpark_palette_choose((UnparkPalette)_i);
  for (int dark = 0; dark < 2; dark++) {
    guint32 back = unpark_palette_ink(UNPARK_INK_BACKGROUND, dark);
    guint32 stripe = unpark_palette_ink(UNPARK_INK_STRIPE, dark);
    for (guint c = 0; c < UNPARK_N_CLASSES; c++)
      ck_assert_double_ge(
          unpark_palette_contrast(unpark_palette_fill(c, dark), unpark_palette_text(c, dark)), 4.5);
    ck_assert_double_ge(unpark_palette_contrast(unpark_palette_ink(UNPARK_INK_TEXT, dark), back),
                        7);
    ck_assert_double_ge(
        unpark_palette_contrast(unpark_palette_ink(UNPARK_INK_DIM_TEXT, dark), stripe), 4.5);
    ck_assert_double_ge(unpark_palette_contrast(unpark_palette_ink(UNPARK_INK_ACCENT, dark), back),
                        3);
    ck_assert_double_ge(unpark_palette_contrast(unpark_palette_ink(UNPARK_INK_GC, dark), back), 3);
    ck_assert_double_ge(unpark_palette_contrast(unpark_palette_ink(UNPARK_INK_STW, dark), back), 3);
  }
}
END_TEST

START_TEST(texts_of_a_spreadsheet) {
  const char *const cases[][2] = {{"main.(*T).f", "\"main.(*T).f\""},
                                  {"say \"no\", twice", "\"say \"\"no\"\", twice\""},
                                  {"=1+1", "\"'=1+1\""},
                                  {"@SUM", "\"'@SUM\""},
                                  {"", "\"\""}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GString) text = g_string_new(NULL);
    unpark_csv_append(text, cases[i][0]);
    ck_assert_str_eq(text->str, cases[i][1]);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("format");
  TCase *tests = tcase_create("format");
  tcase_add_test(tests, durations);
  tcase_add_test(tests, times);
  tcase_add_test(tests, counts);
  tcase_add_test(tests, functions);
  tcase_add_test(tests, styles);
  tcase_add_test(tests, typed_times);
  tcase_add_test(tests, editors);
  tcase_add_test(tests, profile_facts);
  tcase_add_test(tests, unbroken);
  tcase_add_loop_test(tests, states_differ_for_every_eye, 0, UNPARK_N_PALETTES);
  tcase_add_loop_test(tests, lightness_tells_states, 0, UNPARK_N_PALETTES);
  tcase_add_loop_test(tests, texts_are_readable, 0, UNPARK_N_PALETTES);
  tcase_add_test(tests, stretches_are_called_by_what_is_in_their_brackets);
  tcase_add_test(tests, texts_of_a_spreadsheet);
  tcase_add_test(tests, what_was_called_is_the_frame_below_ones_own);
  suite_add_tcase(suite, tests);
  return test_run(suite);
}
