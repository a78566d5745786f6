"""While many files are read, the lists come: unless an earlier run wrote here, because what it wrote may not be listed yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from msgspec import to_builtins

from reconciler.cache.place import CachePlace
from reconciler.cache.store import opened
from reconciler.desired.load import load_desired
from reconciler.desired.parsing.cores import FEWEST
from reconciler.desired.parsing.reading import read_files
from reconciler.documents.json_text import encode
from reconciler.errors import ReconcilerError
from reconciler.journal.reading import Start
from reconciler.journal.writing import journal_path
from reconciler.observing.workspace import LazyWorkspace
from reconciler.planning.plan import Options
from reconciler.sessions.opening import ReadingSession
from reconciler.settings.loading import load_settings
from tests.desired.parsing.files import Tree, tree, views, wanted
from tests.sessions.test_fleet_memory import SETTINGS, Silent


class Reader:
    def __init__(self) -> None:
        self.begun: list[int] = []

    def begin_lists(self, concurrency: int) -> None:
        self.begun.append(concurrency)


class ManyFiles(LazyWorkspace):
    """Files so many that there is time meanwhile; they end with an error."""

    def get(self, meanwhile: Callable[[], None] = lambda: None) -> Any:
        meanwhile()
        raise ReconcilerError("enough is known")


def begun(specs: Path, written_before: str | None = None) -> list[int]:
    """With what concurrency the lists of a target were begun, after a run that wrote to this sandbox."""
    specs.mkdir()
    (specs / "reconciler.yaml").write_text(SETTINGS)
    settings, reader = load_settings(specs), Reader()
    files = ManyFiles(specs, settings, settings.target("f-s1", {}), Silent())
    if written_before is not None:
        start = Start(0.0, replace(files.plan_target, sandbox=written_before), "acme/aep-sources", None, "", 1)
        journal = journal_path(specs.parent, "f-s1", 0.0)
        journal.parent.mkdir(parents=True)
        journal.write_bytes(encode(to_builtins(start)))
    session = ReadingSession(files, cast("Any", reader), *cast("Any", (None,) * 5))
    with pytest.raises(ReconcilerError, match="enough"):
        session.prepare(Options())
    return reader.begun


def test_the_lists_begin_while_many_files_are_read(tmp_path: Path) -> None:
    assert len(begun(tmp_path / "specs")) == 1


@pytest.mark.parametrize(("sandbox", "times"), [("s1", 0), ("s2", 1)])
def test_with_a_journal_of_the_target_the_lists_are_read_after_the_files(tmp_path: Path, sandbox: str, times: int) -> None:
    assert len(begun(tmp_path / "specs", sandbox)) == times


@pytest.mark.parametrize(("cores", "number", "times"), [(2, FEWEST, 1), (1, FEWEST, 0), (2, 20, 0)])
def test_there_is_time_meanwhile_only_if_workers_read(cores: int, number: int, times: int) -> None:
    asked: list[None] = []
    found = tree(number)
    for _ in read_files(found, wanted(found), next(views()), lambda: asked.append(None), usable=lambda: cores):
        assert len(asked) == times


@pytest.mark.parametrize(("number", "times"), [(FEWEST, 1), (20, 0)])
def test_the_lists_begin_before_many_files_are_looked_up_in_the_cache(tmp_path: Path, number: int, times: int) -> None:
    asked: list[None] = []
    begun_at_read: list[int] = []

    class Watched(Tree):
        def read(self, path: str) -> bytes:
            begun_at_read.append(len(asked))
            return super().read(path)

    for _ in ("fill the cache", "look it up"):
        asked.clear()
        begun_at_read.clear()
        with opened(CachePlace(tmp_path / "cache")) as cache:
            load_desired(Watched(tree(number).files), "eu", cache=cache, meanwhile=lambda: asked.append(None))
        assert begun_at_read[0] == times
