"""Import over real HTTP, with the installed command: the next plan is empty, a second import changes nothing, apply writes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from tests.e2e.workplace import BATCH, REST, Workplace

STORY = {
    "numbers": {"looks": "1.0", "is": 1.0, "big": 123456789012345678901234567890, "date": "2024-01-15", "no": "no"},
    "texts": ["a\nb\n", "x\u00a0y", "\u0007", "\U0001f600", " edge ", "${listId}", "a: b # c", "{START_TIME}"],
    "empty": {"list": [], "mapping": {}, "text": "", "null": None},
    "deep": {"a.b:c": [[[{"k": {"{}": [{"z": 1}]}}]]]},
}


def import_(work: Workplace, *words: str) -> Document:
    ran = work.run("import", "--format", "json", *words)
    assert ran.code == 0, ran.out + ran.err
    return ran.json


def snapshot(work: Workplace) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in (work.folder / "specs").rglob("*.*") if path.is_file()}


def check_laws(work: Workplace, *words: str) -> list[dict[str, Any]]:
    imported = import_(work, *words)
    assert work.run("plan", "--detailed-exitcode").code == 0
    files = snapshot(work)
    again = import_(work, *words)
    assert {spec["state"] for spec in again["specs"]} == {"unchanged"}
    assert snapshot(work) == files
    work.requests()
    work.apply()
    assert work.writes() == []
    specs: list[dict[str, Any]] = imported["specs"]
    return specs


def test_whatever_body_is_live_the_laws_hold(work: Workplace) -> None:
    work.post(
        {"name": "Story", "providerId": REST, "version": "1.0", "type": "generic-rest", "sourceSpec": STORY, "authSpec": []}
    )
    (spec,) = check_laws(work, "--name", "Story")
    assert spec["file"] == "specs/sources/story/connection-spec.yaml"


def test_everything_of_adobes_can_be_imported(work: Workplace) -> None:
    check_laws(work, "--name", "*", "--kind", "ConnectionSpec")
    flows = [word for body in work.live(Kind.FLOW_SPEC).values() for word in ("--id", body[0]["id"])]
    assert {spec["kind"] for spec in check_laws(work, *flows)} == {"FlowSpec"}


@pytest.mark.parametrize("switches", [{"pages": 2}, {"etags": True}, {"reorder_auth": True}, {"wrap_get": "bare"}], ids=str)
def test_whatever_the_services_habits_are_the_laws_hold(work: Workplace, switches: dict[str, object]) -> None:
    work.post({"name": "Story", "providerId": REST, "authSpec": [{"name": "b"}, {"name": "a"}]})
    work.behave(**switches)
    check_laws(work, "--all")


def test_a_spec_that_the_list_hides_is_found_by_its_id(work: Workplace) -> None:
    spec_id = work.post({"name": "Hidden", "providerId": REST})
    work.behave(unlisted=[spec_id])
    (spec,) = check_laws(work, "--id", spec_id)
    assert spec["name"] == "Hidden"


def test_an_attached_source_stays_attached_and_others_stay_too(work: Workplace) -> None:
    flow = work.the("RestStorageToAEP", Kind.FLOW_SPEC)
    spec_id = work.post({"name": "Attached", "providerId": REST, "type": "generic-rest"})
    work.edit("RestStorageToAEP", Kind.FLOW_SPEC, sourceConnectionSpecIds=[*flow["sourceConnectionSpecIds"], spec_id])
    check_laws(work, "--id", spec_id, "--id", BATCH)
    assert work.the("RestStorageToAEP", Kind.FLOW_SPEC)["sourceConnectionSpecIds"] == [*flow["sourceConnectionSpecIds"], spec_id]


def test_a_file_that_was_lost_is_written_again_and_the_spec_is_known(work: Workplace) -> None:
    work.source("orders", sourceSpec={"a": 1})
    work.apply()
    (work.folder / "specs/sources/orders/connection-spec.yaml").unlink()
    (spec,) = check_laws(work, "--name", "orders")
    assert spec["key"] == "orders"


def test_another_repositorys_spec_is_left_alone_and_named(work: Workplace) -> None:
    work.source("orders")
    work.apply()
    settings = (work.folder / "specs/reconciler.yaml").read_text()
    (work.folder / "specs/sources/orders/connection-spec.yaml").unlink()
    work.settings(settings.replace("acme/aep-sources", "other/team"))
    imported = import_(work, "--name", "orders")
    assert imported["specs"] == []
    assert "acme/aep-sources" in imported["problems"][0]["message"]


def test_drift_is_taken_over_beside_pending_work(work: Workplace) -> None:
    file = work.source("orders", sourceSpec={"mine": 1, "theirs": 1})
    work.commit()
    work.apply()
    work.edit("orders", sourceSpec={"mine": 1, "theirs": 9})
    file.write_text(file.read_text().replace('"mine":1', '"mine":2'))
    before = file.read_text()
    import_(work, "--drift")
    assert file.read_text() == before.replace('"theirs":1', '"theirs":9')
    (action,) = work.plan()["actions"]
    assert [(change["path"], change["cause"]) for change in action["changes"]] == [("/sourceSpec/mine", "pending")]


def test_undoing_live_what_was_taken_over_into_the_files_is_seen(work: Workplace) -> None:
    work.source("orders", sourceSpec={"edited": 1})
    work.commit(hours_ago=2)
    work.apply()
    work.edit("orders", sourceSpec={"edited": 9})
    import_(work, "--drift")
    work.commit(hours_ago=1)
    assert work.run("drift").code == 0
    work.edit("orders", sourceSpec={"edited": 1})
    drift = work.run("drift", "--format", "json")
    assert drift.code == 2
    assert [(change["path"], change["cause"]) for change in drift.json["actions"][0]["changes"]] == [
        ("/sourceSpec/edited", "unknown")
    ]


def test_an_imported_spec_that_is_changed_in_its_file_is_pending_and_no_drift(work: Workplace) -> None:
    work.post({"name": "Story", "providerId": REST, "version": "1.0", "sourceSpec": {"mine": 1, "theirs": 1}})
    (spec,) = import_(work, "--name", "Story")["specs"]
    work.commit(hours_ago=-1)
    file = work.folder / spec["file"]
    file.write_text(file.read_text().replace("mine: 1", "mine: 2"))
    assert work.run("drift").code == 0
    assert import_(work, "--drift")["specs"] == []
    assert [change["cause"] for change in work.plan()["actions"][0]["changes"]] == ["pending"]


@pytest.mark.parametrize("uncommitted", [True, False], ids=["uncommitted", "committed"])
def test_taking_over_drift_undoes_no_edit_of_an_imported_file(work: Workplace, *, uncommitted: bool) -> None:
    work.post({"name": "Story", "providerId": REST, "version": "1.0", "sourceSpec": {"mine": 1, "theirs": 1}})
    (spec,) = import_(work, "--name", "Story")["specs"]
    work.commit(hours_ago=2)
    work.edit("Story", sourceSpec={"mine": 1, "theirs": 9})
    file = work.folder / spec["file"]
    file.write_text(file.read_text().replace("mine: 1", "mine: 2"))
    if not uncommitted:
        work.commit(hours_ago=-1)
    import_(work, "--drift")
    assert "mine: 2" in file.read_text()
    assert "theirs: 9" in file.read_text()
    assert [(change["path"], change["cause"]) for change in work.plan()["actions"][0]["changes"]] == [
        ("/sourceSpec/mine", "pending")
    ]


def test_taking_over_drift_leaves_an_edit_that_came_before_it_and_says_so(work: Workplace) -> None:
    file = work.source("orders", sourceSpec={"mine": 1, "theirs": 1})
    work.commit(hours_ago=2)
    work.apply()
    file.write_text(file.read_text().replace('"mine":1', '"mine":2'))
    work.commit(hours_ago=1)
    work.edit("orders", sourceSpec={"mine": 1, "theirs": 9})
    imported = import_(work, "--drift")
    assert ('"mine":2' in file.read_text(), '"theirs":9' in file.read_text()) == (True, True)
    assert [problem["code"] for problem in imported["problems"]] == ["both-changed"]


def test_what_is_committed_after_somebody_edited_live_is_pending(work: Workplace) -> None:
    file = work.source("orders", sourceSpec={"mine": 1, "theirs": 1})
    work.commit(hours_ago=2)
    work.apply()
    work.edit("orders", sourceSpec={"mine": 1, "theirs": 9})
    file.write_text(file.read_text().replace('"mine":1', '"mine":2'))
    work.commit()
    (action,) = work.plan()["actions"]
    assert {change["path"]: change["cause"] for change in action["changes"]} == {
        "/sourceSpec/mine": "pending",
        "/sourceSpec/theirs": "drift",
    }


def test_an_import_writes_nothing_to_the_service(work: Workplace) -> None:
    work.post({"name": "Story", "providerId": REST})
    work.requests()
    import_(work, "--all")
    assert {method for method, path in work.requests() if not path.startswith("/ims")} == {"GET"}
