"""Input of a plan, and what is derived from it before specs are planned."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from reconciler.desired.git.history import Relation, Version
from reconciler.desired.git.uncommitted import NOTHING, Uncommitted
from reconciler.desired.specs import NO_SPECS, DesiredSet, DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import LiveSpec, StrangeItem
from reconciler.planning.comparing.causes import Clients, History, base_of, our_clients
from reconciler.planning.comparing.difference import comparable_live, compare
from reconciler.planning.comparing.id_lists import resolve_references
from reconciler.planning.comparing.identity import LiveIndex, Match, identify, index_live
from reconciler.planning.comparing.ownership import Marker, Owner
from reconciler.planning.comparing.tombstones import retired_and_kept, still_has_a_file, tombstone_of
from reconciler.planning.gating.judging import Gating
from reconciler.planning.plan import Action, Options, PlanTarget, SpecStatus
from reconciler.settings.values import Safety, Tombstone


@dataclass(frozen=True, slots=True)
class Situation:
    """The input of a plan.

    `complete` is set if both lists were read to the last page; `strange` are their entries that are not valid specs. `commit` is HEAD, or
    None without one; `uncommitted` are the spec files that differ from it. With `needs_git`, a write requires proof from git that it undoes
    nothing newer. `keeps_markers` is False with `ownership: none`. `client_id` is ours, as in the audit fields. `retired` are the
    tombstones in reconciler.yaml, and `max_retired` is the limit of specs that one apply may retire through them.
    """

    desired: DesiredSet
    live: tuple[LiveSpec, ...]
    complete: bool
    target: PlanTarget
    owner: Owner
    keeps_markers: bool
    client_id: str | None
    history: History
    commit: str | None
    options: Options
    uncommitted: Uncommitted = NOTHING
    needs_git: bool = True
    strange: tuple[StrangeItem, ...] = ()
    retired: tuple[Tombstone, ...] = ()
    max_retired: int = Safety().max_retired
    gating: Gating | None = None
    """What is asked before the target; None if it is after no other."""
    served_at: float | None = None
    """When live was read, by the service's clock, in seconds since the epoch."""
    was_interrupted: Callable[[str, str], bool] = lambda _key, _id: False
    """Whether the last apply on this machine was killed, and may have written the connection spec with this key or id."""

    @property
    def may_be_empty(self) -> bool:
        """Whether a repository without spec files may be intended."""
        return self.options.prune or bool(self.retired)


