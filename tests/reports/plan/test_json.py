from __future__ import annotations

import copy
import functools
import hashlib
import json
import operator
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from reconciler.breaking.effect import Effect, Level
from reconciler.documents.comparison import Cause
from reconciler.documents.json_text import decode, encode, encode_sorted
from reconciler.documents.places import MISSING
from reconciler.errors import Problem, Refused, Severity, UsageError
from reconciler.flowservice.usage import SpecUsage
from reconciler.planning.plan import State
from reconciler.planning.tried import Tried, TriedOutcome
from reconciler.reports.plan.json import integrity_of, render_drift_json, render_plan_json, sealed
from reconciler.reports.plan.reading import read_plan
from reconciler.reports.plan.view import PlanView, view_of
from tests.reports.plans import DIGEST, MAILCHIMP, NOON, change, create, plan, spec, update
from tests.reports.strategies import VIEWS


@given(VIEWS)
def test_a_saved_plan_reads_back_as_it_was(view: PlanView) -> None:
    assert read_plan(render_plan_json(view).encode(), "plan.json") == view


@given(VIEWS)
def test_the_integrity_is_the_digest_of_the_whole_document(view: PlanView) -> None:
    document = decode(render_plan_json(view))
    rest = {name: value for name, value in document.items() if name not in ("integrity", "report")}
    digest = hashlib.sha256(encode_sorted(rest)).hexdigest()
    assert document["integrity"] == integrity_of(document) == integrity_of(rest) == digest


@pytest.mark.parametrize(
    "document", [{}, {"b": 1, "a": []}, {"\u00e9": ["\u00e9", {"b": None, "a": [2.5]}], "\U0001f600": (1, "\n")}]
)
def test_the_integrity_of_any_document_is_that_of_its_sorted_text(document: dict[str, Any]) -> None:
    assert integrity_of(document) == hashlib.sha256(encode_sorted(document)).hexdigest()


def test_the_keys_are_those_that_are_promised() -> None:
    saved = plan(
        update(change("remove", "/description", old="x", cause=Cause.PENDING)),
        problems=(Problem(Severity.WARNING, "not-kept", "lost", "specs/a.yaml", 3, 7, "ignore it", "a"),),
        specs=(spec("mailchimp-members", State.UPDATE),),
    )
    document = decode(render_plan_json(view_of(saved)))
    assert re.fullmatch(r"[0-9a-f]{64}", document.pop("integrity"))
    assert document == {
        "report": "plan",
        "format_version": 1,
        "target": {"name": "stage", "host": "platform-stage.adobe.io", "org_id": "123@AdobeOrg", "sandbox": "dev"},
        "repository": "acme/aep-sources",
        "commit": "c" * 40,
        "options": {
            "keys": [],
            "prune": False,
            "allow_create": [],
            "allow_rewind": False,
            "allow_dirty": False,
            "allow_in_use": False,
            "allow_breaking": False,
            "allow_untried": False,
            "untried": "warn",
            "allow_unproved": False,
            "unproved": "allow",
            "max_creates": 20,
            "max_updates": 20,
            "max_detaches": 0,
        },
        "digest": DIGEST,
        "summary": {
            "create": 0,
            "update": 1,
            "attach": 0,
            "detach": 0,
            "in_sync": 0,
            "orphan": 0,
            "drift": 0,
            "pending": 1,
            "both": 0,
            "ahead": 0,
            "error": 0,
            "breaking": 0,
            "risky": 0,
        },
        "actions": [
            {
                "kind": "ConnectionSpec",
                "key": "mailchimp-members",
                "name": "MailChimp Members",
                "id": MAILCHIMP,
                "action": "update",
                "cause": "pending",
                "fingerprint": "f1",
                "changes": [{"op": "remove", "path": "/description", "old": "x", "new": None, "cause": "pending"}],
                "requests": [{"method": "PUT", "path": f"/connectionSpecs/{MAILCHIMP}"}],
                "updated_at": NOON,
                "updated_by": "jane@acme",
                "file": None,
                "line": None,
                "usage": None,
                "effects": [],
                "keys": ["mailchimp-members"],
                "tried": None,
                "proved": None,
            }
        ],
        "problems": [
            {
                "severity": "warning",
                "code": "not-kept",
                "message": "lost",
                "file": "specs/a.yaml",
                "line": 3,
                "column": 7,
                "hint": "ignore it",
                "key": "a",
                "guard": False,
            }
        ],
    }


def test_it_is_indented_by_two_and_ends_its_last_line() -> None:
    text = render_plan_json(view_of(plan()))
    assert text.startswith('{\n  "report": "plan",\n  "format_version": 1,\n')
    assert text.endswith("}\n")


def test_a_plan_saved_without_the_name_of_its_report_reads_as_well() -> None:
    view = view_of(plan())
    document = decode(render_plan_json(view))
    del document["report"]
    assert read_plan(encode(document), "p") == view


def test_drift_is_not_taken_for_a_plan() -> None:
    with pytest.raises(UsageError, match="drift"):
        read_plan(render_drift_json(view_of(plan())).encode(), "p")


