"""Attachments: the `flowSpecs` of connection specs, and the id lists in flow spec files."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.json_text import Document, Json
from reconciler.documents.kinds import Kind
from reconciler.documents.semantics import SOURCES
from reconciler.errors import Problem
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.comparing.id_lists import owns_sources, reference_to, union
from reconciler.planning.comparing.identity import LiveIndex, Match, describe, refusal


class Attachment(msgspec.Struct, frozen=True):
    """A connection spec to attach to a flow spec; `id` is None until it is created."""

    match: Match
    id: str | None

    @property
    def key(self) -> str:
        return self.match.desired.key

    @property
    def reference(self) -> Json:
        """The id, or the reference `{ref: key}` until it is created."""
        return self.id if self.id is not None else reference_to(self.key)


class FlowTarget(msgspec.Struct, frozen=True):
    """A flow spec that connection specs name: live, a spec file of this repository, or both."""

    live: LiveSpec | None = None
    file: DesiredSpec | None = None


def find_flow_spec(name: str, matches: Iterable[Match], index: LiveIndex) -> FlowTarget | tuple[LiveSpec, ...]:
    """The flow spec with this name, id or key. If there is not exactly one, all live candidates are returned."""
    files = tuple(match for match in matches if match.desired.kind is Kind.FLOW_SPEC)
    for match in files:
        if match.desired.key == name:
            return FlowTarget(match.live, match.desired)
    live = index.by_id.get((Kind.FLOW_SPEC, name))
    found = [live] if live else index.flow_specs.get(name, [])
    if len(found) > 1:
        return tuple(found)
    mine = [match for match in files if match.live in found or (not found and match.desired.name == name)]
    if len(mine) == 1:
        return FlowTarget(mine[0].live, mine[0].desired)
    return FlowTarget(found[0]) if found else ()


def live_flow_id(name: str, matches: Iterable[Match], index: LiveIndex) -> str | None:
    """The id of the only live flow spec with this name, id or key; None if there is none or more than one."""
    found = find_flow_spec(name, matches, index)
    return found.live.id if isinstance(found, FlowTarget) and found.live else None


def flow_spec_problem(match: Match, name: str, found: tuple[LiveSpec, ...]) -> Problem:
    """Why a source cannot be attached: no such flow spec in the list, or several."""
    what = f"attaches to flow spec {name!r}, but"
    if found:
        listed = "; ".join(describe(spec) for spec in found)
        several = f"{what} {len(found)} live flow specs have that name: {listed}"
        return refusal(match.desired, "flow-spec-ambiguous", several, "use its id in `flowSpecs:`")
    hint = (
        "check `flowSpecs:`, the sandbox, and whether the credential may see flow specs; `flowSpecs: []` attaches to no flow spec"
    )
    return refusal(match.desired, "flow-spec-not-found", f"{what} no live flow spec has that name, id or key", hint)


def owned_list(desired: DesiredSpec, body: Document, attachments: Iterable[Attachment]) -> Document:
    """The body of a flow spec file, with this repository's attachments added to its own `sourceConnectionSpecIds`."""
    if not owns_sources(desired):
        return body
    return body | {SOURCES: union(body.get(SOURCES) or [], (item.reference for item in attachments))}


def missing_attachments(live: LiveSpec, attachments: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """The attachments that the live flow spec does not hold yet, sorted by key."""
    held = frozenset(live.source_connection_spec_ids)
    return tuple(sorted((item for item in attachments if item.id not in held), key=lambda item: item.key))
