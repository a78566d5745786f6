"""Markers that more than one object carries: copies of a marker that names its object, and two that only a person can tell apart."""

from __future__ import annotations

from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.context import Context, Outcome
from reconciler.planning.identity import describe

_COPIED = "copied-marker"


def report_copies(context: Context) -> list[Outcome]:
    """One warning for each live spec that carries a marker of ours which names another object, and is not taken over now."""
    adopted = {(match.live.kind, match.live.id) for match in context.matches if match.live and match.desired.adopt}
    return [
        Outcome(problems=(_copied(context.index.by_id[identity], marker.key, marker.id or ""),))
        for identity, marker in context.index.copies.items()
        if context.situation.owner.owns(marker) and context.in_scope(marker.key) and identity not in adopted
    ]


def doubles_of(context: Context, spec: LiveSpec) -> tuple[LiveSpec, ...]:
    """All active specs that carry the marker of this orphan's key, itself among them; none where it is the only one."""
    key = context.index.markers[spec.kind, spec.id].key
    found = [other for other in context.index.by_key[spec.kind, key] if not context.index.markers[other.kind, other.id].retired]
    return tuple(found) if len(found) > 1 else ()


def doubles_problem(context: Context, spec: LiveSpec, doubles: tuple[LiveSpec, ...], *, asked: bool) -> Problem:
    """That nobody can tell which of these specs has the key; an error where one is `asked` to be retired."""
    key = context.index.markers[spec.kind, spec.id].key
    listed = "; ".join(describe(other) for other in sorted(doubles, key=lambda other: (other.created_at or 0, other.id)))
    return Problem(
        Severity.ERROR if asked else Severity.WARNING,
        "two-candidates",
        f"{spec.kind.words} {key!r} could be any of {len(doubles)} live specs, one of which may be a copy: {listed}",
        hint=f"none of them is pruned; retire the right one by its id, in reconciler.yaml: `retired: [{{id: {spec.id}, reason: …}}]`",
        key=key,
        guard=asked,
    )


def _copied(spec: LiveSpec, key: str, original: str) -> Problem:
    return Problem(
        Severity.WARNING,
        _COPIED,
        f"{spec.kind.words} {spec.id} ({spec.name!r}) carries a copy of the marker of {original} ({key!r}), so it counts as unmanaged",
        hint="nothing is done to it; to manage it, give it a file with its id in `ids:` and `adopt: true`",
        key=key,
    )
