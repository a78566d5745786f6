"""The installed entry point. It answers `--version` itself, before anything is imported that takes time."""

from __future__ import annotations

import sys

from reconciler import __version__

_RECURSION_LIMIT = 10_000
"""Bodies may be 200 levels deep, and some readers of them take several frames a level."""
_GC_THRESHOLDS = (100_000, 50, 50)
"""Ten thousand specs are many small values that live as long as the process; Python's own thresholds look at them again and again."""


def main() -> None:
    """Run the command line and exit with its code."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["--version"]:
        sys.stdout.write(f"reconciler {__version__}\n")
        sys.exit(0)
    _die_quietly()
    sys.exit(_run(arguments))


def _die_quietly() -> None:
    """Until the handlers of the command are in place, a signal ends the process at once, with the code that stands for it."""
    import os  # noqa: PLC0415 - not for --version
    import signal  # noqa: PLC0415 - not for --version

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _frame: os._exit(128 + received))


def _run(arguments: list[str]) -> int:
    import gc  # noqa: PLC0415 - not for --version
    import os  # noqa: PLC0415 - not for --version

    from reconciler.cli.failures import run  # noqa: PLC0415 - not for --version
    from reconciler.cli.shell import Shell  # noqa: PLC0415 - not for --version

    gc.set_threshold(*_GC_THRESHOLDS)
    sys.setrecursionlimit(_RECURSION_LIMIT)
    return run(arguments, Shell(environ=os.environ))
