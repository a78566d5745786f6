"""What tests may know of the machine: nothing that differs from one to the next.

The environment is cut down to where programs are, and the home folder, git's configuration, the time zone, the locale and the umask are
set. A test that is about one of these sets it itself.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from typing import Final

_KEPT: Final = frozenset({"PATH", "VIRTUAL_ENV", "TMPDIR", "RECONCILER_REFERENCE"})
_KEPT_OF_TOOLS: Final = ("COV_", "COVERAGE_", "PYTEST_", "PYTHON", "HYPOTHESIS_")
_IGNORED: Final = frozenset({"PYTHONWARNINGS", "PYTHONDEVMODE", "PYTHONSTARTUP"})
_UMASK: Final = 0o022


def plain(environ: Mapping[str, str], home: str) -> dict[str, str]:
    """The environment for tests, made from that of whoever runs them."""
    kept = {name: value for name, value in environ.items() if name in _KEPT or name.startswith(_KEPT_OF_TOOLS)}
    return {name: value for name, value in kept.items() if name not in _IGNORED} | {
        "HOME": home,
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }


def settle() -> None:
    """Give this process, and all that it starts, the plain surroundings. They are removed when it ends."""
    home = tempfile.mkdtemp(prefix="reconciler-tests-home-")
    atexit.register(remove, home, os.getpid())
    environ = plain(os.environ, home)
    os.environ.clear()
    os.environ.update(environ)
    time.tzset()
    os.umask(_UMASK)


def remove(home: str, owner: int) -> None:
    """Remove the home folder, unless this is a fork of the process that made it."""
    if os.getpid() == owner:
        shutil.rmtree(home, ignore_errors=True)
