"""Guards about names and owners: a create, rename or overwrite is refused if it concerns, or may concern, another spec.

They apply to updates as well as creates. Each hint says what to change, and in which file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.comparison import Change
from reconciler.documents.kinds import Kind
from reconciler.documents.names import folded_name, name_claim
from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.comparing.identity import Match, describe, refusal
from reconciler.planning.comparing.likeness import may_be, may_be_namesake
from reconciler.planning.comparing.ownership import Marker
from reconciler.planning.context import Context
from reconciler.planning.guards.unreadable import unreadable_namesakes
from reconciler.planning.plan import Action, ActionName

_NAMED = 5
"""Maximum number of live specs that a message lists."""


def creation_problems(context: Context, match: Match) -> tuple[Problem, ...]:
    """Why a spec must not be created: a create is permanent."""
    desired = match.desired
    if not context.situation.complete:
        hint = "run the command again; nothing is created from an incomplete list"
        return (_not_created(desired, "list-incomplete", "the list of live specs is incomplete", hint),)
    if hidden := _hidden_original(context, desired):
        return (hidden,)
    if namesakes := context.index.namesakes(desired):
        return (_namesake(context, desired, namesakes),)
    candidates = [spec for spec in context.possible_predecessors if spec.kind is desired.kind and _may_be(context, desired, spec)]
    if candidates and desired.key not in context.situation.options.allow_create:
        return (_possible_predecessors(context, desired, candidates),)
    if desired.key in context.situation.options.allow_create:
        return ()
    return unreadable_namesakes(desired, context.situation.strange, context.situation.owner)


def renaming_problems(context: Context, match: Match, live: LiveSpec) -> tuple[Problem, ...]:
    """Why a spec must not get a new name or provider: another live spec already has them."""
    desired = match.desired
    if name_claim(desired) == name_claim(live):
        return ()
    others = [spec for spec in context.index.namesakes(desired) if spec.id != live.id]
    if not others:
        return unreadable_namesakes(desired, context.situation.strange, None)
    freed = next((step for spec in others if (step := _freed(context, desired, spec))), None)
    return (
        refusal(
            desired,
            "namesake",
            f"is not renamed from {live.name!r}: another live spec already has the name {desired.name!r}: {_listed(context, others)}",
            freed or f"use another `name` in {desired.file}",
        ),
    )


def pin_problems(context: Context, match: Match, live: LiveSpec, changes: Sequence[Change]) -> tuple[Problem, ...]:
    """Why a pinned spec without a marker of ours must not be overwritten: the id may be wrong.

    The id counts as right if the file sets `adopt`, if a commit has the file as it is live (an import that was edited later), or if the
    live spec has the same name and at least half of the body (an import that was edited on both sides). Without markers, a spec of the
    same name that our client created is ours.
    """
    desired, situation = match.desired, context.situation
    if desired.pinned_id is None or desired.adopt or situation.owner.owns(match.marker) or not changes:
        return ()
    ours = not situation.keeps_markers and situation.client_id is not None and live.created_client == situation.client_id
    if may_be_namesake(desired, live) or (ours and name_claim(desired) == name_claim(live)):
        return ()
    if context.said_what_is_live(match, live):
        return ()
    return (
        refusal(
            desired,
            "pinned-unmanaged",
            f"is pinned to {live.id} ({live.name!r}), which has no marker of this repository, and no version of the file matches it",
            f"check the id{_named(context, desired)}; if it is right, adopt the spec with `adopt: true` in {desired.file}",
        ),
    )


def _named(context: Context, desired: DesiredSpec) -> str:
    """The id that was probably intended, if exactly one other live spec has the name."""
    namesakes = [spec for spec in context.index.namesakes(desired) if spec.id != desired.pinned_id]
    return f" ({desired.name!r} is {namesakes[0].id})" if len(namesakes) == 1 else ""


def same_name_problems(actions: Iterable[Action]) -> tuple[Problem, ...]:
    """One problem for each action that would give several specs the same name and provider."""
    by_claim: dict[tuple[Kind, str, str], list[Action]] = {}
    for action in actions:
        if action.desired and _takes_a_name(action):
            by_claim.setdefault(name_claim(action.desired), []).append(action)
    return tuple(_same_name(action, twins) for twins in by_claim.values() if len(twins) > 1 for action in twins)


def _takes_a_name(action: Action) -> bool:
    return action.action is ActionName.CREATE or any(change.place[0] in ("name", "providerId") for change in action.changes)


def _may_be(context: Context, desired: DesiredSpec, spec: LiveSpec) -> bool:
    """Whether a create may be this spec: similar body, or our marker and the same name under any provider."""
    is_marked = context.index.marker(spec) is not None
    return may_be(desired, spec) or (is_marked and folded_name(desired.name) == folded_name(spec.name))


def _hidden_original(context: Context, desired: DesiredSpec) -> Problem | None:
    """The problem that a copied marker names a spec which the lists do not show, but which may exist."""
    keys = (desired.key, *desired.former_keys)
    for (kind, spec_id), marker in context.index.copies.items():
        is_ours = kind is desired.kind and marker.key in keys and context.situation.owner.owns(marker) and not marker.retired
        if is_ours and marker.id is not None and (kind, marker.id) not in context.index.by_id:
            copy = context.index.by_id[kind, spec_id]
            reason = f"a copy of its marker names {marker.id}, which the lists do not show; the copy is {describe(copy)}"
            pin = f"`ids: {{{context.situation.target.name}: {marker.id}}}`"
            return _not_created(
                desired,
                "copied-marker",
                reason,
                f"pin it in {desired.file} with {pin}; if it no longer exists, give the file another `key`",
            )
    return None


def _namesake(context: Context, desired: DesiredSpec, namesakes: Sequence[LiveSpec]) -> Problem:
    listed = _listed(context, namesakes)
    if all(spec in context.possible_predecessors and context.index.marker(spec) is None for spec in namesakes):
        reason = f"our client created a live spec with that name, and a later write removed its marker: {listed}"
        return _not_created(desired, "marker-gone", reason, f"check it, then adopt it: {_adopt(context, desired, namesakes)}")
    reason = f"a live spec already has the name {desired.name!r} and the same provider: {listed}"
    hints = dict.fromkeys(_way_out(context, desired, spec, namesakes) for spec in namesakes)
    return _not_created(desired, "namesake", reason, next(iter(hints)))


def _way_out(context: Context, desired: DesiredSpec, spec: LiveSpec, namesakes: Sequence[LiveSpec]) -> str:
    """How to resolve the conflict with this spec of the same name."""
    other_name = f"use another `name` in {desired.file}"
    holder = _holder(context, spec)
    if holder is not None:
        return _freed(context, desired, spec) or f"it is the spec of {holder.desired.file}: {other_name}"
    marker = context.index.marker(spec)
    if marker is not None and context.situation.owner.owns(marker):
        return f"if it was renamed or moved, write {_formerly(desired, [marker.key])} in {desired.file}; if it is new, use another `name`"
    if marker is not None and marker.repository and context.situation.owner.is_foreign(marker):
        return f"agree with its owner, then adopt it with `adopt: {marker.repository}` in {desired.file}; or {other_name}"
    return f"adopt it: {_adopt(context, desired, namesakes)}; or {other_name}"


def _adopt(context: Context, desired: DesiredSpec, namesakes: Sequence[LiveSpec]) -> str:
    if len(namesakes) == 1:
        return f"write `adopt: true` in {desired.file}"
    return f"write `adopt: true` and `ids: {{{context.situation.target.name}: {namesakes[0].id}}}` (or the other id) in {desired.file}"


def _formerly(desired: DesiredSpec, keys: Iterable[str]) -> str:
    return f"`formerly: [{', '.join(dict.fromkeys((*desired.former_keys, *keys)))}]`"


def _holder(context: Context, spec: LiveSpec) -> Match | None:
    return next((match for match in context.matches if match.live is spec), None)


def _freed(context: Context, desired: DesiredSpec, spec: LiveSpec) -> str | None:
    """How to continue if another file releases the name in the same plan."""
    holder = _holder(context, spec)
    if holder is None or holder.desired is desired or name_claim(holder.desired) == name_claim(spec):
        return None
    first = holder.desired.key
    if any(other is not spec for other in context.index.namesakes(holder.desired)):
        return (
            f"{first!r} releases that name, but its new name is also in use: give one of these specs an unused name, "
            "apply that in its own pull request, then apply the rest"
        )
    return (
        f"{first!r} releases that name in the same plan: apply its rename first, in its own pull request or with "
        f"`reconciler apply {first}`, then apply this one"
    )


def _possible_predecessors(context: Context, desired: DesiredSpec, possible_predecessors: Sequence[LiveSpec]) -> Problem:
    listed = _listed(context, possible_predecessors[:_NAMED])
    listed += f"; and {len(possible_predecessors) - _NAMED} more" if len(possible_predecessors) > _NAMED else ""
    markers = [context.index.marker(spec) for spec in possible_predecessors]
    keys = [marker.key for marker in markers if marker is not None]
    if len(keys) < len(markers):
        reason = f"it may be a live spec that lost its marker: {listed}"
        pin = f"`adopt: true` and `ids: {{{context.situation.target.name}: {possible_predecessors[0].id}}}`"
        hint = f"if it is, write {pin} in {desired.file}; if it is a new spec, use `--allow-create {desired.key}`"
        return _not_created(desired, "marker-gone", reason, hint)
    hint = (
        f"if it is, write {_formerly(desired, keys[:1])} in {desired.file}; if it is a new spec, retire the other one in reconciler.yaml: "
        f"`retired: [{{key: {keys[0]}, reason: …}}]`, or use `--allow-create {desired.key}` for this run"
    )
    return _not_created(desired, "orphan-or-rename", f"it may be a live spec that lost its file: {listed}", hint)


def _same_name(action: Action, twins: list[Action]) -> Problem:
    files = ", ".join(f"{twin.key!r} ({twin.file})" for twin in twins)
    done = "created" if action.action is ActionName.CREATE else "renamed"
    return Problem(
        Severity.ERROR,
        "same-name",
        f"{action.kind.words} {action.key!r} is not {done}: {len(twins)} files have the name {action.name!r} and its provider: {files}",
        file=action.file,
        hint="give each its own `name`, or keep one of the files",
        key=action.key,
    )


def _not_created(desired: DesiredSpec, code: str, reason: str, hint: str) -> Problem:
    return refusal(desired, code, f"is not created: {reason}", hint)


def _listed(context: Context, specs: Iterable[LiveSpec]) -> str:
    return "; ".join(_described(spec, context.index.marker(spec)) for spec in specs)


def _described(spec: LiveSpec, marker: Marker | None) -> str:
    if marker is None:
        return f"{describe(spec)}, unmanaged"
    return f"{describe(spec)}, managed by {marker.repository or 'an unreadable marker'} as {marker.key!r}"
