"""The report of a command over several targets."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document
from reconciler.planning.plan import ActionName
from reconciler.reports.fleet.view import CellState, TargetState
from reconciler.reports.schemas.files import BREAKING, DIFF
from reconciler.reports.schemas.nodes import constant, number, one_of, parts, record, texts
from reconciler.reports.schemas.parts import CAUSE, DEFINITIONS, KEY, KIND, NAME
from reconciler.reports.schemas.waits import WAIT
from reconciler.schemas.nodes import Properties, flag, or_null, text

_GATE: Final = record(
    "What the gate before the target says of the spec; null for a target without `after`.",
    {
        "ready": flag("Whether it may go on."),
        "waits": {"description": "Why not.", "type": "array", "items": WAIT},
        "skipped": {"description": "What --skip-gate passed over.", "type": "array", "items": WAIT},
    },
)
_BEHIND: Final = record(
    "How far live is behind; null if it is not, or if its commit is not in the clone.",
    {
        "commits": number("Commits since then that touched its file."),
        "since": text("When the first of them was made, in ISO 8601."),
    },
)
_CELL: Final = record(
    "One spec in one target.",
    {
        "state": one_of("`absent`: it does not belong there; `unknown`: the target could not be read.", CellState),
        "id": or_null(text("The live id; null if the spec is not live there.")),
        "variant": or_null(text("The `id` of what would be done to it there; null for nothing.")),
        "commit": or_null(text("The commit that it was applied from; null if its marker names none.")),
        "behind": or_null(_BEHIND),
        "gate": or_null(_GATE),
    },
)
_LEFT_OUT: Final = record(
    "A target that was chosen and left out.",
    {
        "target": NAME,
        "why": one_of(
            "By --except, because --all covers no emulators and each sandbox once, or because apply writes to it only by name.",
            ("except", "emulator", "by_name", "same_sandbox"),
        ),
    },
)
_SUMMARY: Final = record(
    "Numbers of targets by their state.",
    {
        "targets": number("All targets."),
        "in_sync": number("Targets with nothing to do."),
        "to_do": number("Targets with something to apply."),
        "drifted": number("Targets with drift."),
        "refused": number("Targets whose plan a guard refuses."),
        "failed": number("Targets that could not be read, or whose files have errors."),
        "waiting": number("Targets where all that is to do waits at a gate."),
        "applied": number("Targets that this run wrote; 0 for a report that writes nothing."),
        "blocked": number("Targets after one that did not succeed in this run."),
        "not_started": number("Targets that this run did not come to."),
        "creates": number("Permanent creates over all targets."),
    },
)
_SELECTION: Final = record(
    "The targets as the command line chose them.",
    {
        "all": flag("Whether --all was given."),
        "targets": texts("Each --target."),
        "groups": texts("Each --group."),
        "excluded": texts("Each --except."),
        "left_out": {"description": "What was left out, and why.", "type": "array", "items": _LEFT_OUT},
    },
)


def _target() -> Document:
    return record(
        "One target.",
        {
            "name": NAME,
            "host": or_null(text("The host; null if the settings of the target are not complete.")),
            "org_id": or_null(text("The organization id; null likewise.")),
            "sandbox": or_null(text("The sandbox; null likewise.")),
            "groups": texts("Its groups."),
            "fleet": or_null(text("The fleet that it belongs to; null for a target that is written out.")),
            "environment": text("The GitHub environment of its jobs."),
            "after": texts("The targets that it waits for, each fleet as its targets."),
            "wave": number("The wave in which it is applied, from 1."),
            "state": one_of("Its state.", TargetState),
            "exit_code": number("The exit code of the command for this target alone."),
            "digest": or_null(text("The digest of its plan; null without one.")),
            "seconds": {"description": "How long it took.", "type": "number", "minimum": 0},
            "why": or_null(text("Why it could not be read, or was not applied to its end; null if it was.")),
            "hint": or_null(text("What to do about it.")),
            "report": or_null({"description": "The report of this target alone.", "type": "object"}),
        },
    )


FLEET: Final[Properties] = {
    "fleet": constant("Always true: tells this report from that of one target.", True),
    "repository": text("The `repository` of reconciler.yaml."),
    "commit": or_null(text("The commit of the spec files; null if it is not known, or if files are not committed.")),
    "digest": text("SHA-256 over the names and plan digests of the targets with something to do."),
    "selection": _SELECTION,
    "summary": _SUMMARY,
    "targets": {"description": "Each target, in the order of reconciler.yaml.", "type": "array", "items": _target()},
    "matrix": {
        "description": "Each spec with its cell in each target.",
        "type": "array",
        "items": record(
            "One spec.",
            {
                "kind": KIND,
                "key": KEY,
                "cells": {"description": "By target.", "type": "object", "additionalProperties": _CELL},
            },
        ),
    },
    "variants": {
        "description": "What would be done, each once: one spec, one action, one list of changes.",
        "type": "array",
        "items": record(
            "One of them.",
            {
                "id": text("What cells refer to."),
                "kind": KIND,
                "key": or_null(text("The key of the spec; null for a flow spec without a file.")),
                "name": NAME,
                "action": one_of("What apply does.", ActionName),
                "cause": CAUSE,
                "changes": parts("change", "The changes, in the order of the body."),
                "targets": texts("The targets where it is the same."),
            },
        ),
    },
}
"""The keys of plan, drift and status over several targets."""
FLEET_VALIDATE: Final[Properties] = {
    "fleet": FLEET["fleet"],
    "selection": _SELECTION,
    "targets": {
        "description": "Each target, in the order of reconciler.yaml; none if its settings cannot be read.",
        "type": "array",
        "items": record("One target.", {"name": NAME, "exit_code": number("The exit code of validate for this target alone.")}),
    },
    "problems": {
        "description": "Every problem, by file, line and column.",
        "type": "array",
        "items": {
            **DEFINITIONS["problem"],
            "properties": DEFINITIONS["problem"]["properties"] | {"targets": texts("The targets that have it.")},
            "required": [*DEFINITIONS["problem"]["required"], "targets"],
        },
    },
}
"""The keys of validate over several targets."""


def _compared(spec: Document, of: str) -> Properties:
    variant = {
        **spec,
        "properties": spec["properties"] | {"targets": texts("The targets where it is the same.")},
        "required": [*spec["required"], "targets"],
    }
    target = {
        "name": NAME,
        "exit_code": number("The exit code of the command for this target alone."),
        "report": {"description": "The report of this target alone.", "type": "object"},
    }
    return {
        "fleet": FLEET["fleet"],
        "base": text("The commit to compare with, as it was given."),
        "selection": _SELECTION,
        "targets": {
            "description": "Each target, in the order of reconciler.yaml.",
            "type": "array",
            "items": record("One target.", target),
        },
        "variants": {"description": of, "type": "array", "items": variant},
    }


FLEET_DIFF: Final = _compared(DIFF["specs"]["items"], "Each changed spec, once where the change is the same.")
"""The keys of diff over several targets."""
FLEET_BREAKING: Final = _compared(BREAKING["specs"]["items"], "Each spec with effects, once where they are the same.")
"""The keys of breaking over several targets."""
FLEET_PLAN: Final[Properties] = {
    "plans": {
        "description": "The saved plan of each target, as `plan --out` writes it.",
        "type": "array",
        "items": {"type": "object"},
    }
}
"""The keys of the plans of several targets in one file."""
