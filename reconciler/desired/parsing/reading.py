"""Reads the spec files of a tree: on all cores if that is faster, else in this process. The result is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from reconciler.desired.files import Form
from reconciler.desired.parsing.cores import cores
from reconciler.desired.parsing.single import Found, read_one
from reconciler.desired.spec_file import View
from reconciler.desired.tree import SpecTree

FEWEST: Final = 400
"""Fewer files are read in less time than workers need to start."""
_FILES_OF_ONE: Final = 150
"""Files for which it takes a further worker."""
_MOST_WORKERS: Final = 4
"""Each needs the memory of an interpreter."""


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
    number = min(usable(), len(wanted) // _FILES_OF_ONE, _MOST_WORKERS) if len(wanted) >= FEWEST else 1
    if number > 1:
        from reconciler.desired.parsing.sharing import made_by_workers  # noqa: PLC0415 - a small repository needs none of it

        meanwhile()
        yield from made_by_workers(tree, wanted, view, number)
    else:
        for path, form in wanted.items():
            yield path, read_one(tree, path, form, view)
