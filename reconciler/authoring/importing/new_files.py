"""New spec files for live specs without one, and pins in existing files without a live spec."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from reconciler.authoring.importing.folder import Folder
from reconciler.authoring.importing.layers import with_key
from reconciler.authoring.importing.live_body import body_of, is_too_deep
from reconciler.authoring.importing.naming import check_key_is_free, file_of, free_key, is_key, key_from_name
from reconciler.authoring.importing.selection import Choice, LiveOwnership
from reconciler.authoring.spec_text import NewSpec, spec_text
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.documents.names import name_claim
from reconciler.errors import Problem, Severity, UsageError
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.actions.attachments import live_flow_id
from reconciler.planning.comparing.identity import Match
from reconciler.planning.comparing.ownership import Marker
from reconciler.planning.context import Context
from reconciler.schemas.published import SCHEMA_OF, schema_line
from reconciler.sdk.sources import default_flow_specs
from reconciler.texts.in_place.rewrite import rewrite
from reconciler.texts.locate import Syntax
from reconciler.texts.yaml import read_yaml


@dataclass(slots=True)
class Drafts:
    """Files to write, by path, with the live spec of each; and the problems to report."""

    files: dict[str, bytes] = field(default_factory=dict)
    specs: dict[str, LiveSpec] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def put(self, path: str, data: bytes, spec: LiveSpec) -> None:
        self.files[path] = data
        self.specs[path] = spec


def draft_new_files(ownership: LiveOwnership, folder: Folder, specs: Iterable[LiveSpec], choice: Choice) -> Drafts:
    """A file for each of these live specs without one: a new file, or an existing file with its name and no live spec here.

    Raises UsageError if the requested key differs from that of the existing file, or belongs to another file.
    """
    drafts = Drafts()
    lone = [spec for spec in specs if (spec.kind, spec.id) not in ownership.managed]
    waiting = _waiting_files(ownership.context, lone) | _named_file(ownership.context, folder, lone, choice)
    for spec in lone:
        if spec.id in waiting:
            check_own_key(waiting[spec.id].desired, choice)
            _pin(drafts, folder, waiting[spec.id], spec)
    new = [spec for spec in lone if spec.id not in waiting]
    for spec in new if choice.key is not None else ():
        check_key_is_free(spec.kind, choice.key or "", ownership.context.situation.desired)
    keys = _keys_for(ownership.context, new, choice)
    by_id = {spec_id: key for key, spec_id in ownership.context.ids.items()}
    by_id |= {spec.id: key for spec, key in keys if spec.kind is Kind.CONNECTION_SPEC}
    flows = tuple(spec for spec in ownership.context.situation.live if spec.kind is Kind.FLOW_SPEC)
    writer = _Writer(ownership, folder, by_id, choice, flows)
    for spec, key in keys:
        _draft(drafts, writer, spec, key)
    return drafts


def _named_file(context: Context, folder: Folder, lone: list[LiveSpec], choice: Choice) -> dict[str, Match]:
    """The file with the requested key, if it is pinned in other targets and has no live spec in this one."""
    if choice.key is None or len(lone) != 1:
        return {}
    (spec,) = lone
    found = (match for match in context.matches if (match.desired.kind, match.desired.key) == (spec.kind, choice.key))
    match = next((match for match in found if match.live is None and match.desired.pinned_id is None), None)
    path = (match.desired.path or "") if match else ""
    is_pinned_elsewhere = match and not path.endswith(".json") and read_yaml(folder.tree.read(path)).value.get("ids")
    return {spec.id: match} if match and is_pinned_elsewhere else {}


def check_own_key(desired: DesiredSpec, choice: Choice) -> None:
    """Raises UsageError if the requested key differs from that of the spec's file."""
    if choice.key is not None and choice.key != desired.key:
        raise UsageError(
            f"{desired.kind.words} {desired.name!r} already has a file, {desired.file}, with the key {desired.key!r}",
            hint=f"remove --as; to rename it, write `key: {choice.key}` and `formerly: [{desired.key}]` there",
        )


def _waiting_files(context: Context, specs: Iterable[LiveSpec]) -> dict[str, Match]:
    """For each live spec, the only file with its name and provider that has no live spec in this target, if no other spec matches it."""
    files: dict[tuple[Kind, str, str], list[Match]] = defaultdict(list)
    for match in context.matches:
        if match.live is None and match.desired.pinned_id is None:
            files[name_claim(match.desired)].append(match)
    live: dict[tuple[Kind, str, str], list[LiveSpec]] = defaultdict(list)
    for spec in specs:
        live[name_claim(spec)].append(spec)
    return {found[0].id: files[claim][0] for claim, found in live.items() if len(found) == 1 and len(files[claim]) == 1}


def _pin(drafts: Drafts, folder: Folder, match: Match, spec: LiveSpec) -> None:
    """Write the id into the file, by the name of the target. An artifact cannot hold it."""
    path = match.desired.path or ""
    data = folder.tree.read(path)
    document = read_yaml(data).value
    if path.endswith(".json"):
        hint = f"reconciler convert {folder.display(path)} writes it as YAML, which can"
        message = f"{match.desired.file} describes {spec.name!r} ({spec.id}), but an artifact cannot hold the id of a live spec"
        drafts.problems.append(
            Problem(Severity.ERROR, "cannot-pin", message, match.desired.file, hint=hint, key=match.desired.key)
        )
        return
    ids = document.get("ids", {}) | {folder.target: spec.id}
    drafts.put(path, rewrite(data, Syntax.YAML, with_key(document, "ids", ids)), spec)


