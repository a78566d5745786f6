"""Workers that share the files of one tree among them, each led by a thread of this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Final, Generic, TypeVar

from reconciler.desired.files import Form
from reconciler.desired.parsing.making import Maker
from reconciler.desired.parsing.messages import Broken, File, Made, Targets, path_in_bytes, targets_frame
from reconciler.desired.parsing.process import NoProcess, Worker
from reconciler.desired.tree import SpecTree, Unreadable

T = TypeVar("T")

_MOST_FILES: Final = 16
_MOST_BYTES: Final = 500_000
"""Of one batch: small enough that all workers end at about the same time."""
_LOOK: Final = 5.0
"""Seconds between two looks at whether a worker hangs."""


class Crew(Generic[T]):
    """Reads the files of a tree, and has them made for these targets.

    Files are read here, a batch at a time, by the rules of the tree; a worker only sees their bytes. The files of a worker that fails are
    made in this process.
    """

    def __init__(self, tree: SpecTree, wanted: Mapping[str, Form], maker: Maker, take: Callable[[str, Made], T]) -> None:
        """`take` gets each file, with its path, in any thread; what it returns is kept."""
        self.made: dict[str, T | Unreadable] = {}
        """By path, once `run` has ended."""
        self._tree = tree
        self._batches = self._in_batches(iter(wanted.items()))
        self._maker = maker
        self._take = take
        self._turn = threading.Lock()
        self._is_over = False
        self._failure: BaseException | None = None

    def run(self, command: Sequence[str], number: int) -> None:
        """Make all files with this number of workers. Raises what a thread raised; every worker has ended then, whatever happens."""
        workers: list[Worker] = []
        threads: list[threading.Thread] = []
        try:
            self._start(command, number, workers)
            with suppress(RuntimeError):  # no thread can be started
                for worker in workers or (None,):
                    thread = threading.Thread(target=self._lead, args=(worker,), daemon=True, name="parsing")
                    thread.start()
                    threads.append(thread)
            if not threads:
                self._lead(None)
            for thread in threads:
                while thread.is_alive():
                    thread.join(_LOOK)
                    self._kill_the_overdue(workers)
        finally:
            self._is_over = True
            for worker in workers:
                worker.kill()
            for thread in threads:
                thread.join()
            for worker in workers:
                worker.close()
        if self._failure is not None:
            raise self._failure

    def _start(self, command: Sequence[str], number: int, workers: list[Worker]) -> None:
        """Start as many workers as can be had; perhaps none."""
        with suppress(NoProcess, UnicodeEncodeError):
            targets = targets_frame(Targets.of(self._maker.views, common=self._maker.common))
            for _ in range(number):
                workers.append(Worker(command, targets))  # noqa: PERF401 - those that were started stay

    def _kill_the_overdue(self, workers: Sequence[Worker]) -> None:
        now = time.monotonic()
        for worker in workers:
            if worker.is_overdue(now):
                worker.kill()

    def _lead(self, worker: Worker | None) -> None:
        try:
            while not self._is_over and (batch := self._next()):
                made = self._made_by(worker, batch)
                worker = worker if made is not None else None
                for (path, _), one in zip(batch, self._made_here(batch) if made is None else made, strict=False):
                    self.made[path] = self._take(path, one)
        except BaseException as error:  # noqa: BLE001 - raised in the thread that waits
            self._failure, self._is_over = error, True

    def _made_by(self, worker: Worker | None, batch: Sequence[tuple[str, File]]) -> list[Made] | None:
        if worker is None:
            return None
        try:
            return worker.made([file for _, file in batch])
        except Broken:
            worker.kill()
            return None

    def _made_here(self, batch: Sequence[tuple[str, File]]) -> Iterator[Made]:
        for _, file in batch:
            if self._is_over:
                return
            yield self._maker.made(file)

    def _next(self) -> list[tuple[str, File]]:
        with self._turn:
            return next(self._batches, [])

    def _in_batches(self, wanted: Iterator[tuple[str, Form]]) -> Iterator[list[tuple[str, File]]]:
        while several := list(islice(wanted, _MOST_FILES)):
            batch: list[tuple[str, File]] = []
            size = 0
            for path, form in several:
                try:
                    data = self._tree.read(path)
                except Unreadable as error:
                    self.made[path] = error
                    continue
                batch.append((path, File(path_in_bytes(path), form is Form.ARTIFACT, data)))
                size += len(data)
                if size > _MOST_BYTES:
                    yield batch
                    batch, size = [], 0
            if batch:
                yield batch
