// The last words of a program that traps: one sentence and exit status 70, by calls that are safe
// in a signal handler, on a stack of their own.

#ifndef MASKED_DMFT_CRASH_H
#define MASKED_DMFT_CRASH_H

#include <signal.h>
#include <string.h>
#include <unistd.h>

static void dmft_last_words(int number) {
  const char *name = number == SIGILL    ? "SIGILL"
                     : number == SIGTRAP ? "SIGTRAP"
                     : number == SIGSEGV ? "SIGSEGV"
                     : number == SIGBUS  ? "SIGBUS"
                     : number == SIGFPE  ? "SIGFPE"
                                         : "SIGABRT";
  const char *parts[] = {
      "\ndmft: internal error (", name,
      "): this is a defect of the program; please report it with the command and the problem file; "
      "SWIFT_BACKTRACE=enable=yes in the environment shows where\n"};
  for (int i = 0; i < 3; i++) {
    const char *text = i == 0 && !isatty(2) ? parts[i] + 1 : parts[i];
    if (write(2, text, strlen(text)) < 0) break;
  }
  _exit(70);
}

// From now on the signals of a trap end the program with its last words.
static inline int dmft_end_traps_with_a_sentence(void) {
  static char stack[1 << 16];
  stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
  struct sigaction action = {.sa_handler = dmft_last_words, .sa_flags = SA_ONSTACK};
  const int numbers[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
  int failed = sigaltstack(&other, 0);
  sigset_t set;
  sigemptyset(&set);
  for (int i = 0; i < 6; i++) {
    failed |= sigaction(numbers[i], &action, 0);
    sigaddset(&set, numbers[i]);
  }
  return failed | sigprocmask(SIG_UNBLOCK, &set, 0);  // a parent may have blocked them
}

#endif
