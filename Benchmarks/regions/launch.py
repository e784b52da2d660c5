"""Runs one program and tells what it used: `launch.py DESCRIPTOR WALL_SECONDS MEMORY_BYTES PROGRAM …`

The record of the run, JSON, goes to the descriptor. A process inherits the peak of the one that forked it as the least
that its own peak can read: hence this small one in between, to be run with `python -I -S`. A memory limit of 0 is none.
"""

import os
import resource
import signal
import sys
import time


def main():
    descriptor, wall, memory, *command = sys.argv[1:]
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(int(descriptor))
        os.setpgid(0, 0)
        if int(memory):
            resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
        try:
            os.execv(command[0], command)
        except OSError as error:
            os.write(2, f"{command[0]}: {error.strerror}\n".encode())
            os._exit(127)
    killed = []

    def end(signum, frame):
        killed.append(signum)
        try:
            os.killpg(child, signal.SIGKILL)
        except ProcessLookupError:
            os.kill(child, signal.SIGKILL)

    for signum in (signal.SIGALRM, signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, end)
    signal.setitimer(signal.ITIMER_REAL, float(wall))
    _, status, usage = os.wait4(child, 0)
    elapsed = time.monotonic() - start
    signal.setitimer(signal.ITIMER_REAL, 0)
    unit = 1 if sys.platform == "darwin" else 1024
    record = (
        f'{{"code": {os.waitstatus_to_exitcode(status)}, "wall": {elapsed!r}, '
        f'"cpu": {usage.ru_utime + usage.ru_stime!r}, "memory": {usage.ru_maxrss * unit}, '
        f'"killed": {"true" if killed else "false"}}}')
    os.write(int(descriptor), record.encode())


main()
