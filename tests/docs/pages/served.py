"""Commands that serve until they are interrupted."""

from __future__ import annotations

import os
import re
import selectors
import shlex
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from tests.docs.console import Console

_SERVES: Final = re.compile(r"reconciler emulator(?: |$)")
_PATIENCE: Final = 60.0


def serves(command: str) -> bool:
    """Whether the command goes on until it is interrupted."""
    return _SERVES.match(command) is not None and "--help" not in command


@dataclass(slots=True)
class Servers:
    """The servers of a scene, on ports that are free here."""

    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, command: str, console: Console, is_enough: Callable[[str], bool]) -> str:
        """What the command has printed once that is enough, or once it ends."""
        words = [word for word in shlex.split(re.sub(r"--port[ =]\d+", "", command)) if word]
        process = subprocess.Popen(  # noqa: S603 - a line of our own pages
            [*words, "--port", str(_free_port())],
            cwd=console.folder,
            env=console.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.running.append(process)
        return _read(process, is_enough)

    def stop(self) -> None:
        """End them all. SIGINT would be lost before they handle it where this runs in the background of a shell, which ignores it."""
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.communicate(timeout=_PATIENCE)


def _read(process: subprocess.Popen[bytes], is_enough: Callable[[str], bool]) -> str:
    assert process.stdout
    printed, until = b"", time.monotonic() + _PATIENCE
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while not is_enough(printed.decode(errors="replace")) and (left := until - time.monotonic()) > 0:
            if selector.select(left):
                read = os.read(process.stdout.fileno(), 1 << 16)
                if not read:
                    break
                printed += read
    return printed.decode()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
