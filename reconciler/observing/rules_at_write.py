"""Lint the specs that a plan would write: an error is a problem of the plan, because a spec is permanent.

For an update, a fault that live has in the same place is only a warning: the write makes nothing worse, and other edits can go through.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import msgspec

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.json_text import Document, Json, encode, encode_sorted
from reconciler.errors import Problem, Severity
from reconciler.planning.comparing.difference import comparable_live
from reconciler.planning.plan import Action, ActionName

if TYPE_CHECKING:
    from reconciler.lint.places.placing import Placed


class WriteRules(msgspec.Struct, frozen=True):
    """The settings of rules for written specs.

    `levels` has the severities that differ from those of the rules; with `refuses`, an error refuses the write.
    """

    levels: Mapping[str, str] = msgspec.field(default_factory=dict)
    refuses: bool = True


_WRITES: Final = frozenset({ActionName.CREATE, ActionName.UPDATE, ActionName.ADOPT, ActionName.RENAME})
"""The actions that send sections of a file; an attach sends back the live sections."""
_INDEX: Final = re.compile(r"[0-9]+")


def rule_problems(actions: Iterable[Action], rules: WriteRules) -> tuple[Problem, ...]:
    """The findings with severity error in what these actions write, as problems of the plan."""
    written = [action for action in actions if action.desired is not None and action.action in _WRITES]
    return tuple(problem for action in written for problem in _of_action(action, rules))


def _of_action(action: Action, rules: WriteRules) -> Iterator[Problem]:
    desired = action.desired
    if desired is None:
        return
    found = _findings(desired, rules)
    live = comparable_live(action.seen.body) if found and action.seen else None
    known = Counter(_signature(placed, live) for placed in _findings(_as_live(desired, live), rules)) if live else Counter()
    for placed in found:
        signature = _signature(placed, desired.body)
        is_old = known[signature] > 0
        known[signature] -= is_old
        yield _problem(action, placed.problem, is_old=is_old, refuses=rules.refuses)


def _problem(action: Action, problem: Problem, *, is_old: bool, refuses: bool) -> Problem:
    if is_old or not refuses:
        more = "; the live spec already has it" if is_old else ""
        return replace(problem, severity=Severity.WARNING, message=f"{problem.message}{more}", guard=True)
    what = f"{action.kind.words} {action.key!r}"
    said = f"{what} is not {'created' if action.action is ActionName.CREATE else 'written'}: {problem.message}"
    return replace(problem, message=said, guard=True, hint=_hint(problem))


def _hint(problem: Problem) -> str:
    """How to fix the finding, or switch off a rule that does not apply. Both edit files, so they also work in a pull request."""
    ignore = f"add `# reconciler: ignore[{problem.code}] REASON` at the end of the line"
    rules = f"set `rules: {{{problem.code}: warning}}` in reconciler.yaml"
    is_json = (problem.file or "").endswith(".json")
    said = problem.hint or "correct it"
    return f"{said}{'' if said.endswith('?') else ';'} if the rule does not apply, {rules}" + (
        "" if is_json else f", or {ignore}"
    )


def _findings(spec: DesiredSpec, rules: WriteRules) -> tuple[Placed, ...]:
    from reconciler.lint.run import lint_file  # noqa: PLC0415 - a plan without changes runs no rule

    return lint_file((spec,), rules.levels, only=Severity.ERROR).placed


def _as_live(desired: DesiredSpec, live: Document | None) -> DesiredSpec:
    """The spec with its live body."""
    body = live or {}
    name, provider, spec_type = (body.get(field) for field in ("name", "providerId", "type"))
    return replace(
        desired,
        body_json=encode(body),
        name=name if isinstance(name, str) else desired.name,
        provider_id=provider if isinstance(provider, str) else desired.provider_id,
        spec_type=spec_type if isinstance(spec_type, str) else None,
        source=None,
    )


def _signature(placed: Placed, body: Document | None) -> tuple[str, str, tuple[str, ...], bytes]:
    """The identity of a finding: rule, message, path without list positions, and the value unless it is a mapping or list."""
    from reconciler.lint.subject import value_at  # noqa: PLC0415 - a plan without changes runs no rule

    finding = placed.finding
    value: Json = None if finding.in_envelope else value_at(body, finding.path)
    is_block = isinstance(value, dict | list)
    path = tuple(_INDEX.sub("*", segment) if _INDEX.fullmatch(segment) else segment for segment in finding.path)
    return placed.problem.code, finding.message, path, b"" if is_block else encode_sorted(value)