def _keys_for(context: Context, specs: list[LiveSpec], choice: Choice) -> list[tuple[LiveSpec, str]]:
    """The key of each new file. If several names give the same key, each gets the id appended, so that keys do not depend on the order."""
    desired = context.situation.desired
    taken: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for file in desired.specs:
        taken[file.kind] |= {key.casefold() for key in (file.key, *file.former_keys)}
    for kind, key in desired.broken:
        taken[kind].add(key.casefold())
    wishes = []
    for spec in specs:
        marker = _our_marker(context, spec)
        own = marker.key if marker and is_key(marker.key) else key_from_name(spec.kind, spec.name, spec.id)
        wishes.append((spec, choice.key or own))
    counts = Counter((spec.kind, wish.casefold()) for spec, wish in wishes)
    keys = []
    for spec, wish in wishes:
        doubled = {wish.casefold()} if counts[spec.kind, wish.casefold()] > 1 else set()
        key = free_key(wish, spec.id, taken[spec.kind] | doubled)
        taken[spec.kind].add(key.casefold())
        keys.append((spec, key))
    return keys


def _our_marker(context: Context, spec: LiveSpec) -> Marker | None:
    marker = context.index.marker(spec)
    return marker if context.situation.owner.owns(marker) else None


@dataclass(frozen=True, slots=True)
class _Writer:
    ownership: LiveOwnership
    folder: Folder
    keys: Mapping[str, str]
    choice: Choice
    flows: tuple[LiveSpec, ...]

    def spec(self, spec: LiveSpec, key: str) -> NewSpec:
        context, shared = self.ownership.context, self.ownership.shares(spec)
        marker = _our_marker(context, spec)
        written = body_of(spec, self.keys, shared=shared, own_ids=self.choice.own_ids)
        renamed = marker is not None and marker.key != key and is_key(marker.key)
        return NewSpec(
            kind=spec.kind,
            key=key,
            body=written.body,
            formerly=(marker.key,) if marker and renamed else (),
            flow_specs=_flow_specs(context, self.flows, spec, written.body),
            adopt=_adoption(context, spec),
            ids={self.folder.target: spec.id},
            left_out=written.left_out,
        )


def _draft(drafts: Drafts, writer: _Writer, spec: LiveSpec, key: str) -> None:
    if is_too_deep(spec.body):
        message = f"{spec.kind.words} {spec.name!r} ({spec.id}) is nested more deeply than a spec file may be"
        hint = "no source needs that: ask the person who created it what it is for"
        severity = Severity.ERROR if spec.id in writer.choice.ids else Severity.WARNING
        drafts.problems.append(Problem(severity, "too-deep", message, hint=hint, key=key))
        return
    path = file_of(spec.kind, key)
    schema = schema_line(SCHEMA_OF[spec.kind], path)
    drafts.put(path, f"{schema}\n".encode() + spec_text(writer.spec(spec, key)), spec)
    drafts.problems += _warnings(writer, spec, key)


def _flow_specs(context: Context, flows: Iterable[LiveSpec], spec: LiveSpec, body: Document) -> tuple[str, ...] | None:
    """The flow specs that hold the id, by name if that is unambiguous; None if they are the defaults of the type."""
    if spec.kind is Kind.FLOW_SPEC:
        return None
    holders = [flow for flow in flows if spec.id in flow.source_connection_spec_ids]
    meant_by = partial(live_flow_id, matches=context.matches, index=context.index)
    usual = [meant_by(name) for name in default_flow_specs(str(body.get("type")))]
    if sorted(flow.id for flow in holders) == usual:
        return None
    return tuple(flow.name if flow.name.strip() and meant_by(flow.name) == flow.id else flow.id for flow in holders)


def _adoption(context: Context, spec: LiveSpec) -> bool | str:
    """The value of `adopt` that the file needs to take over a spec of another owner."""
    marker = context.index.marker(spec)
    if marker is None or not context.situation.owner.is_foreign(marker):
        return False
    return marker.repository or True


def _warnings(writer: _Writer, spec: LiveSpec, key: str) -> Iterable[Problem]:
    """Warnings about owning this spec."""
    file = writer.folder.display(file_of(spec.kind, key))
    adopted = _adoption(writer.ownership.context, spec)
    if adopted:
        owner = adopted if isinstance(adopted, str) else "an owner whose marker cannot be read"
        message = f"{spec.name!r} ({spec.id}) belongs to {owner}; `adopt` in this file makes the next apply take it over"
        hint = "agree with its owner first, or remove the file"
        yield Problem(Severity.WARNING, "adoption", message, file, hint=hint, key=key)
    if writer.ownership.shares(spec):
        message = (
            f"{spec.name!r} ({spec.id}) is a flow spec that this repository did not create; with this file the repository"
            " owns it, and apply reverts every change that another team makes to the sections in the file"
        )
        hint = "attaching sources needs no file: remove it, unless you own these sections"
        yield Problem(Severity.WARNING, "shared-flow-spec", message, file, hint=hint, key=key)