def test_numbers_beyond_any_double_stay_exact() -> None:
    text = render_plan_json(view_of(plan(create("a", change("add", "/n", new=2**70 + 1)))))
    assert read_plan(text.encode(), "p").actions[0].changes[0].new == 2**70 + 1


def saved(**fields: Any) -> bytes:
    return encode(decode(render_plan_json(view_of(plan()))) | fields)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "p is not a saved plan: Input data was truncated"),
        (b"\xff\xfe", "p is not a saved plan"),
        (b"[1]", "p is not a saved plan: Expected `object`, got `array`"),
        (b"{}", "p is not a saved plan: Object missing required field `format_version`"),
        (b"[" * 100_000, "p is not a saved plan"),
        (saved(format_version=2), "p has plan format version 2; this version of reconciler reads 1"),
        (saved(format_version="1"), "p is not a saved plan: Expected `int`, got `str`"),
        (saved(extra=1), "p is not a saved plan: Object contains unknown field `extra`"),
        (saved(digest=None), "p is not a saved plan: Expected `str`, got `null`"),
    ],
)
def test_what_is_no_plan_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_plan(data, "p")
    assert refused.value.message.startswith(reason)
    assert refused.value.hint
    assert "plan" in refused.value.hint


def paths_of(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Each leaf of a document."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    inner = [found for key, item in entries for found in paths_of(item, (*path, key))]
    return iter(inner or [path])


def test_no_field_of_a_saved_plan_can_be_changed_unnoticed() -> None:
    usage = SpecUsage(1, 2, 3, 4, 5, "unknown")
    view = view_of(
        plan(
            create("a", tried=Tried(TriedOutcome.FAILED, 1, 2, "2026-11-27T08:00:00Z", "it stopped")),
            update(change("replace", "/x", 1, 2), usage=usage),
            problems=(Problem(Severity.WARNING, "a", "b", "c", 1, 2, "d", "e"),),
            commit="c" * 40,
        )
    )
    saved = json.loads(render_plan_json(view))
    assert read_plan(json.dumps(saved).encode(), "plan.json") == view
    leaves = list(paths_of(saved))
    assert len(leaves) > 80
    for leaf in leaves:
        changed = copy.deepcopy(saved)
        holder: Any = changed
        for key in leaf[:-1]:
            holder = holder[key]
        held = holder[leaf[-1]]
        others = {bool: not held, int: 7777, str: f"{held}!", list: ["x"]}
        holder[leaf[-1]] = "ffff" if held is None else others.get(type(held))
        with pytest.raises((UsageError, Refused), match=r"is not a saved plan|was edited after it was saved|format version"):
            read_plan(json.dumps(changed).encode(), "plan.json")


def test_a_saved_plan_without_its_digest_is_not_one() -> None:
    saved = json.loads(render_plan_json(view_of(plan())))
    del saved["integrity"]
    with pytest.raises(UsageError, match="is not a saved plan"):
        read_plan(json.dumps(saved).encode(), "plan.json")


def whole() -> dict[str, Any]:
    gone = Effect(Level.BREAKING, "auth-removed", "/authSpec/1", "it is gone", "keep it")
    warning = Problem(Severity.WARNING, "not-kept", "lost")
    made = plan(update(change("replace", "/x", 1, 2), effects=(gone,)), problems=(warning,))
    document: dict[str, Any] = decode(render_plan_json(view_of(made)))
    return document


PARTS = (("actions", 0), ("actions", 0, "changes", 0), ("actions", 0, "effects", 0), ("problems", 0))


@pytest.mark.parametrize("path", PARTS, ids=lambda path: str(path[-2]))
def test_an_unknown_key_in_any_part_of_a_saved_plan_is_refused(path: tuple[Any, ...]) -> None:
    document = whole()
    functools.reduce(operator.getitem, path, document)["extra"] = 1
    with pytest.raises(UsageError, match=r"unknown field `extra`"):
        read_plan(encode(sealed(document)), "p")


@pytest.mark.parametrize("path", PARTS, ids=lambda path: str(path[-2]))
def test_a_key_that_every_saved_plan_has_may_not_be_missing(path: tuple[Any, ...]) -> None:
    later = {"usage", "effects", "keys", "hint", "tried", "proved"}
    for key in functools.reduce(operator.getitem, path, whole()).keys() - (later if path[0] == "actions" else set()):
        document = whole()
        del functools.reduce(operator.getitem, path, document)[key]
        with pytest.raises(UsageError, match=f"missing required field `{key}`"):
            read_plan(encode(sealed(document)), "p")


def test_nothing_and_null_are_told_apart_when_a_plan_is_read_back() -> None:
    made = plan(update(change("add", "/x", new=None), change("remove", "/y", old=None), change("replace", "/z", None, 1)))
    (action,) = read_plan(render_plan_json(view_of(made)).encode(), "p").actions
    assert [(item.old, item.new) for item in action.changes] == [(MISSING, None), (None, MISSING), (None, 1)]
