/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preloaded into a program under test: when it is about to die of a signal, the stack of the thread
 * at fault goes to stderr, as `program(+offset)` for addr2line. The signal then takes its course. */
#include <execinfo.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FRAMES 64

static const int fatal[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };

static void
tell (int number)
{
  static const char head[] = "crash-trace: died of a signal in this thread\n";
  void *frames[FRAMES];
  int n = backtrace (frames, FRAMES);

  if (write (STDERR_FILENO, head, sizeof head - 1) > 0)
    backtrace_symbols_fd (frames, n, STDERR_FILENO);
  syscall (SYS_tgkill, getpid (), syscall (SYS_gettid), number);
}

__attribute__ ((constructor)) static void
install (void)
{
  struct sigaction action;
  void *first[1];

  memset (&action, 0, sizeof action);
  action.sa_handler = tell;
  action.sa_flags = (int) (SA_RESETHAND | SA_NODEFER);
  backtrace (first, 1); /* loads what it needs while the heap is whole */
  for (unsigned i = 0; i < sizeof fatal / sizeof fatal[0]; i++)
    sigaction (fatal[i], &action, NULL);
}
