"""A dry run of `prove`, as text and as JSON: the calls in order with their bodies, and what is left in the end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from reconciler.documents.json_text import Document
from reconciler.errors import count
from reconciler.proving.planned import PlannedCall, PlannedProof
from reconciler.reports.sinks.json import to_json
from reconciler.reports.sinks.text import Part, Style, Text

_NAMES: Final = {
    "connection": "base connection",
    "sourceConnection": "source connection",
    "targetConnection": "target connection",
    "fieldgroup": "field group",
    "schema": "schema",
    "dataset": "dataset",
    "mappingSet": "mapping set",
    "flow": "flow",
    "run": "flow run",
}
FORMAT_VERSION: Final = 1


def plan_text(plans: Sequence[PlannedProof], *, color: bool = False) -> str:
    """Every call with its body."""
    text = Text(color=color)
    for plan in plans:
        text.line(Part(f"prove {plan.key}", Style.STRONG), f" · target {plan.target} · dry run")
        text.blank()
        for call in plan.calls:
            _show(text, call)
        text.blank()
        _show_made(text, plan)
        text.blank()
    text.line("nothing was sent")
    return text.render()


def made_text(plans: Sequence[PlannedProof], *, color: bool = False) -> str:
    """What is made, and what of it stays: what a person is asked about."""
    text = Text(color=color)
    for plan in plans:
        place = plan.place
        where = f" · target {place.name} · {place.host} · org {place.org_id} · sandbox {place.sandbox}"
        text.line(Part(f"prove {plan.key}", Style.STRONG), where)
        _show_made(text, plan)
    return text.render()


def plan_json(plans: Sequence[PlannedProof]) -> str:
    """`{"report": "prove-dry-run", "format_version": 1, "proofs": […]}`."""
    return to_json({"report": "prove-dry-run", "format_version": FORMAT_VERSION, "proofs": [_document(plan) for plan in plans]})


def _show(text: Text, call: PlannedCall) -> None:
    address = f"{call.method} {'/' + call.service if call.service else ''}{call.path}".rstrip()
    makes = f"  makes a {_NAMES[call.makes]}" if call.makes and call.method != "GET" else ""
    text.line(Part(call.step, Style.STRONG), f"  {address}{makes}", f"  ({call.note})" if call.note else "", indent=1)
    if call.body is not None:
        for line in json.dumps(call.body, indent=2, ensure_ascii=False).splitlines():
            text.line(Part(line, Style.QUIET), indent=3)


def _show_made(text: Text, plan: PlannedProof) -> None:
    deleted, kept, permanent = (plan.made(stays) for stays in ("deleted", "kept", "permanent"))
    text.line(f"makes: {_listed((*deleted, *kept, *permanent))}", indent=1)
    if deleted:
        rest = f": all but {_listed((*kept, *permanent))}" if kept or permanent else ""
        text.line(f"deleted again{rest}", indent=1)
    elif kept:
        text.line("nothing is deleted", indent=1)
    for note in plan.notes:
        text.line(f"note: {note}", indent=1)


def _listed(calls: Sequence[PlannedCall]) -> str:
    """`1 base connection, 2 flows`."""
    kinds = [call.makes for call in calls if call.makes]
    return ", ".join(count(kinds.count(kind), _NAMES[kind]) for kind in dict.fromkeys(kinds)) or "nothing"


def _document(plan: PlannedProof) -> Document:
    return {
        "key": plan.key,
        "target": plan.target,
        "steps": list(plan.steps),
        "calls": [
            {
                "step": call.step,
                "method": call.method,
                "service": call.service or "flowservice",
                "path": call.path,
                "body": call.body,
                "makes": call.makes,
                "stays": call.stays,
                "note": call.note,
            }
            for call in plan.calls
        ],
        "notes": list(plan.notes),
    }
