"""On several cores, the same files are read as on one, in the same order, whatever becomes of a worker."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace

import msgspec
import pytest

from reconciler.desired.load import load_desired
from reconciler.desired.parsing import sharing
from reconciler.desired.parsing.cores import FEWEST
from reconciler.desired.parsing.crew import Crew
from reconciler.desired.parsing.making import Maker
from reconciler.desired.parsing.messages import File, Made, Targets, targets_frame
from reconciler.desired.parsing.process import Worker, command
from reconciler.desired.parsing.reading import read_files
from reconciler.desired.parsing.single import Found
from reconciler.desired.readings import Readings
from reconciler.desired.spec_file import SpecFile, View
from reconciler.desired.tree import Unreadable
from tests.desired.parsing.files import ODD, Tree, tree, views, wanted, worker
from tests.desired.trees import SOURCE


def read(view: View, cores: int, number: int = FEWEST) -> list[tuple[str, object]]:
    """Each path, and what it is or why it cannot be read."""
    found = tree(number)
    return [(path, shown(one)) for path, one in read_files(found, wanted(found), view, usable=lambda: cores)]


def shown(found: Found) -> object:
    if isinstance(found, Unreadable):
        return found.problem
    layout = replace(found.source.layout, overlays=())  # a file for all has none, and keeps the names of the first that read it
    return replace(found, source=replace(found.source, layout=layout))


def test_two_workers_read_what_this_process_reads() -> None:
    view = next(views())
    differing = [several for several, one in zip(read(view, 2), read(view, 1), strict=True) if several != one]
    assert differing == []


def test_a_set_that_workers_read_has_the_same_problems_and_specs() -> None:
    view, files = next(views()), tree()
    loaded = load_desired(files, view.target, "specs", view.targets, view.given_layers)
    few = load_desired(Tree({path: files.files[path] for path in ODD}), view.target, "specs", view.targets, view.given_layers)
    assert [one for one in loaded.specs if not one.key.startswith("number")] == list(few.specs)
    assert {one for one in few.problems if "number-1" not in one.message} == set(loaded.problems)


def test_targets_of_a_run_get_their_own_files_from_one_parse() -> None:
    alone = [read(view, 1) for view in views()]
    run, files = list(views()), tree()
    readings = Readings((view.target, view.layers) for view in run)
    found = [_of_run(files, view, readings) for view in run]
    for of_target, by_itself in zip(found, alone, strict=True):
        differing = [one for one, other in zip(of_target, by_itself, strict=True) if (one[0], shown(one[1])) != other]
        assert differing == []
    eu, us = (dict(files) for files in found)
    same = {path for path in eu if eu[path] is us[path]}
    assert "sources/number-7.yaml" in same
    assert "sources/varied.yaml" not in same


def _of_run(files: Tree, view: View, readings: Readings) -> Sequence[tuple[str, Found]]:
    of_run = View(view.target, view.targets, view.display_prefix, view.given_layers, readings)
    return list(read_files(files, wanted(files), of_run, usable=lambda: 2))


def test_workers_make_what_a_later_target_of_a_run_wants_beyond_an_earlier_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The earlier one found the others in the cache."""
    here: list[str] = []
    monkeypatch.setattr(sharing, "read_one", lambda _tree, path, *_: here.append(path))
    run, files = list(views()), tree(2 * FEWEST)
    readings = Readings((view.target, view.layers) for view in run)
    every = wanted(files)
    some = dict(list(every.items())[:FEWEST])
    for view, these in zip(run, (some, every), strict=True):
        of_run = replace(view, readings=readings)
        assert len(list(read_files(files, these, of_run, usable=lambda: 2))) == len(these)
    assert not any("number" in path for path in here)


def test_a_target_that_is_not_of_the_run_is_read_by_itself() -> None:
    eu, us = views()
    readings = Readings([(us.target, us.layers)])
    assert [(path, shown(one)) for path, one in _of_run(tree(), eu, readings)] == read(eu, 1)


def crew_of(started: Sequence[str]) -> dict[str, Made | Unreadable]:
    files = tree(20)
    crew = Crew(files, wanted(files), Maker(list(views())), lambda _, made: made)
    crew.run(started, 2)
    return crew.made


@pytest.mark.parametrize(
    "started",
    [
        ("/nowhere/python",),
        (sys.executable, "-c", "pass"),
        (sys.executable, "-c", "print('no worker at all')"),
        worker("os.kill(os.getpid(), 9)"),
        worker("receive(into); os._exit(0)"),
        worker("receive(into); send(out, b'')"),
        worker("receive(into); send(out, frame([]))"),
        worker("receive(into); out.write(b'\\xff' * 9); out.flush(); time.sleep(600)"),
    ],
)
def test_the_files_of_a_worker_that_fails_are_made_in_this_process(started: Sequence[str]) -> None:
    assert _comparable(crew_of(started)) == _comparable(crew_of(command() or ()))


def _comparable(made: dict[str, Made | Unreadable]) -> dict[str, object]:
    return {path: one.problem if isinstance(one, Unreadable) else msgspec.to_builtins(one) for path, one in made.items()}


def test_a_process_that_does_not_say_that_it_is_a_worker_is_not_believed() -> None:
    liar = worker("while True: send(out, frame([Made(b'sheep', ()) for _ in read_batch(receive(into))]))")
    stranger = [part.replace("send(out, READY)", "send(out, b'hello')") for part in liar]
    assert _comparable(crew_of(stranger)) == _comparable(crew_of(command() or ()))


def test_what_a_worker_makes_up_is_made_in_this_process_if_it_is_no_file() -> None:
    liar = worker("while True: send(out, frame([Made(b'sheep', ()) for _ in read_batch(receive(into))]))")
    made = crew_of(liar)
    assert {one.common for one in made.values() if isinstance(one, Made)} == {b"sheep"}


def test_a_worker_sees_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONCILER_CLIENT_SECRET", "s3cret")
    names = "[Made('\\n'.join(os.environ).encode(), ()) for _ in read_batch(receive(into))]"
    made = crew_of(worker(f"while True: send(out, frame({names}))"))
    said = {one.common for one in made.values() if isinstance(one, Made)}
    assert said
    assert not any(b"RECONCILER" in (one or b"RECONCILER") for one in said)


def test_a_bug_in_a_thread_is_raised_where_the_files_are_waited_for() -> None:
    files = tree(20)

    def broken(_path: str, _made: Made) -> SpecFile:
        raise ZeroDivisionError

    crew = Crew(files, wanted(files), Maker(list(views())), broken)
    with pytest.raises(ZeroDivisionError):
        crew.run((sys.executable, "-c", "pass"), 2)


@pytest.mark.parametrize("most", [0, 1])
def test_where_too_few_threads_can_be_started_all_files_are_made(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    expected, begin, begun = _comparable(crew_of(command() or ())), threading.Thread.start, list[str]()

    def start(thread: threading.Thread) -> None:
        if thread.name == "parsing" and len(begun) == most:
            raise RuntimeError("can't start new thread")
        begun.append(thread.name)
        begin(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    assert _comparable(crew_of(command() or ())) == expected


def test_a_worker_that_has_answered_is_not_overdue() -> None:
    started = command()
    assert started is not None
    one = Worker(started, targets_frame(Targets.of(list(views()), common=False)))
    try:
        assert one.is_overdue(time.monotonic() + 3600)
        one.made([File(b"sources/orders.yaml", False, SOURCE.encode())])
        assert not one.is_overdue(time.monotonic() + 3600)
    finally:
        one.close()
