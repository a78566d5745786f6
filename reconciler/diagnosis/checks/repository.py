"""The repository against the target: spec files, the flow specs that they name, and the marker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reconciler.desired.specs import NO_SPECS
from reconciler.diagnosis.live import Live, live_specs
from reconciler.diagnosis.report import Check
from reconciler.diagnosis.subject import Subject
from reconciler.documents.kinds import Kind
from reconciler.documents.names import folded_name
from reconciler.errors import count
from reconciler.flowservice.specs import LiveSpec
from reconciler.observing.workspace import Workspace
from reconciler.planning.comparing.ownership import own_marker

_VALIDATE: Final = "run `reconciler validate`"
_FIRST_FILE: Final = "write the first one: reconciler new KEY, or import live specs: reconciler import"


def check_repository(subject: Subject) -> Iterator[Check]:
    """Spec files, flow specs, marker."""
    yield check_files(subject.workspace)
    if subject.workspace is None:
        for name in ("flow-specs", "marker"):
            yield _unread(name)
        return
    live = live_specs(subject)
    yield _flow_specs(subject.workspace, live)
    yield _marker(subject, subject.workspace, live)


def _unread(name: str) -> Check:
    return Check(name, "unknown", "the spec files could not be read", _VALIDATE, asked="spec files")


def check_files(workspace: Workspace | None) -> Check:
    """Whether the spec files can be read and used. Needs no service."""
    if workspace is None:
        return _unread("spec-files")
    errors = [problem for problem in workspace.desired.problems if problem.is_error]
    if errors:
        first = errors[0]
        if first.code == NO_SPECS:
            return Check("spec-files", "warn", first.message, _FIRST_FILE, "spec files")
        where = ":".join(str(part) for part in (first.file, first.line) if part is not None)
        said = f"{count(len(errors), 'error')} in spec files; the first: {where}{': ' if where else ''}{first.message}"
        return Check("spec-files", "fail", said, _VALIDATE, "spec files")
    return Check("spec-files", "ok", f"{count(len(workspace.desired.specs), 'spec')} for this target", asked="spec files")


def _flow_specs(workspace: Workspace, live: Live) -> Check:
    asked = "flowSpecs of the spec files; GET /flowSpecs"
    wanted: dict[str, str] = {name: spec.key for spec in workspace.desired.specs for name in spec.flow_specs}
    if not wanted:
        return Check("flow-specs", "ok", "no spec file names a flow spec", asked=asked)
    if Kind.FLOW_SPEC in live.errors:
        return Check("flow-specs", "unknown", live.errors[Kind.FLOW_SPEC].message, asked=asked)
    own = {spec.key for spec in workspace.desired.specs if spec.kind is Kind.FLOW_SPEC}
    found = {name: _called(name, live) for name in wanted if name not in own}
    missing = [name for name, specs in found.items() if not specs]
    if missing:
        name = missing[0]
        seen = ", ".join(sorted(spec.name[:64] for spec in live.of(Kind.FLOW_SPEC))[:5]) or "none"
        said = f"flow spec {name!r}, which {wanted[name]!r} is to be attached to, is not live; live ones: {seen}"
        hint = f"correct flowSpecs of {wanted[name]!r}, or ask Adobe to enable self-serve sources ({name}) for this organization"
        return Check("flow-specs", "fail", said, hint, asked)
    several = next((name for name, specs in found.items() if len(specs) > 1), None)
    if several is not None:
        said = f"{len(found[several])} live flow specs are named {several!r}"
        return Check("flow-specs", "warn", said, f"write the id of one of them in flowSpecs of {wanted[several]!r}", asked)
    return Check("flow-specs", "ok", f"live: {', '.join(sorted(wanted))}", asked=asked)


def _called(name: str, live: Live) -> list[LiveSpec]:
    wanted = folded_name(name)
    return [spec for spec in live.of(Kind.FLOW_SPEC) if folded_name(spec.name) == wanted or spec.id.casefold() == name.casefold()]


def _marker(subject: Subject, workspace: Workspace, live: Live) -> Check:
    asked = "attributes.reconciler of the live specs"
    if subject.target.ownership == "none":
        return Check("marker", "ok", "not used: ownership of the target is none", asked=asked)
    if live.errors:
        return Check("marker", "unknown", "the live specs could not be read", asked=asked)
    marked = [spec for spec in live.specs if workspace.owner.owns(own_marker(spec))]
    if marked:
        return Check("marker", "ok", f"kept in {count(len(marked), 'live spec')} of this repository", asked=asked)
    mine = [spec for spec in live.specs if spec.created_client == subject.reader.client_id and not spec.may_have_marker]
    if mine:
        said = f"{count(len(mine), 'live spec')} written by this credential without a marker: perhaps the service drops it"
        hint = "run `reconciler plan`; if it plans the marker again and again, pin the ids and set ownership: none"
        return Check("marker", "warn", said, hint, asked)
    said = "no live spec was applied from this repository to this sandbox"
    return Check("marker", "unknown", said, "run `reconciler doctor` again after the first apply", asked, due=False)
