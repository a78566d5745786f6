"""Runs commands of the reconciler that is on the path of modules, each in a fork of a process that has imported it already.

It is started by its file name, also with an older package on the path, and so imports nothing of the tests. Each line on standard input
is a job as JSON: `arguments`, `folder`, `environ`, `out`, `err`, `cores` (0: all), `patches` ([module, name, value]) and `now`. Each line
on standard output is the exit code.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any


def main() -> None:
    """Answer jobs until standard input ends."""
    for line in sys.stdin:
        job = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _run(job, writing)
        os.close(writing)
        with os.fdopen(reading) as names:
            imported = names.read().split()
        _, status = os.waitpid(child, 0)
        _import(imported)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _run(job: dict[str, Any], names: int) -> None:
    """One command, in this process, which ends with it."""
    code = 99
    try:
        os.chdir(job["folder"])
        for number, name in enumerate((os.devnull, job["out"], job["err"])):
            os.dup2(os.open(name, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        os.environ.clear()
        os.environ.update(job["environ"])
        if job["cores"]:
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: job["cores"]])
        before = set(sys.modules)
        code = _command(job)
        os.write(names, " ".join(sorted(set(sys.modules) - before)).encode())
    except BaseException:  # noqa: BLE001 - what no command may raise is a difference, too
        import traceback  # noqa: PLC0415

        traceback.print_exc()
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _command(job: dict[str, Any]) -> int:
    from reconciler.cli import entry  # noqa: PLC0415 - the package that is on the path

    for module, name, value in job["patches"]:
        _patch(module, name, value)
    from reconciler.http.clock import SystemClock  # noqa: PLC0415 - see above

    now = float(job["now"])
    time.time = lambda: now
    setattr(SystemClock, "monotonic", lambda _self: now)  # noqa: B010 - reports tell how long something took
    return int(entry._run(job["arguments"]))  # noqa: SLF001 - as the installed command does


def _patch(module: str, name: str, value: Any) -> None:
    """Put a value in the place of a name in a module, or of a method of a class there; for `{"errno": N}`, a function that raises it."""
    owner: Any = importlib.import_module(module)
    *classes, attribute = name.split(".")
    for one in classes:
        owner = getattr(owner, one)
    if not hasattr(owner, attribute):
        raise AttributeError(f"{module} has no {name} to be patched")
    setattr(owner, attribute, _raising(value["errno"]) if isinstance(value, dict) else value)


def _raising(number: int) -> Callable[..., None]:
    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def _import(names: list[str]) -> None:
    """What a command imported is there at once for the next one."""
    for name in names:
        with suppress(Exception):
            importlib.import_module(name)


if __name__ == "__main__":
    main()
