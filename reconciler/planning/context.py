"""What a plan is made from, and what follows from it before any spec is looked at."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

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
from reconciler.planning.plan import Action, Options, PlanTarget, SpecStatus
from reconciler.settings.values import Safety, Tombstone


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that a plan depends on.

    `complete` says that both lists were read to their last page, and `strange` is what they hold that is no spec; `commit` is HEAD, or
    None without one, and `uncommitted` has the spec files that it has not; `needs_git` says that a write needs git's word that it undoes
    nothing newer; `keeps_markers` is False with `ownership: none`; `client_id` is our own, as the audit fields name it. `retired` is what
    reconciler.yaml takes out of use, and `max_retired` how many specs of that one apply may.
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

    @property
    def may_be_empty(self) -> bool:
        """Whether it may be meant that there is no spec file at all."""
        return self.options.prune or bool(self.retired)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What planning found for one spec: where it stands, what would be done, and what is wrong."""

    status: SpecStatus | None = None
    action: Action | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """A situation with its live index and every file's match.

    `ids` has the id of each live connection spec of this repository, by key; `holders`, for each connection spec id, the names of the
    flow specs that hold it; `flow_keys`, for each flow spec id, the keys of its files. `orphans` have our marker and no file here;
    `ahead_orphans` are those applied from a commit that this checkout does not contain. `possible_predecessors` are both, and specs that
    may have lost their marker: one may be the spec that a file is about to create. `relations` has the relation of each commit in our
    markers to HEAD; it is computed once, on demand.
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

    def in_scope(self, key: str) -> bool:
        keys = self.situation.options.keys
        return not keys or key in keys

    def tombstone(self, spec: LiveSpec) -> Tombstone | None:
        """The entry of `retired` that takes this spec of ours out of use."""
        marker = self.index.marker(spec)
        return tombstone_of(self.situation.retired, spec.kind, spec.id, marker.key) if marker else None

    def relation(self, marker: Marker | None) -> Relation:
        """How the commit that a spec was applied from stands to HEAD; an unmarked commit counts as an ancestor."""
        if marker is None or marker.commit is None or not self.situation.owner.owns(marker):
            return Relation.ANCESTOR
        return self.relations()[marker.commit]

    def said_what_is_live(self, match: Match, live: LiveSpec) -> bool:
        """Whether some commit has the file as the spec is live, so that the file was made from it, or it from the file."""
        current = comparable_live(live.body)
        return any(
            not compare(current, resolve_references(version.spec.body, self.ids), version.spec.ignore, {}).changes
            for version in self.versions(match.desired)
        )

    def own_marker(self, match: Match) -> Marker | None:
        """The marker of a file's live spec, where it is ours."""
        return match.marker if self.situation.owner.owns(match.marker) else None

    def base(self, match: Match) -> DesiredSpec | None:
        """A file as it was last applied, where history has it."""
        return base_of(match.desired, self.own_marker(match), self.situation.history, self.situation.target.name)

    def versions(self, desired: DesiredSpec) -> tuple[Version, ...]:
        """What the commits of this branch said of a spec, the newest first."""
        return self.situation.history.versions(*self.identity(desired))

    def identity(self, desired: DesiredSpec) -> tuple[Kind, tuple[str, ...], str]:
        """What history knows a file by: its kind, its keys of now and before, and the target."""
        return desired.kind, (desired.key, *desired.former_keys), self.situation.target.name


def make_context(situation: Situation) -> Context:
    """The context of a situation."""
    owner = situation.owner
    index = index_live(situation.live, owner, {entry.id.lower() for entry in situation.retired if entry.id})
    client = None if situation.keeps_markers else situation.client_id
    found = (identify(desired, index, owner, client) for desired in situation.desired.specs)
    matches = _without_collisions(tuple(_not_retired(match, situation.retired) for match in found))
    clients = our_clients(situation.client_id, situation.live)
    commits = sorted({marker.commit for marker in index.markers.values() if marker.commit is not None})
    relations = functools.cache(lambda: situation.history.relations(commits))
    context = Context(
        situation, index, matches, clients, _ids(matches), _holders(situation.live), _flow_keys(matches), relations=relations
    )
    return _with_orphans(context)


