from __future__ import annotations

from reconciler.documents.comparison import Cause
from reconciler.documents.json_text import decode
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Severity
from reconciler.planning.plan import State
from reconciler.planning.proved import NOT_PROVED, PlannedProof
from reconciler.proofs.kept.status import ProvedStatus
from reconciler.reports.status.json import render_status_json
from reconciler.reports.status.text import render_status_text
from tests.reports.plans import MAILCHIMP, NOON, REST, create, plan, spec

SPECS = (
    spec(
        "a",
        proved=PlannedProof(ProvedStatus.YES, "stage"),
        attached_to=("Rest", "Other"),
        updated_at=NOON,
        updated_by="jane@acme",
        file="specs/a.yaml",
    ),
    spec("bigger", State.CREATE, id=None, proved=PlannedProof(ProvedStatus.YES, "dev")),
    spec("c", State.UPDATE, cause=Cause.DRIFT, proved=PlannedProof(ProvedStatus.STALE, "stage")),
    spec("new", proved=NOT_PROVED),
    spec("old", State.RETIRED),
    spec("own", State.AHEAD, kind=Kind.FLOW_SPEC, id=REST),
)


def test_every_spec_has_its_line_in_an_aligned_table() -> None:
    assert render_status_text(plan(create("bigger"), specs=SPECS)) == (
        f"""\
target stage · platform-stage.adobe.io · org 123@AdobeOrg · sandbox dev
1 to create, 2 in sync, 1 ahead

STATE              KIND             KEY     ID                                    NAME    ATTACHED TO  PROVED     LAST CHANGED          BY
in sync            connection spec  a       {MAILCHIMP}  A       Rest, Other  yes        2026-01-01T12:00:00Z  jane@acme
to create          connection spec  bigger  -                                     Bigger  -            yes (dev)  -                     -
to update (drift)  connection spec  c       {MAILCHIMP}  C       -            stale      -                     -
in sync            connection spec  new     {MAILCHIMP}  New     -            no         -                     -
retired            connection spec  old     {MAILCHIMP}  Old     -            -          -                     -
ahead              flow spec        own     {REST}  Own     -            -          -                     -
"""
    )


def test_a_proof_by_an_emulator_is_marked() -> None:
    specs = (
        spec("a", proved=PlannedProof(ProvedStatus.YES, "stage", emulated=True)),
        spec("b", proved=PlannedProof(ProvedStatus.STALE, "stage", emulated=True)),
    )
    said = render_status_text(plan(specs=specs))
    assert "yes (emulator)" in said
    assert "stale (" not in said


def test_problems_follow_the_table() -> None:
    text = render_status_text(plan(problems=(Problem(Severity.ERROR, "ahead", "merge or rebase"),)))
    assert text.endswith("1 in error\n\nerror: merge or rebase [ahead]\n")


def test_json_has_every_spec_with_all_that_is_known() -> None:
    document = decode(render_status_json(plan(specs=SPECS)))
    assert document["target"]["name"] == "stage"
    assert document["specs"][0] == {
        "kind": "ConnectionSpec",
        "key": "a",
        "id": MAILCHIMP,
        "name": "A",
        "state": "in_sync",
        "cause": None,
        "attached_to": ["Rest", "Other"],
        "updated_at": NOON,
        "updated_by": "jane@acme",
        "file": "specs/a.yaml",
        "proved": {
            "status": "yes",
            "target": "stage",
            "run": None,
            "at": None,
            "records": None,
            "reason": None,
            "emulated": False,
            "exempt": False,
        },
    }
    assert [item["state"] for item in document["specs"]] == ["in_sync", "create", "update", "in_sync", "retired", "ahead"]


def headings(columns: int | None) -> list[str]:
    lines = render_status_text(plan(create("bigger"), specs=SPECS), columns=columns).splitlines()
    return next(line for line in lines if line.startswith("STATE")).split("  ")


def test_a_narrow_terminal_shows_the_columns_that_fit() -> None:
    whole = len(max(render_status_text(plan(specs=SPECS)).splitlines(), key=len))
    assert headings(whole) == headings(None)
    assert "BY" not in headings(whole - 1)
    for columns in (120, 100, 80, 60):
        rows = render_status_text(plan(specs=SPECS), columns=columns).splitlines()[3:-1]
        assert max(map(len, rows)) <= columns
    assert "not shown here: by, last changed, name, kind" in render_status_text(plan(specs=SPECS), columns=80)
    assert "not shown" not in render_status_text(plan(specs=SPECS), columns=whole)


def test_without_room_for_the_ids_each_spec_has_lines_of_its_own() -> None:
    text = render_status_text(plan(specs=SPECS), columns=50)
    assert "STATE" not in text
    assert (
        "\n\na  in sync\n"
        "  connection spec A\n"
        f"  {MAILCHIMP}\n"
        "  attached to Rest, Other\n"
        "  proved: yes\n"
        "  changed 2026-01-01T12:00:00Z by jane@acme\n"
    ) in text
    assert f"\n\nold  retired\n  connection spec Old\n  {MAILCHIMP}\n" in text
