"""Plans made by hand, for the reports to show."""

from __future__ import annotations

from typing import Any

from reconciler.documents.comparison import Cause, Change, Op
from reconciler.documents.json_text import Json
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING
from reconciler.documents.pointer import parse_pointer
from reconciler.errors import Problem
from reconciler.planning.plan import Action, ActionName, Options, Plan, PlanTarget, Request, SpecStatus, State

TARGET = PlanTarget(name="stage", host="platform-stage.adobe.io", org_id="123@AdobeOrg", sandbox="dev")
MAILCHIMP = "2e8580db-6489-4726-96de-e33f5f60295f"
REST = "6499120c-0b15-42dc-936e-847ea3c24d72"
NOON = 1_767_268_800_000
"""2026-01-01T12:00:00Z, in milliseconds."""
DIGEST = "d" * 64


def change(op: Op, path: str, old: Json = MISSING, new: Json = MISSING, cause: Cause | None = None) -> Change:
    return Change(op, path, old, new, tuple(parse_pointer(path)), cause)


def create(key: str, *changes: Change, **fields: Any) -> Action:
    given: dict[str, Any] = {
        "kind": Kind.CONNECTION_SPEC,
        "key": key,
        "name": key.title(),
        "id": None,
        "action": ActionName.CREATE,
        "cause": None,
        "fingerprint": "f0",
        "changes": changes,
        "requests": (Request("POST", "/connectionSpecs"),),
    }
    return Action(**given | fields)


def update(*changes: Change, **fields: Any) -> Action:
    given: dict[str, Any] = {
        "kind": Kind.CONNECTION_SPEC,
        "key": "mailchimp-members",
        "name": "MailChimp Members",
        "id": MAILCHIMP,
        "action": ActionName.UPDATE,
        "cause": Cause.PENDING,
        "fingerprint": "f1",
        "changes": changes,
        "requests": (Request("PUT", f"/connectionSpecs/{MAILCHIMP}"),),
        "updated_at": NOON,
        "updated_by": "jane@acme",
    }
    return Action(**given | fields)


def attach(*changes: Change, **fields: Any) -> Action:
    given: dict[str, Any] = {
        "kind": Kind.FLOW_SPEC,
        "key": None,
        "name": "RestStorageToAEP",
        "id": REST,
        "action": ActionName.ATTACH,
        "cause": None,
        "fingerprint": "f2",
        "changes": changes,
        "requests": (Request("PUT", f"/flowSpecs/{REST}"),),
        "updated_at": NOON,
        "updated_by": "bob@acme",
    }
    return Action(**given | fields)


def spec(key: str, state: State = State.IN_SYNC, **fields: Any) -> SpecStatus:
    given: dict[str, Any] = {"kind": Kind.CONNECTION_SPEC, "key": key, "id": MAILCHIMP, "name": key.title(), "state": state}
    return SpecStatus(**given | fields)


def plan(*actions: Action, problems: tuple[Problem, ...] = (), specs: tuple[SpecStatus, ...] = (), **fields: Any) -> Plan:
    given: dict[str, Any] = {
        "target": TARGET,
        "repository": "acme/aep-sources",
        "commit": "c" * 40,
        "options": Options(),
        "actions": actions,
        "problems": problems,
        "specs": specs,
        "digest": DIGEST,
    }
    return Plan(**given | fields)
