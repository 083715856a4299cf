// Lets ThreadSanitizer see the contended paths of Swift's Mutex.
//
// Code that locks a Mutex holds the uncontended path itself, instrumented; the contended ones are
// in libswiftSynchronization, which is not, so that every wait for a lock would look like a race.
// These two functions take their places, call them, and say what they did. The symbols are those
// of _MutexHandle._lockSlow(UInt32) and _MutexHandle._unlockSlow().

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

void __tsan_acquire(void *address);
void __tsan_release(void *address);

SWIFT void lock(uint32_t thread, SELF void *mutex) __asm__(LOCK);
SWIFT void unlock(SELF void *mutex) __asm__(UNLOCK);

static void *original(const char *name) {
  void *function = dlsym(RTLD_NEXT, name);
  if (!function) abort();
  return function;
}

SWIFT void lock(uint32_t thread, SELF void *mutex) {
  SWIFT void (*call)(uint32_t, SELF void *) = original(LOCK);
  call(thread, mutex);
  __tsan_acquire(mutex);
}

SWIFT void unlock(SELF void *mutex) {
  SWIFT void (*call)(SELF void *) = original(UNLOCK);
  __tsan_release(mutex);
  call(mutex);
}
