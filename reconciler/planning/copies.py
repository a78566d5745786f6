"""Markers on more than one live spec: copies of another spec's marker, and duplicates that only a person can resolve."""

from __future__ import annotations

from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.comparing.identity import describe
from reconciler.planning.context import Context, Outcome


def report_copies(context: Context) -> list[Outcome]:
    """A warning for each live spec that carries our marker of another spec, unless this plan adopts it."""
    adopted = {(match.live.kind, match.live.id) for match in context.matches if match.live and match.desired.adopt}
    return [
        Outcome(problems=(_copied(context.index.by_id[identity], marker.key, marker.id or ""),))
        for identity, marker in context.index.copies.items()
        if context.situation.owner.owns(marker) and context.in_scope(marker.key) and identity not in adopted
    ]


def doubles_of(context: Context, spec: LiveSpec) -> tuple[LiveSpec, ...]:
    """All specs to which this orphan's marker could belong, including itself; empty if there is only one.

    A retired spec whose marker names it counts: other specs with its key may be copies of it and are not retired.
    """
    index = context.index
    key = index.markers[spec.kind, spec.id].key
    active = [other for other in index.by_key[spec.kind, key] if not index.markers[other.kind, other.id].retired]
    if index.proven(active) == [spec]:
        return ()
    gone = [other for other in index.proven(index.by_key[spec.kind, key]) if other not in active]
    found = (*active, *gone)
    return found if len(found) > 1 else ()


def doubles_problem(context: Context, spec: LiveSpec, doubles: tuple[LiveSpec, ...], *, asked: bool) -> Problem:
    """The problem that it is unknown which of these specs has the key; an error if retiring one was `asked` for."""
    key = context.index.markers[spec.kind, spec.id].key
    meant = [match.live for match in context.matches if match.live in doubles] or context.index.proven(doubles)
    listed = "; ".join(describe(other) for other in sorted(doubles, key=lambda other: (other.created_at or 0, other.id)))
    message = f"could be any of {len(doubles)} live specs, one of which may be a copy: {listed}"
    if len(meant) == 1 and meant[0]:
        others = len(doubles) - 1
        have = "1 other spec has" if others == 1 else f"{others} other specs have"
        message = f"is {meant[0].id}, but {have} the same marker (duplicates or copies): {listed}"
    refused = asked and len(meant) != 1
    return Problem(
        Severity.ERROR if refused else Severity.WARNING,
        "two-candidates",
        f"{spec.kind.words} {key!r} {message}",
        hint=f"copies are left alone; to retire a duplicate, add it to reconciler.yaml: `retired: [{{id: {spec.id}, reason: …}}]`",
        key=key,
        guard=refused,
    )


def _copied(spec: LiveSpec, key: str, original: str) -> Problem:
    return Problem(
        Severity.WARNING,
        "copied-marker",
        f"{spec.kind.words} {spec.id} ({spec.name!r}) has a copy of the marker of {original} ({key!r}), so it counts as unmanaged",
        hint="it is left alone; its owner can remove `attributes.reconciler`, or a file with its id in `ids:` and `adopt: true` adopts it",
        key=key,
    )
