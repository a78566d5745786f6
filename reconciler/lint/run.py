"""Run all rules on the specs of a file, for each target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import islice
from typing import Final, TypeAlias

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.pointer import Segments
from reconciler.errors import Problem, Severity
from reconciler.lint.kept import KeptFindings
from reconciler.lint.places.ignores import Ignore, Ignores, ignores_in
from reconciler.lint.places.placing import FileText, Placed, file_text, in_region, place
from reconciler.lint.registry import BARE_KEY, RULES, UNUSED_IGNORE
from reconciler.lint.rule import Finding, Mark, Rule
from reconciler.lint.rules.bare_keys import NOTHING, bare_keys
from reconciler.lint.rules.credentials import LITERAL_SECRET
from reconciler.lint.rules.placeholders import LEFT_OVER
from reconciler.lint.subject import Subject, subject_of
from reconciler.wording.guesses import did_you_mean

Levels: TypeAlias = Mapping[str, str]
"""Rule codes with `off`, `info`, `warning` or `error`, for rules that do not have their own severity."""

_MAX_FINDINGS: Final = 50
"""Findings reported for one rule in one spec."""
_OFF: Final = "off"
_ALONE: Final = (LEFT_OVER, LITERAL_SECRET)
"""Rules that suppress other findings on the same value: it is still a placeholder, or must not be shown."""


@dataclass(frozen=True, slots=True)
class FileLint:
    """The findings in one file, without duplicates and ignored ones."""

    placed: tuple[Placed, ...]
    ignores: Ignores
    text: FileText | None


def severity_of(rule: Rule, levels: Levels) -> Severity | None:
    """The severity of a rule with these settings; None if it is off."""
    level = levels.get(rule.code, rule.severity.value)
    return None if level == _OFF else Severity(level)


def lint(specs: Iterable[DesiredSpec], levels: Levels, targets: Sequence[str], kept: KeptFindings | None = None) -> list[Problem]:
    """The findings in these specs, in no particular order.

    `targets` are those that each file was read for. Only if a file has a spec for each of them, a finding names its targets, and unused
    ignores are reported. `kept` has the findings of earlier runs.
    """
    by_path: dict[str, list[DesiredSpec]] = {}
    for spec in specs:
        if spec.path is not None:
            by_path.setdefault(spec.path, []).append(spec)
    problems: list[Problem] = []
    for group in by_path.values():
        is_whole = len(group) == len(targets)
        names = tuple(targets) if is_whole else ()
        problems += _kept_or_found(kept, group, names, partial(_of_file, group, levels, names, is_whole=is_whole))
    return problems


def _kept_or_found(
    kept: KeptFindings | None, specs: Sequence[DesiredSpec], names: Sequence[str], find: Callable[[], list[Problem]]
) -> list[Problem]:
    return find() if kept is None else kept.of(specs, names, find)


def _of_file(specs: Sequence[DesiredSpec], levels: Levels, names: Sequence[str], *, is_whole: bool) -> list[Problem]:
    file = lint_file(specs, levels, names)
    unused = islice(_unused_ignores(file, specs[0], levels), _MAX_FINDINGS) if is_whole else ()
    return [*(placed.problem for placed in file.placed), *unused]


def lint_targets(
    specs: Mapping[str, Iterable[DesiredSpec]], levels: Levels, number: int, kept: KeptFindings | None = None
) -> list[Problem]:
    """The findings in the specs of several targets, by target, in no particular order, each with its targets.

    Unused ignores are reported in files with a spec for each of the `number` targets that there are. `kept` has the findings of earlier
    runs.
    """
    by_path: dict[str, dict[str, DesiredSpec]] = {}
    for target, of_target in specs.items():
        for spec in of_target:
            if spec.path is not None:
                by_path.setdefault(spec.path, {})[target] = spec
    problems: list[Problem] = []
    for group in by_path.values():
        names, members = tuple(group), tuple(group.values())
        find = partial(_of_targets, members, levels, names, is_whole=len(group) == number)
        problems += _kept_or_found(kept, members, names, find)
    return problems


def _of_targets(specs: Sequence[DesiredSpec], levels: Levels, names: tuple[str, ...], *, is_whole: bool) -> list[Problem]:
    file = lint_file(specs, levels, names)
    unused = islice(_unused_ignores(file, specs[0], levels), _MAX_FINDINGS) if is_whole else ()
    return [*(placed.problem for placed in file.placed), *(replace(problem, targets=names) for problem in unused)]


def lint_file(
    specs: Sequence[DesiredSpec], levels: Levels, targets: Sequence[str] = (), *, only: Severity | None = None
) -> FileLint:
    """The findings in one file; `specs` are its specs, one per target, and `targets` their names, if known.

    With `only`, findings of any other severity are left out, and so are the ignores if nothing is found.
    """
    found = [item for item in _findings(specs, levels, only) if only in (None, item[1].severity)]
    if only is not None and not found:
        return FileLint((), Ignores(()), None)
    may_be_bare = only is None and any(NOTHING in spec.body_json for spec in specs)
    text = file_text(specs[0], for_findings=bool(found) or may_be_bare)
    if text and may_be_bare:
        found += _bare_keys(specs, levels, text)
    ignores = ignores_in(text.text, text.root.leaves()) if text and text.may_have_comments else Ignores(())
    seen: dict[tuple[object, ...], tuple[Placed, list[int]]] = {}
    numbers: dict[int, list[int]] = {}
    for number, spec in enumerate(specs):
        numbers.setdefault(id(spec), []).append(number)  # a file that is the same for all targets is one spec
    for spec, problem, finding in found:
        placed = place(problem, finding, spec, text)
        told = placed.problem
        identity = (told.code, told.line or finding.path, told.column, told.end_column, told.message)
        seen.setdefault(identity, (placed, []))[1].extend(numbers[id(spec)])
    kept = [
        _named(placed, [targets[number] for number in of if targets], len(specs))
        for placed, of in seen.values()
        if placed.problem.line is None or not ignores.cover(placed.problem.code, placed.problem.line)
    ]
    return FileLint(tuple(kept), ignores, text)


def _named(placed: Placed, targets: Sequence[str], every: int) -> Placed:
    """The finding with the names of its targets, unless it holds for all: a fix for some belongs in their overlays."""
    names = tuple(dict.fromkeys(targets))
    told = replace(placed.problem, targets=names)
    if not names or len(names) == every:
        return replace(placed, problem=told)
    where = f"in target {names[0]}" if len(names) == 1 else f"in targets {', '.join(names)}"
    return replace(placed, problem=replace(told, message=f"{told.message} ({where})"))


def _findings(
    specs: Sequence[DesiredSpec], levels: Levels, only: Severity | None = None
) -> Iterator[tuple[DesiredSpec, Problem, Finding]]:
    """The findings of all rules for each target. Equal bodies are checked once, but may come from different places in the file."""
    known: dict[tuple[bytes, tuple[str, ...]], list[tuple[Problem, Finding]]] = {}
    for spec in specs:
        what = (spec.body_json, spec.flow_specs)
        if what not in known:
            known[what] = list(_found(spec, levels, only))
        yield from ((spec, problem, finding) for problem, finding in known[what])


def _found(spec: DesiredSpec, levels: Levels, only: Severity | None) -> Iterator[tuple[Problem, Finding]]:
    subject = subject_of(spec)
    spoken_for: Mapping[str, AbstractSet[Segments]] | None = None
    for rule in _that_run(frozenset(levels.items()), only):
        for finding in islice(rule.check(subject), _MAX_FINDINGS):
            if spoken_for is None:  # most specs have no finding
                spoken_for = _spoken_for(subject, levels)
            others = (paths for code, paths in spoken_for.items() if code != rule.code)
            if finding.mark is Mark.VALUE and not finding.in_envelope and any(finding.path in paths for paths in others):
                continue
            yield _problem(spec, rule, finding, levels), finding


def _spoken_for(subject: Subject, levels: Levels) -> Mapping[str, AbstractSet[Segments]]:
    """The values on which the rules that suppress others have a finding, by the rule."""
    return {
        code: {finding.path for finding in RULES[code].check(subject)}
        for code in _ALONE
        if severity_of(RULES[code], levels) is not None
    }


@lru_cache(maxsize=64)
def _that_run(levels: frozenset[tuple[str, str]], only: Severity | None) -> tuple[Rule, ...]:
    """The rules to run with these settings."""
    set_to = dict(levels)
    return tuple(rule for rule in RULES.values() if severity_of(rule, set_to) is not None and _may_weigh(rule, set_to, only))


def _may_weigh(rule: Rule, levels: Levels, only: Severity | None) -> bool:
    """Whether a finding of this rule may have the severity `only`, so that the rule must run."""
    return only is None or severity_of(rule, levels) is only or (rule.code not in levels and rule.at_most is only)


def _problem(spec: DesiredSpec, rule: Rule, finding: Finding, levels: Levels) -> Problem:
    """The finding as a problem. Its own severity counts unless the settings set that of the rule."""
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
    """What is wrong with an ignore comment, and the hint. A rule that is off is not reported, since its findings are unknown."""
    if ignore.in_text:
        yield (
            "this comment is inside a string: it is sent to the service and ignores nothing",
            "move it to the line with > or |",
        )
        return
    if not ignore.codes:
        yield "this comment names no rule, so it ignores nothing", "write # reconciler: ignore[code], and the reason"
    for code in ignore.unused:
        if code not in RULES:
            yield f"unknown rule {code[:80]!r}", did_you_mean(code[:80], RULES)
        elif severity_of(RULES[code], levels) is not None:
            yield f"`{code}` has no finding here: this comment ignores nothing", RULES[UNUSED_IGNORE].hint
