"""All rules on the specs of a file, as each target has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, TypeAlias

from reconciler.desired.specs import DesiredSpec
from reconciler.errors import Problem, Severity
from reconciler.lint.places.ignores import Ignore, Ignores, ignores_in
from reconciler.lint.places.placing import FileText, Placed, file_text, in_region, place
from reconciler.lint.registry import BARE_KEY, RULES, UNUSED_IGNORE
from reconciler.lint.rule import Finding, Mark, Rule
from reconciler.lint.rules.bare_keys import NOTHING, bare_keys
from reconciler.lint.rules.credentials import LITERAL_SECRET
from reconciler.lint.rules.placeholders import LEFT_OVER
from reconciler.lint.subject import subject_of
from reconciler.wording.guesses import did_you_mean

Levels: TypeAlias = Mapping[str, str]
"""By a rule's code `off`, `info`, `warning` or `error`, where that is not the rule's own severity."""

_MAX_FINDINGS: Final = 50
"""Of one rule in one spec; who has fifty knows enough."""
_OFF: Final = "off"
_ALONE: Final = (LEFT_OVER, LITERAL_SECRET)
"""Rules beside which no other one speaks of a value: it is not there yet, or is not to be shown."""


@dataclass(frozen=True, slots=True)
class FileLint:
    """What the rules found in one file, less what it asks to ignore, each place once."""

    placed: tuple[Placed, ...]
    ignores: Ignores
    text: FileText | None


def severity_of(rule: Rule, levels: Levels) -> Severity | None:
    """How much a rule weighs here; None if it is off."""
    level = levels.get(rule.code, rule.severity.value)
    return None if level == _OFF else Severity(level)


def lint(specs: Iterable[DesiredSpec], levels: Levels, targets: Sequence[str]) -> list[Problem]:
    """What the rules find in these specs, in any order.

    `targets` are those that each file was read for, one after the other: only where a file gave a spec for each, it can be told of which
    a finding does not hold, and that an ignore has no effect.
    """
    by_path: dict[str, list[DesiredSpec]] = {}
    for spec in specs:
        if spec.path is not None:
            by_path.setdefault(spec.path, []).append(spec)
    problems: list[Problem] = []
    for group in by_path.values():
        is_whole = len(group) == len(targets)
        file = lint_file(group, levels, targets if is_whole else ())
        problems += (placed.problem for placed in file.placed)
        problems += islice(_unused_ignores(file, group[0], levels), _MAX_FINDINGS) if is_whole else ()
    return problems


def lint_file(
    specs: Sequence[DesiredSpec], levels: Levels, targets: Sequence[str] = (), *, only: Severity | None = None
) -> FileLint:
    """What the rules find in one file; `specs` are what it says for each target, which are named where they are known.

    With `only`, what weighs anything else is left out.
    """
    found = [item for item in _findings(specs, levels, only) if only in (None, item[1].severity)]
    may_be_bare = only is None and any(NOTHING in spec.body_json for spec in specs)
    text = file_text(specs[0], for_findings=bool(found) or may_be_bare)
    if text and may_be_bare:
        found += _bare_keys(specs, levels, text)
    ignores = ignores_in(text.text, list(text.root.leaves())) if text and text.may_have_comments else Ignores(())
    seen: dict[tuple[object, ...], tuple[Placed, list[int]]] = {}
    numbers = {id(spec): number for number, spec in enumerate(specs)}
    for spec, problem, finding in found:
        placed = place(problem, finding, spec, text)
        told = placed.problem
        identity = (told.code, told.line or finding.path, told.column, told.end_column, told.message)
        seen.setdefault(identity, (placed, []))[1].append(numbers[id(spec)])
    kept = [
        _named(placed, [targets[number] for number in of if targets], len(specs))
        for placed, of in seen.values()
        if placed.problem.line is None or not ignores.cover(placed.problem.code, placed.problem.line)
    ]
    return FileLint(tuple(kept), ignores, text)


def _named(placed: Placed, targets: Sequence[str], every: int) -> Placed:
    """The same, with the targets that it holds for where there are others: what is mended there is to be mended in an overlay."""
    names = list(dict.fromkeys(targets))
    if not names or len(names) == every:
        return placed
    told = placed.problem
    where = f"in target {names[0]}" if len(names) == 1 else f"in targets {', '.join(names)}"
    return replace(placed, problem=replace(told, message=f"{told.message} ({where})"))


def _findings(
    specs: Sequence[DesiredSpec], levels: Levels, only: Severity | None = None
) -> Iterator[tuple[DesiredSpec, Problem, Finding]]:
    """What every rule finds for each target. Targets that have the same body are looked at once, but may have it from another place."""
    known: dict[tuple[bytes, tuple[str, ...]], list[tuple[Problem, Finding]]] = {}
    for spec in specs:
        what = (spec.body_json, spec.flow_specs)
        if what not in known:
            known[what] = list(_found(spec, levels, only))
        yield from ((spec, problem, finding) for problem, finding in known[what])


def _found(spec: DesiredSpec, levels: Levels, only: Severity | None) -> Iterator[tuple[Problem, Finding]]:
    subject = subject_of(spec)
    alone = {code: list(RULES[code].check(subject)) for code in _ALONE if severity_of(RULES[code], levels) is not None}
    spoken_for = {code: {finding.path for finding in found} for code, found in alone.items()}
    for rule in RULES.values():
        if severity_of(rule, levels) is None or not _may_weigh(rule, levels, only):
            continue
        for finding in islice(alone[rule.code] if rule.code in alone else rule.check(subject), _MAX_FINDINGS):
            others = (paths for code, paths in spoken_for.items() if code != rule.code)
            if finding.mark is Mark.VALUE and not finding.in_envelope and any(finding.path in paths for paths in others):
                continue
            yield _problem(spec, rule, finding, levels), finding


def _may_weigh(rule: Rule, levels: Levels, only: Severity | None) -> bool:
    """Whether a finding of this rule may weigh this, so that the rule has to be asked."""
    return only is None or severity_of(rule, levels) is only or (rule.code not in levels and rule.at_most is only)


def _problem(spec: DesiredSpec, rule: Rule, finding: Finding, levels: Levels) -> Problem:
    """The finding as a problem. What it weighs by itself counts where the settings do not say what its rule does."""
    own = finding.severity if finding.severity is not None and rule.code not in levels else None
    severity = own or severity_of(rule, levels) or rule.severity
    return Problem(severity, rule.code, finding.message, spec.file, hint=finding.hint or rule.hint, key=spec.key)


def _bare_keys(specs: Sequence[DesiredSpec], levels: Levels, text: FileText) -> Iterator[tuple[DesiredSpec, Problem, Finding]]:
    """Keys without a value inside braces, which only the text of the file shows."""
    rule = RULES[BARE_KEY]
    if severity_of(rule, levels) is not None:
        for finding in islice(bare_keys(text), _MAX_FINDINGS):
            yield from ((spec, _problem(spec, rule, finding, levels), finding) for spec in specs)


def _unused_ignores(file: FileLint, spec: DesiredSpec, levels: Levels) -> Iterator[Problem]:
    rule = RULES[UNUSED_IGNORE]
    severity = severity_of(rule, levels)
    if severity is None or file.text is None:
        return
    for ignore in file.ignores.all:
        for message, hint in _useless(ignore, levels):
            problem = Problem(severity, rule.code, message, spec.file, hint=hint, key=spec.key)
            yield in_region(problem, ignore.span, file.text)


def _useless(ignore: Ignore, levels: Levels) -> Iterator[tuple[str, str]]:
    """What is wrong with a comment, and the next step. Of a rule that is off nobody knows what it would have found."""
    if ignore.in_text:
        yield (
            "this comment is inside a string: it is sent to the service and ignores nothing",
            "write it on the line where the text begins, behind > or |",
        )
        return
    if not ignore.codes:
        yield "this comment names no rule, so it ignores nothing", "write # reconciler: ignore[code], and the reason"
    for code in ignore.unused:
        if code not in RULES:
            yield f"unknown rule {code[:80]!r}", did_you_mean(code[:80], RULES)
        elif severity_of(RULES[code], levels) is not None:
            yield f"`{code}` finds nothing here, so this comment ignores nothing", RULES[UNUSED_IGNORE].hint
