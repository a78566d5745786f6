"""The guard against breaking connections and flows: one problem per spec, with the ways to resolve it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reconciler.breaking.effect import Effect, breaking_only
from reconciler.errors import Problem, Severity
from reconciler.planning.plan import Action, Options

BREAKING: Final = "breaking"
_ALLOW: Final = "pass `--allow-breaking` for this run, or set `safety.breaking: allow` in reconciler.yaml"


def breaking_problems(actions: Iterable[Action], options: Options) -> tuple[Problem, ...]:
    """An error for each spec whose change breaks connections or flows; a warning if that is allowed."""
    found = ((action, breaking_only(action.effects)) for action in actions)
    return tuple(_problem(action, effects, allowed=options.allow_breaking) for action, effects in found if effects)


def _problem(action: Action, effects: tuple[Effect, ...], *, allowed: bool) -> Problem:
    first = effects[0]
    more = f"; and {len(effects) - 1} more" if len(effects) > 1 else ""
    what = f"{action.kind.words} {action.key or action.name!r}"
    return Problem(
        Severity.WARNING if allowed else Severity.ERROR,
        BREAKING,
        f"{what} would break connections or flows that use it: {first.reason}{more}",
        file=action.file,
        hint="; or ".join(way for way in (first.hint, None if allowed else _ALLOW) if way) or None,
        key=action.key,
        guard=True,
    )