def _not_retired(match: Match, retired: tuple[Tombstone, ...]) -> Match:
    """The match, with a problem where the file, or the live spec that it means, is retired."""
    desired, key = match.desired, match.marker.key if match.marker else ""
    named = any(entry.names(desired.kind, match.live.id, key) for entry in retired) if match.live else False
    if named or any(still_has_a_file([desired], retired)):
        return replace(match, problems=(*match.problems, retired_and_kept(desired)))
    return match


def _with_orphans(context: Context) -> Context:
    problems = context.situation.desired.problems
    if any(problem.is_error and not (context.situation.may_be_empty and problem.code == NO_SPECS) for problem in problems):
        return context  # a file that cannot be read has a key that nobody knows: what looks like an orphan may be its spec
    matched = {(match.live.kind, match.live.id) for match in context.matches if match.live}
    lone = [
        spec
        for identity, spec in context.index.by_id.items()
        if identity not in matched
        and (marker := context.index.marker(spec))
        and context.situation.owner.owns(marker)
        and not marker.retired
    ]
    ahead = {spec.id for spec in lone if context.relation(context.index.marker(spec)) is Relation.NOT_ANCESTOR}
    candidates = {spec.id for spec in lone if _has_file(context, spec)}
    lost = [spec for identity, spec in context.index.by_id.items() if identity not in matched and _lost_its_marker(context, spec)]
    return replace(
        context,
        orphans=tuple(spec for spec in lone if spec.id not in ahead | candidates),
        ahead_orphans=tuple(spec for spec in lone if spec.id in ahead),
        possible_predecessors=tuple(
            spec for spec in (*lone, *lost) if spec.id not in candidates and context.tombstone(spec) is None
        ),
    )


def _has_file(context: Context, spec: LiveSpec) -> bool:
    """Whether a file has the key of this spec, and could not be matched with it alone (two candidates)."""
    marker = context.index.markers[spec.kind, spec.id]
    return any(
        match.live is None and match.desired.kind is spec.kind and marker.key in (match.desired.key, *match.desired.former_keys)
        for match in context.matches
    )


def _lost_its_marker(context: Context, spec: LiveSpec) -> bool:
    """Whether our client made this spec, and somebody's later write may have taken its marker with it (or none is ever kept)."""
    situation = context.situation
    if situation.client_id is None or spec.created_client != situation.client_id:
        return False
    if context.index.marker(spec) is not None or (spec.kind, spec.id) in context.index.copies:
        return False
    rewritten = (spec.updated_by, spec.updated_client) != (spec.created_by, spec.created_client)
    return rewritten or not situation.keeps_markers


def _without_collisions(matches: tuple[Match, ...]) -> tuple[Match, ...]:
    """The matches, with a problem on each of two files that mean one live object."""
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
    return replace(match, problems=(*match.problems, problem))


def _ids(matches: Iterable[Match]) -> dict[str, str]:
    return {
        match.desired.key: match.live.id
        for match in matches
        if match.live and match.desired.kind is Kind.CONNECTION_SPEC and not match.problems
    }


def _flow_keys(matches: Iterable[Match]) -> dict[str, tuple[str, ...]]:
    return {match.live.id: (match.desired.key,) for match in matches if match.live and match.desired.kind is Kind.FLOW_SPEC}


def _holders(live: Iterable[LiveSpec]) -> dict[str, tuple[str, ...]]:
    """For each connection spec id, the names of the flow specs that hold it."""
    holders: dict[str, tuple[str, ...]] = {}
    for flow in live:
        for spec_id in flow.source_connection_spec_ids:
            holders[spec_id] = (*holders.get(spec_id, ()), flow.name)
    return holders