class Outcome(msgspec.Struct, frozen=True):
    """The result of planning one spec: its status, its action, and its problems."""

    status: SpecStatus | None = None
    action: Action | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """A situation with its live index and a match for each file.

    `ids` maps the key of each live connection spec of this repository to its id; `holders` maps a connection spec id to the names of the
    flow specs that hold it; `flow_keys` maps a flow spec id to the keys of its files. `orphans` have our marker and no file here;
    `ahead_orphans` were applied from a commit that this checkout does not contain. `possible_predecessors` are both of these and specs that
    may have lost their marker: each may be the spec that a file is about to create. `relations` maps each commit in our markers to its
    relation to HEAD; it is computed once, on demand.
    """

    situation: Situation
    index: LiveIndex
    matches: tuple[Match, ...]
    clients: Clients
    ids: Mapping[str, str]
    holders: Mapping[str, tuple[str, ...]]
    flow_keys: Mapping[str, tuple[str, ...]]
    orphans: tuple[LiveSpec, ...] = ()
    ahead_orphans: tuple[LiveSpec, ...] = ()
    possible_predecessors: tuple[LiveSpec, ...] = ()
    relations: Callable[[], Mapping[str, Relation]] = dict
    files: Callable[[], Mapping[tuple[Kind, str], DesiredSpec]] = dict
    """The file of each live spec that has one, by kind and id; made once, on demand."""
    waits: frozenset[tuple[Kind, str]] = frozenset()
    """The specs, by kind and key, that a gate holds back: nothing is done to them."""

    def ids_in(self, former: DesiredSpec) -> Mapping[str, str]:
        """The ids of the specs that a former version of a file refers to, also of those that have no file now."""
        found: dict[str, str] = {}
        for key in {reference.key for reference in former.references}:
            live = self.index.by_key.get((Kind.CONNECTION_SPEC, key), ())
            if (spec_id := self.ids.get(key) or (live[0].id if live else None)) is not None:
                found[key] = spec_id
        return found

    def in_scope(self, key: str) -> bool:
        keys = self.situation.options.keys
        return not keys or key in keys

    def file_of(self, spec: LiveSpec) -> DesiredSpec | None:
        """The file of a live spec, if it has one."""
        return self.files().get((spec.kind, spec.id))

    def tombstone(self, spec: LiveSpec) -> Tombstone | None:
        """The `retired` entry that names this spec of ours; None if there is none."""
        marker = self.index.marker(spec)
        return tombstone_of(self.situation.retired, spec.kind, spec.id, marker.key) if marker else None

    def relation(self, marker: Marker | None) -> Relation:
        """The relation to HEAD of the commit that a spec was applied from; without a commit it is an ancestor."""
        if marker is None or marker.commit is None or not self.situation.owner.owns(marker):
            return Relation.ANCESTOR
        return self.relations()[marker.commit]

    def said_what_is_live(self, match: Match, live: LiveSpec) -> bool:
        """Whether some commit has the file with exactly the live content, so that one was made from the other."""
        current = comparable_live(live.body)
        return any(
            not compare(current, resolve_references(version.spec.body, self.ids), version.spec.ignore, {}).changes
            for version in self.versions(match.desired)
        )

    def own_marker(self, match: Match) -> Marker | None:
        """The marker of a file's live spec, if it is ours."""
        return match.marker if self.situation.owner.owns(match.marker) else None

    def base(self, match: Match) -> DesiredSpec | None:
        """The file as it was last applied, if history has it."""
        return base_of(match.desired, self.own_marker(match), self.situation.history, self.situation.target.name)

    def versions(self, desired: DesiredSpec) -> tuple[Version, ...]:
        """The versions of a spec in the commits of this branch, newest first."""
        return self.situation.history.versions(*self.identity(desired))

    def identity(self, desired: DesiredSpec) -> tuple[Kind, tuple[str, ...], str]:
        """The identity of a file in history: its kind, its current and former keys, and the target."""
        return desired.kind, (desired.key, *desired.former_keys), self.situation.target.name


def make_context(situation: Situation) -> Context:
    """Match every file with its live object, and find the orphans and possible predecessors."""
    owner = situation.owner
    index = index_live(situation.live, owner, {entry.id.lower() for entry in situation.retired if entry.id})
    client = None if situation.keeps_markers else situation.client_id
    found = [identify(desired, index, owner, client) for desired in situation.desired.specs]
    kept = [_not_retired(match, situation.retired) for match in found] if situation.retired else found
    matches = _without_collisions(tuple(kept))
    clients = our_clients(situation.client_id, situation.live)
    commits = sorted({marker.commit for marker in index.markers.values() if marker.commit is not None})
    relations = functools.cache(lambda: situation.history.relations(commits))
    files = functools.cache(lambda: {(match.live.kind, match.live.id): match.desired for match in matches if match.live})
    ids, holders, flow_keys = _ids(matches), _holders(situation.live), _flow_keys(matches)
    context = Context(situation, index, matches, clients, ids, holders, flow_keys, relations=relations, files=files)
    return _with_orphans(context)


def _not_retired(match: Match, retired: tuple[Tombstone, ...]) -> Match:
    """The match, with a problem if the file or its live spec is retired."""
    desired, key = match.desired, match.marker.key if match.marker else ""
    named = any(entry.names(desired.kind, match.live.id, key) for entry in retired) if match.live else False
    if named or any(still_has_a_file([desired], retired)):
        return msgspec.structs.replace(match, problems=(*match.problems, retired_and_kept(desired)))
    return match


