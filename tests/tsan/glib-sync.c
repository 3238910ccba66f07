/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preloaded where the thread sanitizer is: it sees what pthread and the compiler's atomics order,
 * but GLib waits with futexes and is not compiled with it. Each function here is GLib's own with
 * what it orders said to the sanitizer; nothing else changes. Programs without the sanitizer are as
 * ever. */
#include <dlfcn.h>
#include <gio/gio.h>

/* Of the sanitizer's interface (sanitizer/tsan_interface.h). */
__attribute__((weak)) void __tsan_acquire(void *at);
__attribute__((weak)) void __tsan_release(void *at);

static void acquire(void *at) {
  if (__tsan_acquire)
    __tsan_acquire(at);
}

static void release(void *at) {
  if (__tsan_release)
    __tsan_release(at);
}

#undef g_cancellable_connect
#undef g_idle_add_once

/* GLib's own function, which is behind this one. */
#define REAL(name)                                                                                 \
  static __typeof__(&name) real;                                                                   \
  if (G_UNLIKELY(!real))                                                                           \
  *(void **)&real = dlsym(RTLD_NEXT, #name)

/* ---- Locks: a holder sees what the holder before did --------------------------------- */

#define TAKES(name, type)                                                                          \
  void name(type *lock) {                                                                          \
    REAL(name);                                                                                    \
    real(lock);                                                                                    \
    acquire(lock);                                                                                 \
  }
#define TRIES(name, type)                                                                          \
  gboolean name(type *lock) {                                                                      \
    REAL(name);                                                                                    \
    gboolean ok = real(lock);                                                                      \
    if (ok)                                                                                        \
      acquire(lock);                                                                               \
    return ok;                                                                                     \
  }
#define GIVES(name, type)                                                                          \
  void name(type *lock) {                                                                          \
    REAL(name);                                                                                    \
    release(lock);                                                                                 \
    real(lock);                                                                                    \
  }

TAKES(g_mutex_lock, GMutex)
TRIES(g_mutex_trylock, GMutex)
GIVES(g_mutex_unlock, GMutex)
TAKES(g_rec_mutex_lock, GRecMutex)
TRIES(g_rec_mutex_trylock, GRecMutex)
GIVES(g_rec_mutex_unlock, GRecMutex)

/* Waiting gives the lock away and takes it again. */
void g_cond_wait(GCond *cond, GMutex *mutex) {
  REAL(g_cond_wait);
  release(mutex);
  real(cond, mutex);
  acquire(mutex);
}

gboolean g_cond_wait_until(GCond *cond, GMutex *mutex, gint64 end_time) {
  REAL(g_cond_wait_until);
  release(mutex);
  gboolean ok = real(cond, mutex, end_time);
  acquire(mutex);
  return ok;
}

/* ---- Once: whoever goes on sees what was made ---------------------------------------- */

gboolean(g_once_init_enter)(volatile void *location) {
  static gboolean (*real)(volatile void *);
  if (G_UNLIKELY(!real))
    *(void **)&real = dlsym(RTLD_NEXT, "g_once_init_enter");
  gboolean first = real(location);
  if (!first)
    acquire((void *)location);
  return first;
}

void(g_once_init_leave)(volatile void *location, gsize result) {
  static void (*real)(volatile void *, gsize);
  if (G_UNLIKELY(!real))
    *(void **)&real = dlsym(RTLD_NEXT, "g_once_init_leave");
  release((void *)location);
  real(location, result);
}

/* ---- Queues: what was done before a push is done before the pop ----------------------- */

void g_async_queue_push(GAsyncQueue *queue, gpointer data) {
  REAL(g_async_queue_push);
  release(queue);
  real(queue, data);
}

#define POPS(name)                                                                                 \
  gpointer name(GAsyncQueue *queue) {                                                              \
    REAL(name);                                                                                    \
    gpointer data = real(queue);                                                                   \
    acquire(queue);                                                                                \
    return data;                                                                                   \
  }

POPS(g_async_queue_pop)
POPS(g_async_queue_try_pop)

/* ---- Thread pools: the same, into the pool's function ---------------------------------- */

typedef struct {
  GFunc func;
  gpointer user_data;
} Pool;

static void begin_in_pool(gpointer data, gpointer user_data) {
  Pool *pool = user_data;
  acquire(data);
  pool->func(data, pool->user_data);
  release(pool);
}

GThreadPool *g_thread_pool_new(GFunc func, gpointer user_data, gint max_threads, gboolean exclusive,
                               GError **error) {
  REAL(g_thread_pool_new);
  Pool *pool = g_new(Pool, 1); /* as long as the program: a pool is made once or twice */
  *pool = (Pool){func, user_data};
  return real(begin_in_pool, pool, max_threads, exclusive, error);
}

gboolean g_thread_pool_push(GThreadPool *pool, gpointer data, GError **error) {
  REAL(g_thread_pool_push);
  release(data);
  return real(pool, data, error);
}

void g_thread_pool_free(GThreadPool *pool, gboolean immediate, gboolean wait) {
  REAL(g_thread_pool_free);
  void *ours = pool->user_data;
  real(pool, immediate, wait);
  if (wait)
    acquire(ours);
}

/* ---- References: what was done with one is done before the last goes -------------------- */

void g_object_unref(gpointer object) {
  REAL(g_object_unref);
  release(object);
  acquire(object);
  real(object);
}

void g_bytes_unref(GBytes *bytes) {
  REAL(g_bytes_unref);
  if (bytes) {
    release(bytes);
    acquire(bytes);
  }
  real(bytes);
}

void g_atomic_rc_box_release_full(gpointer box, GDestroyNotify clear) {
  REAL(g_atomic_rc_box_release_full);
  release(box);
  acquire(box);
  real(box, clear);
}

gboolean(g_atomic_ref_count_dec)(gatomicrefcount *count) {
  static gboolean (*real)(gatomicrefcount *);
  if (G_UNLIKELY(!real))
    *(void **)&real = dlsym(RTLD_NEXT, "g_atomic_ref_count_dec");
  release(count);
  acquire(count);
  return real(count);
}
