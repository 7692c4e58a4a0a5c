// Calls about children and parents that Swift's Glibc module does not show.

#ifndef MASKED_DMFT_CHILD_H
#define MASKED_DMFT_CHILD_H

#include <spawn.h>

#ifdef __linux__
#include <sys/prctl.h>

int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
#endif

// From now on the end of the parent sends this process a signal, where the system can do that.
static inline void dmft_end_with_parent(int signal) {
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, signal);
#else
  (void)signal;
#endif
}

#endif
