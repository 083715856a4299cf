// Preloaded, caps LMDB's maps at 8 GiB: Valgrind has no room for the 1 TiB that the journal sets
// aside, and so counts the very program that is shipped.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

int mdb_env_set_mapsize(void *environment, size_t size) {
  int (*set)(void *, size_t) = dlsym(RTLD_NEXT, "mdb_env_set_mapsize");
  size_t most = (size_t)8 << 30;
  return set(environment, size < most ? size : most);
}
