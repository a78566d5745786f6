"""The files that workers have made, for one target or for several of one run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias, TypeVar

from reconciler.desired.files import Form
from reconciler.desired.packing import NotPacked, unpack
from reconciler.desired.parsing.cores import workers_for
from reconciler.desired.parsing.crew import Crew
from reconciler.desired.parsing.making import Maker
from reconciler.desired.parsing.messages import Made
from reconciler.desired.parsing.process import command
from reconciler.desired.parsing.single import Found, read_one
from reconciler.desired.readings import Readings
from reconciler.desired.spec_file import SpecFile, View
from reconciler.desired.tree import SpecTree, Unreadable

T = TypeVar("T")

_MOST_RESULTS: Final = 50_000
"""Files times targets of a run that are all made at once. Beyond that, only files that are the same for all targets are."""
_Find: TypeAlias = Callable[[str], Found | None]


def made_by_workers(tree: SpecTree, wanted: Mapping[str, Form], view: View, number: int) -> Iterator[tuple[str, Found]]:
    """Each file of these paths, in order. What `number` workers could not make is made here."""
    made = _for_one(tree, wanted, view, number) if view.readings is None else _for_run(tree, wanted, view, number, view.readings)
    for path, form in wanted.items():
        found = made(path)
        yield path, read_one(tree, path, form, view) if found is None else found


def _for_one(tree: SpecTree, wanted: Mapping[str, Form], view: View, number: int) -> _Find:
    """How to find each file once; the one target of the view is alone."""
    taken = _run(tree, wanted, Maker([view]), number, lambda path, one: _unpacked(one, 0, tree, path, wanted[path], view))
    return lambda path: taken.pop(path, None)


def _for_run(tree: SpecTree, wanted: Mapping[str, Form], view: View, number: int, readings: Readings) -> _Find:
    """How to find each file for the target of this view, which is one of a run."""
    views = tuple(replace(view, target=target, given_layers=layers) for target, layers in readings.run.items())
    asked = replace(view, given_layers=view.layers)
    if asked not in views:
        return lambda _: None
    index = views.index(asked)
    made = readings.once("made", _MadeInRun).of(tree, wanted, views, number, readings)

    def found(path: str) -> Found | None:
        one = made.get(path)
        if one is None or isinstance(one, Unreadable):
            return one
        known = readings.known(path, SpecFile)
        if known is not None:
            return known
        file = _unpacked(one, index, tree, path, wanted[path], view)
        if file is not None and one.common is not None:
            readings.keep(path, file)
        return file

    return found


class _MadeInRun:
    """What workers made for the targets of a run, by path. A target that found fewer files in the cache than those before adds the rest."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[str, Made | Unreadable] = {}

    def of(
        self, tree: SpecTree, wanted: Mapping[str, Form], views: Sequence[View], number: int, readings: Readings
    ) -> Mapping[str, Made | Unreadable]:
        with self._lock:
            lacking = {
                path: form for path, form in wanted.items() if path not in self._made and readings.known(path, SpecFile) is None
            }
            workers = workers_for(len(lacking), lambda: number)
            if workers > 1:
                common = (len(self._made) + len(lacking)) * len(views) > _MOST_RESULTS
                self._made |= _run(tree, lacking, Maker(views, common=common), workers, lambda _, one: one)
            return self._made


def _run(
    tree: SpecTree, wanted: Mapping[str, Form], maker: Maker, number: int, take: Callable[[str, Made], T]
) -> dict[str, T | Unreadable]:
    started = command()
    if started is None:
        return {}
    crew = Crew(tree, wanted, maker, take)
    crew.run(started, number)
    return crew.made


def _unpacked(made: Made, index: int, tree: SpecTree, path: str, form: Form, view: View) -> SpecFile | None:
    """The file for the target at this position; None if it was not made, or what was made is not a file."""
    data = made.common if made.common is not None else next(iter(made.each[index : index + 1]), None)
    try:
        return None if data is None else unpack(data, tree, path, form, view)
    except NotPacked:
        return None
