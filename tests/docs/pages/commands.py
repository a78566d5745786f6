"""Commands of the tool in this process, which spares the start of one."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell

_SIMPLE: Final = re.compile(
    r"""reconciler(?P<arguments>(?: +(?:'[^']*'|"[^"$`\\]*"|[^\s'"$`\\*?|&;<>(){}~#\[\]])+)*)(?:; echo (?P<echo>"[^"`\\]*"|\$\?))?"""
)


def invoked(command: str, folder: Path, environ: Mapping[str, str]) -> str | None:
    """What the command prints on both streams; None where a shell has to run it."""
    found = _SIMPLE.fullmatch(command)
    if found is None or "--version" in command or "--help" in command:
        return None
    printed, code = _called(shlex.split(found["arguments"]), folder, environ)
    return printed + (found["echo"].strip('"').replace("$?", str(code)) + "\n" if found["echo"] else "")


def _called(arguments: list[str], folder: Path, environ: Mapping[str, str]) -> tuple[str, int]:
    with _streams() as output, contextlib.chdir(folder), _environment(environ):
        code = run(arguments, Shell(os.environ, open_sessions))
        sys.stdout.flush()
    return output.getvalue().decode(), code


@contextlib.contextmanager
def _streams() -> Iterator[io.BytesIO]:
    """Both streams in one, as `2>&1` has them, and an empty standard input."""
    output = io.BytesIO()
    stream = io.TextIOWrapper(output, encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream), open(os.devnull, encoding="utf-8") as nothing:  # noqa: PTH123
        before, sys.stdin = sys.stdin, nothing
        try:
            yield output
        finally:
            sys.stdin = before
            stream.detach()


@contextlib.contextmanager
def _environment(environ: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
