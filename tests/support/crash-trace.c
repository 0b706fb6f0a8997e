/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preloaded into a program under test: when it is about to die of a signal, the stack of the thread
 * at fault goes to stderr and to the end of the file $BED_CRASHES, as `program(+offset)` for
 * addr2line. The signal then takes its course. */
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FRAMES 64

static const int fatal[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };

static char crashes[4096];

static void
write_to (int fd, void *const *frames, int n)
{
  static const char head[] = "crash-trace: died of a signal in this thread\n";

  if (fd >= 0 && write (fd, head, sizeof head - 1) > 0)
    backtrace_symbols_fd (frames, n, fd);
}

static void
tell (int number)
{
  void *frames[FRAMES];
  int n = backtrace (frames, FRAMES);

  write_to (STDERR_FILENO, frames, n);
  if (crashes[0] != '\0')
    write_to (open (crashes, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600), frames, n);
  syscall (SYS_tgkill, getpid (), syscall (SYS_gettid), number);
}

__attribute__ ((constructor)) static void
install (void)
{
  struct sigaction action;
  const char *path = getenv ("BED_CRASHES");
  void *first[1];

  if (path != NULL && strlen (path) < sizeof crashes)
    strcpy (crashes, path);
  memset (&action, 0, sizeof action);
  action.sa_handler = tell;
  action.sa_flags = (int) (SA_RESETHAND | SA_NODEFER);
  backtrace (first, 1); /* loads what it needs while the heap is whole */
  for (unsigned i = 0; i < sizeof fatal / sizeof fatal[0]; i++)
    sigaction (fatal[i], &action, NULL);
}
