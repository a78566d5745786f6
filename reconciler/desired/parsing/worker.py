"""A worker process: it is sent the bytes of files, and answers what they are. It opens no file and no connection."""

from __future__ import annotations

import contextlib
import gc
import signal
import sys
from typing import BinaryIO

from reconciler.desired.parsing.making import Maker
from reconciler.desired.parsing.messages import READY, Broken, frame, read_batch, read_targets, receive, send
from reconciler.texts import own_process


def main() -> None:
    """Serve standard input until it ends: it does when the process that started the worker ends, however that happens."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal, to all processes: whoever started the worker ends it
    gc.set_threshold(100_000, 50, 50)
    own_process.claim()
    with contextlib.suppress(Broken):
        serve(sys.stdin.buffer, sys.stdout.buffer)


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer each batch of these requests. Raises Broken at their end."""
    send(answers, READY)
    targets = read_targets(receive(requests))
    maker = Maker(targets.made(), targets.common)
    while True:
        send(answers, frame([maker.made(file) for file in read_batch(receive(requests))]))
