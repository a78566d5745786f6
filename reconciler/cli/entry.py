"""The installed entry point. It handles `--version` and `--help` itself, before any slow import."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from reconciler import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconciler.sessions.protocols import Sessions

_RECURSION_LIMIT = 10_000
"""Bodies may be 200 levels deep, and some parsers use several frames per level."""
_GC_THRESHOLDS = (500_000, 50, 50)
"""Ten thousand specs are many small values that live as long as the process; Python's defaults would scan them over and over."""

HELP = os.path.join(os.path.dirname(__file__), "help.txt")  # noqa: PTH118, PTH120 - pathlib takes time to import
"""What click prints for `--help`, kept so that it is printed without click."""
HELP_COLUMNS = 80
"""From here on a terminal makes no difference to it."""


def main() -> None:
    """Run the command line, and exit with its exit code."""
    _open_streams()
    arguments = sys.argv[1:]
    if "_RECONCILER_COMPLETE" in os.environ:
        sys.exit(_complete(arguments))
    if arguments[:1] == ["--version"]:
        sys.exit(_tell(f"reconciler {__version__}\n"))
    if arguments in (["--help"], ["-h"]) and _is_wide():
        with open(HELP, encoding="utf-8") as text:  # noqa: PTH123 - pathlib takes time to import
            sys.exit(_tell(text.read()))
    _die_quietly()
    sys.exit(_run(arguments))


def _complete(words: list[str]) -> int:
    """Answer the script of `reconciler completion`, which prints no errors."""
    from reconciler.cli.completing.answer import answer, give_up_in_time

    give_up_in_time()
    return answer(os.environ, words)


def _is_wide() -> bool:
    """Whether help has its full width here: no narrow terminal, and no width of the user's own."""
    try:
        return "COLUMNS" not in os.environ and os.get_terminal_size().columns >= HELP_COLUMNS
    except OSError:  # no terminal
        return True


def _tell(text: str) -> int:
    try:
        print(text, end="", flush=True)  # noqa: T201 - the output module is not imported yet
    except OSError as error:
        sys.stderr.write(f"error: cannot write to standard output: {error.strerror}\nhint: redirect it to another file\n")
        return 1
    return 0


def _open_streams() -> None:
    """Open closed standard streams on the null device, so that no other file gets their number; exit if standard output is closed."""
    closed = [number for number in range(3) if _is_closed(number)]
    for number in closed:
        stream = open(os.devnull, "w" if number else "r", encoding="utf-8")  # noqa: SIM115, PTH123 - takes the free file number
        setattr(sys, ("stdin", "stdout", "stderr")[number], stream)
    if 1 in closed:
        sys.stderr.write("error: standard output is closed\nhint: redirect it; >/dev/null discards it\n")
        sys.exit(1)


def _is_closed(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return True
    return False


def _die_quietly() -> None:
    """Until the command installs its handlers, a signal ends the process at once, with its exit code."""
    import signal

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _frame: os._exit(128 + received))


def _run(arguments: list[str]) -> int:
    import gc

    gc.set_threshold(*_GC_THRESHOLDS)  # before the imports, which make many values that live on
    from reconciler.cli.failures import run
    from reconciler.cli.shell import Shell
    from reconciler.texts import own_process

    own_process.claim()

    sys.setrecursionlimit(_RECURSION_LIMIT)
    code = run(arguments, Shell(os.environ, open_sessions))
    gc.freeze()  # Python would look at everything once more as it ends
    return code


def open_sessions(environ: Mapping[str, str]) -> Sessions:
    """The sessions with Flow Service, using the credentials in this environment."""
    from reconciler.sessions.service import ServiceSessions

    return ServiceSessions(environ)