def _with_orphans(context: Context) -> Context:
    problems = context.situation.desired.problems
    if any(problem.is_error and not (context.situation.may_be_empty and problem.code == NO_SPECS) for problem in problems):
        return context  # an unreadable file has an unknown key, so an apparent orphan may be its spec
    matched = {(match.live.kind, match.live.id) for match in context.matches if match.live}
    unmatched = [spec for identity, spec in context.index.by_id.items() if identity not in matched]
    lone = [
        spec
        for spec in unmatched
        if (marker := context.index.marker(spec)) and context.situation.owner.owns(marker) and not marker.retired
    ]
    ahead = {spec.id for spec in lone if context.relation(context.index.marker(spec)) is Relation.NOT_ANCESTOR}
    candidates = {spec.id for spec in lone if _has_file(context, spec)}
    lost = [spec for spec in unmatched if _lost_its_marker(context, spec)]
    return replace(
        context,
        orphans=tuple(spec for spec in lone if spec.id not in ahead | candidates),
        ahead_orphans=tuple(spec for spec in lone if spec.id in ahead),
        possible_predecessors=tuple(
            spec for spec in (*lone, *lost) if spec.id not in candidates and context.tombstone(spec) is None
        ),
    )


def _has_file(context: Context, spec: LiveSpec) -> bool:
    """Whether a file has the key of this spec, but was not matched with it alone (two candidates)."""
    marker = context.index.markers[spec.kind, spec.id]
    return any(
        match.live is None and match.desired.kind is spec.kind and marker.key in (match.desired.key, *match.desired.former_keys)
        for match in context.matches
    )


def _lost_its_marker(context: Context, spec: LiveSpec) -> bool:
    """Whether our client created this spec, and another write may have removed its marker (or markers are not kept)."""
    situation = context.situation
    if situation.client_id is None or spec.created_client != situation.client_id:
        return False
    if context.index.marker(spec) is not None or (spec.kind, spec.id) in context.index.copies:
        return False
    rewritten = (spec.updated_by, spec.updated_client) != (spec.created_by, spec.created_client)
    return rewritten or not situation.keeps_markers


def _without_collisions(matches: tuple[Match, ...]) -> tuple[Match, ...]:
    """The matches, with a problem on each file that shares its live object with another."""
    objects = [(match.live.kind, match.live.id) for match in matches if match.live]
    if len(objects) == len(set(objects)):
        return matches
    by_object: dict[tuple[Kind, str], list[Match]] = {}
    for match in matches:
        if match.live:
            by_object.setdefault((match.live.kind, match.live.id), []).append(match)
    return tuple(
        _with_collision(match, by_object.get((match.live.kind, match.live.id), []) if match.live else []) for match in matches
    )


def _with_collision(match: Match, others: Sequence[Match]) -> Match:
    if match.live is None or len(others) < 2:  # noqa: PLR2004 - the match itself is one of them
        return match
    files = ", ".join(f"{other.desired.key!r} ({other.desired.file})" for other in others)
    problem = Problem(
        Severity.ERROR,
        "one-object-two-files",
        f"live {match.desired.kind.words} {match.live.id} belongs to {len(others)} files: {files}",
        file=match.desired.file,
        hint="keep one of the files, or give each its own `ids:`, `key:` and `name:`",
        key=match.desired.key,
    )
    return msgspec.structs.replace(match, problems=(*match.problems, problem))


def _ids(matches: Iterable[Match]) -> dict[str, str]:
    return {
        match.desired.key: match.live.id
        for match in matches
        if match.live and match.desired.kind is Kind.CONNECTION_SPEC and not match.problems
    }


def _flow_keys(matches: Iterable[Match]) -> dict[str, tuple[str, ...]]:
    return {match.live.id: (match.desired.key,) for match in matches if match.live and match.desired.kind is Kind.FLOW_SPEC}


def _holders(live: Iterable[LiveSpec]) -> dict[str, tuple[str, ...]]:
    holders: dict[str, tuple[str, ...]] = {}
    for flow in live:
        for spec_id in flow.source_connection_spec_ids:
            holders[spec_id] = (*holders.get(spec_id, ()), flow.name)
    return holders
