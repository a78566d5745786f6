"""Which targets a command works on: `--target`, `--group`, `--all` and `--except`."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import msgspec

from reconciler.errors import UsageError
from reconciler.settings.selection import Selection
from reconciler.settings.targets import Settings, place_of
from reconciler.wording.guesses import did_you_mean


class LeftOut(msgspec.Struct, frozen=True):
    """A target that the selection covers and the command leaves out."""

    target: str
    why: str
    """`except`, `emulator`, `by_name`, or `same_sandbox` as a target before it."""


class Chosen(msgspec.Struct, frozen=True):
    """The names of the targets to work on, in the order of the settings, and what was left out."""

    names: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()


def choose(settings: Settings, selection: Selection, *, writes: bool = False) -> Chosen:
    """The targets of a selection that is not `is_one`. Raises UsageError for an unknown name, and if no target is left.

    `writes`: it is chosen for a command that writes, which leaves out targets with `by_name` unless each is named.
    """
    for name in (*selection.targets, *selection.excluded):
        if name not in settings.targets:
            raise settings.unknown_target(name)
    named = frozenset(settings.fleets) | frozenset(settings.groups)
    _check_groups(selection.groups, named)
    if selection.excluded and not (selection.everything or selection.groups):
        raise UsageError("--except needs --all or --group", hint="name the targets to work on with --target instead")
    chosen: list[str] = []
    left_out = []
    for name in settings.targets:
        if name in selection.targets:
            chosen.append(name)
        elif selection.everything and _is_taken(settings, name, chosen):
            left_out.append(LeftOut(name, "same_sandbox"))
        elif selection.everything or not _groups_of(settings, name).isdisjoint(selection.groups):
            why = next(_why_not(settings, selection, name, writes=writes), None)
            if why is None:
                chosen.append(name)
            else:
                left_out.append(LeftOut(name, why))
    if not chosen:
        raise UsageError("no target is left", hint=_hint_for(left_out))
    return Chosen(tuple(chosen), tuple(left_out))


def _is_taken(settings: Settings, name: str, chosen: Collection[str]) -> bool:
    """Whether a target that was chosen before is the same sandbox."""
    place = place_of(settings.targets[name])
    return place is not None and any(place_of(settings.targets[other]) == place for other in chosen)


def _groups_of(settings: Settings, name: str) -> frozenset[str]:
    target = settings.targets[name]
    return frozenset(target.groups) | ({target.fleet} if target.fleet else frozenset())


def _hint_for(left_out: list[LeftOut]) -> str:
    if any(one.why == "by_name" for one in left_out):
        return "name a target that has `by_name` with --target"
    return "--all leaves out emulators; `reconciler targets --emulators` lists every target, to name one with --target"


def _why_not(settings: Settings, selection: Selection, name: str, *, writes: bool) -> Iterator[str]:
    if name in selection.excluded:
        yield "except"
    if selection.everything and settings.targets[name].emulator is not None:
        yield "emulator"
    if writes and settings.targets[name].by_name:
        yield "by_name"


def _check_groups(names: Collection[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known) if known else "define it under `groups:` in reconciler.yaml"
            raise UsageError(f"unknown group {name!r}", hint=hint)
