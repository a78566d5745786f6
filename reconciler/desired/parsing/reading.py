"""Reads the spec files of a tree: on all cores if that is faster, else in this process. The result is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext

from reconciler.desired.files import Form
from reconciler.desired.parsing.cores import cores, workers_for
from reconciler.desired.parsing.single import Found, read_one
from reconciler.desired.spec_file import View
from reconciler.desired.tree import SpecTree


def nothing() -> None:
    """Do nothing meanwhile."""


def read_files(
    tree: SpecTree,
    wanted: Mapping[str, Form],
    view: View,
    meanwhile: Callable[[], None] = nothing,
    *,
    usable: Callable[[], int] = cores,
) -> Iterator[tuple[str, Found]]:
    """Each file of these paths with what it is for the target of this view, or why it cannot be read, in order.

    `meanwhile` is called before workers begin, and not if there are none.
    """
    number = workers_for(len(wanted), usable)
    if number > 1:
        from reconciler.desired.parsing.sharing import made_by_workers  # noqa: PLC0415 - a small repository needs none of it

        meanwhile()
        yield from made_by_workers(tree, wanted, view, number)
    else:
        with nullcontext() if view.readings is None else view.readings.one_at_a_time():
            found = [(path, read_one(tree, path, form, view)) for path, form in wanted.items()]
        yield from found
