// Two ways to rename that Swift's Glibc module does not show.

#ifndef MASKED_DMFT_RENAME_H
#define MASKED_DMFT_RENAME_H

#include <stdio.h>

#ifdef __linux__
int renameat2(int from_folder, const char *from, int to_folder, const char *to,
              unsigned int flags);
#define MASKED_DMFT_RENAME_NEW 1u   // RENAME_NOREPLACE
#define MASKED_DMFT_RENAME_SWAP 2u  // RENAME_EXCHANGE
#else
#define renameat2 renameatx_np
#define MASKED_DMFT_RENAME_NEW RENAME_EXCL
#define MASKED_DMFT_RENAME_SWAP RENAME_SWAP
#endif

// Renames within a folder unless the new name is taken. 0, or -1 and errno.
static inline int rename_new(int folder, const char *from, const char *to) {
  return renameat2(folder, from, folder, to, MASKED_DMFT_RENAME_NEW);
}

// Exchanges two names of a folder in one step that nothing can interrupt. 0, or -1 and errno.
static inline int exchange_names(int folder, const char *one, const char *other) {
  return renameat2(folder, one, folder, other, MASKED_DMFT_RENAME_SWAP);
}

#endif
