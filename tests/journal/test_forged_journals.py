"""Journals that somebody has edited, or planted: they make nothing be written that is not ours, and hide no run that was killed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.documents.json_text import Document, decode, encode
from reconciler.errors import Refused
from reconciler.planning.comparing.ownership import Owner
from tests.applying.restores import codes, restoring, updated
from tests.applying.world import BATCH, World
from tests.journal.events import carry_out, folder
from tests.observing.test_unfinished import killed, told
from tests.planning.situations import OURS, SANDBOX, connection

FLOW = "RestStorageToAEP"


def edited(journal: Path, change: Callable[[Document], object]) -> Path:
    """A copy in which each line is changed."""
    lines = [decode(line) for line in journal.read_bytes().splitlines()]
    for line in lines:
        change(line)
    copy = journal.with_name("edited.jsonl")
    copy.write_bytes(b"".join(encode(line) + b"\n" for line in lines))
    return copy


def pointed_at(spec_id: str, *, marked: bool = False) -> Callable[[Document], object]:
    def change(line: Document) -> None:
        if line.get("id"):
            line["id"] = spec_id
        if line.get("before"):
            line["before"] |= {"id": spec_id}
            if not marked:
                line["before"].pop("attributes", None)

    return change


def test_the_journal_of_another_repository_is_refused(tmp_path: Path) -> None:
    world, _, _, journal = updated(tmp_path)
    forged = edited(journal, lambda line: line.get("event") == "start" and line.update(repository="acme/other"))
    with pytest.raises(Refused, match="a journal of repository 'acme/other', but this is 'acme/aep-sources'") as caught:
        restoring(world, forged)
    assert "`formerly:`" in (caught.value.hint or "")
    world.owner = Owner(OURS, SANDBOX, ("acme/other",))
    assert restoring(world, forged).actions


@pytest.mark.parametrize("ownership", ["marker", "none"])
def test_an_object_that_is_nobody_s_is_not_overwritten(tmp_path: Path, ownership: str) -> None:
    world, _, _, journal = updated(tmp_path)
    world.ownership = ownership
    theirs = world.post({"name": "theirs", "providerId": "p"})
    plan = restoring(world, edited(journal, pointed_at(theirs)))
    assert codes(plan)[0] == "not-ours"
    with pytest.raises(Refused):
        carry_out(world, plan)
    assert world.writes() == []


def test_a_body_from_before_of_another_object_is_not_put_back(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a", sourceSpec={"x": 1}), connection("b")], commit="a" * 40)
    world.apply()
    one, other = (found[0] for _, found in sorted(world.ours().items()))
    for number in (2, 3):  # the marker has its id from the second write on
        world.files = [replace(world.files[0], body_json=encode(world.files[0].body | {"notes": number})), world.files[1]]
        world.apply()
    plan = restoring(world, edited(tmp_path / "journal-3.jsonl", pointed_at(other, marked=True)))
    assert (codes(plan)[0], f"that of {one}" in plan.problems[0].message) == ("not-ours", True)


def test_a_shared_flow_spec_is_put_back_only_where_it_is_as_the_run_left_it(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a", flow_specs=[FLOW])])
    world.apply()
    journal = tmp_path / "journal-1.jsonl"
    forged = edited(journal, lambda line: line.get("before") and line["before"].update(attributes={"isEvil": True}))
    assert codes(restoring(world, forged, ids=(BATCH,)))[0] != "not-ours"
    world.edit(BATCH, lambda body: body | {"theirs": 1})
    assert codes(restoring(world, forged, ids=(BATCH,)))[0] == "not-ours"


def planted(world: World, name: str) -> Path:
    """A journal that came to its end, under this name."""
    start = {
        "at": 4_000_000_000,
        "event": "start",
        "format_version": 1,
        "target": {"name": "stage", "host": "platform.adobe.io", "org_id": world.target.org_id, "sandbox": SANDBOX},
        "repository": OURS,
        "commit": None,
        "digest": "",
    }
    path = folder(world) / name
    path.write_bytes(encode(start) + b"\n" + encode({"at": 1, "event": "end", "converged": True}) + b"\n")
    return path


def test_a_journal_from_the_future_hides_no_run_that_was_killed(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a", flow_specs=[FLOW])])
    killed(world, "POST", "/connectionSpecs")
    path = planted(world, "20991231T000000.000000Z-stage.jsonl")
    plan = world.plan()
    assert len(told(plan)) == 1
    (dated,) = (problem for problem in plan.problems if problem.code == "journal-date")
    assert str(path) in dated.message
    path.unlink()
    assert "journal-date" not in [problem.code for problem in world.plan().problems]
