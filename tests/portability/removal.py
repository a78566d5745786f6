"""Takes away what Python lacks on Windows, in this process."""

from __future__ import annotations

import asyncio  # noqa: F401
import multiprocessing  # noqa: F401
import os
import select
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile  # noqa: F401
import uuid  # noqa: F401
from collections.abc import Callable
from functools import wraps
from typing import Any

OS_NAMES = (
    "O_CLOEXEC", "O_DIRECTORY", "O_NOCTTY", "O_NOFOLLOW", "O_NONBLOCK", "O_PATH", "O_SYNC", "O_TMPFILE",
    "chown", "fchmod", "fchown", "fork", "getegid", "geteuid", "getgid", "getpgid", "getuid", "killpg", "mkfifo", "mknod", "nice",
    "openpty", "pwrite", "setsid", "statvfs", "sysconf", "uname", "wait3",
)  # fmt: skip
SIGNALS = ("SIGALRM", "SIGCHLD", "SIGHUP", "SIGPIPE", "SIGQUIT", "SIGTSTP", "SIGUSR1", "SIGUSR2", "SIGWINCH", "pthread_sigmask")
MODULES = ("curses", "fcntl", "grp", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty")
FOLDER_FUNCTIONS = (
    "access",
    "link",
    "mkdir",
    "open",
    "readlink",
    "rename",
    "replace",
    "rmdir",
    "stat",
    "symlink",
    "unlink",
    "utime",
)


def remove() -> None:
    """Remove the names. Modules of the standard library that have other ways on Windows are told so, or are loaded before."""
    shutil._use_fd_functions = False  # type: ignore[attr-defined]  # noqa: SLF001 - as it is on Windows
    subprocess._PopenSelector = selectors.SelectSelector  # type: ignore[attr-defined]  # noqa: SLF001
    for owner, names in ((os, OS_NAMES), (signal, SIGNALS), (select, ("poll", "epoll"))):
        for name in names:
            if hasattr(owner, name):
                delattr(owner, name)
    for name in MODULES:
        sys.modules[name] = None  # type: ignore[assignment]
    for name in FOLDER_FUNCTIONS:
        setattr(os, name, _by_path_alone(name, getattr(os, name)))
    os.supports_dir_fd = set()
    os.supports_fd = {os.stat}


def _by_path_alone(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def refuse_handles(*arguments: Any, **options: Any) -> Any:
        used = [key for key in options if key.endswith("dir_fd") and options[key] is not None]
        if used:
            raise NotImplementedError(f"os.{name}: {used[0]} is not available on this platform")
        if name == "link" and options.get("follow_symlinks") is False:
            raise NotImplementedError("os.link: follow_symlinks is not available on this platform")
        return function(*arguments, **options)

    return refuse_handles
