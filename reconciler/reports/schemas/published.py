"""The JSON Schema of each report, built from its keys and the definitions that it uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from reconciler.documents.json_text import Document, Json, encode_readable
from reconciler.reports.schemas.differing import DIFF_TARGETS
from reconciler.reports.schemas.files import BREAKING, DIFF, FAILURE, IMPORT, JOBS, SANDBOXES, TARGETS, VALIDATE
from reconciler.reports.schemas.fleets import FLEET, FLEET_BREAKING, FLEET_DIFF, FLEET_PLAN, FLEET_VALIDATE
from reconciler.reports.schemas.nodes import DRAFT, constant, one_of, record
from reconciler.reports.schemas.others import CACHE, DOCTOR, EXPLAIN, KEYS, SUBMIT
from reconciler.reports.schemas.parts import DEFINITIONS
from reconciler.reports.schemas.plans import PLAN, STATUS, apply_keys
from reconciler.reports.schemas.proofs import CLEANUP, DRY_RUN, PROVE, prove_all_keys
from reconciler.reports.schemas.trials import TRY, try_all_keys
from reconciler.reports.sinks.json import FORMAT_VERSION
from reconciler.schemas.nodes import Properties
from reconciler.schemas.reports import REPORTS

_REFERENCE: Final = "#/$defs/"
_KEYS: Final[dict[str, Callable[[], Properties]]] = {
    "plan": lambda: PLAN,
    "apply": apply_keys,
    "drift": lambda: PLAN,
    "status": lambda: STATUS,
    "fleet": lambda: FLEET,
    "fleet-plan": lambda: FLEET_PLAN,
    "validate": lambda: VALIDATE,
    "fleet-validate": lambda: FLEET_VALIDATE,
    "diff": lambda: DIFF,
    "fleet-diff": lambda: FLEET_DIFF,
    "diff-targets": lambda: DIFF_TARGETS,
    "breaking": lambda: BREAKING,
    "fleet-breaking": lambda: FLEET_BREAKING,
    "targets": lambda: TARGETS,
    "jobs": lambda: JOBS,
    "sandboxes": lambda: SANDBOXES,
    "import": lambda: IMPORT,
    "try": lambda: TRY,
    "try-all": try_all_keys,
    "prove": lambda: PROVE,
    "prove-all": prove_all_keys,
    "prove-dry-run": lambda: DRY_RUN,
    "prove-cleanup": lambda: CLEANUP,
    "submit": lambda: SUBMIT,
    "submit-keys": lambda: KEYS,
    "doctor": lambda: DOCTOR,
    "explain": lambda: EXPLAIN,
    "cache": lambda: CACHE,
    "failure": lambda: FAILURE,
}
_NAMES: Final = {
    "fleet": one_of("The name of the report.", ("plan", "apply", "drift", "status", "gates")),
    **{f"fleet-{name}": constant("The name of the report.", name) for name in ("validate", "diff", "breaking")},
}
"""Reports that share a schema. `fleet` tells them from the reports of one target."""
_OPTIONAL: Final = {"apply": ["plan", "waiting"], "plan": ["waiting", "overdue"], "drift": ["waiting", "overdue"]}


def report_schema(name: str) -> Document:
    """The schema of this report, in draft 2020-12. Objects are open, so that a reader accepts the keys of a later release."""
    keys = {
        "report": _NAMES.get(name) or constant("The name of the report.", name),
        "format_version": constant("The version of this form of the report (docs/json.md).", FORMAT_VERSION),
        **_KEYS[name](),
    }
    schema = record(f"What `{REPORTS[name]}` prints as JSON.", keys, optional=_OPTIONAL.get(name, ()))
    head = {"$schema": DRAFT, "$id": f"urn:aep-spec-reconciler:report:{name}:{FORMAT_VERSION}", "title": name}
    return head | schema | {"$defs": {used: DEFINITIONS[used] for used in sorted(_used(schema))}}


def report_schema_text(name: str) -> str:
    """The same as text."""
    return encode_readable(report_schema(name)) + "\n"


def _used(schema: Json) -> set[str]:
    """The definitions that this schema refers to. No definition refers to another."""
    return {value.removeprefix(_REFERENCE) for value in _references(schema)}


def _references(node: Json) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _references(item)
    elif isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for item in node.values():
            yield from _references(item)
