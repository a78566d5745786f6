"""All rules, by subject and by code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from reconciler.errors import Severity, UsageError
from reconciler.lint.rule import Finding, Rule
from reconciler.lint.rules import (
    credentials,
    json_schemas,
    jsonpaths,
    key_based,
    names,
    old_names,
    pagination,
    placeholders,
    requests,
    scheduling,
    sections,
    spelling,
    submission,
    types,
)
from reconciler.lint.rules.sending import expressions, headers, queries
from reconciler.lint.subject import Subject
from reconciler.wording.guesses import did_you_mean

UNUSED_IGNORE: Final = "unused-ignore"


def _by_the_run(_subject: Subject) -> tuple[Finding, ...]:
    """No findings: `lint.run` reports unused ignores, after all other rules have run."""
    return ()


_IGNORES: Final = (
    Rule(
        code=UNUSED_IGNORE,
        severity=Severity.INFO,
        title="Every `# reconciler: ignore[…]` ignores something",
        why=(
            "The finding that it was written for is fixed, or its code is misspelled. If the comment stays, it hides the next "
            "finding."
        ),
        instead="Remove the comment, or the code from it.",
        bad="name: Members # reconciler: ignore[space-in-name]\n",
        good="name: 'Members ' # reconciler: ignore[space-in-name] the service has it like this\n",
        check=_by_the_run,
    ),
)

BARE_KEY: Final = "bare-key"
_TEXTS: Final = (
    Rule(
        code=BARE_KEY,
        severity=Severity.WARNING,
        title="Inside braces every key has a value",
        why=(
            "In YAML a comma inside braces ends the value, also in the middle of a sentence: the rest becomes another key "
            "without a value, and users see only the beginning of the string."
        ),
        instead="Quote the string, or write the value of the key.",
        bad="sourceSpec: {attributes: {uiAttributes: {label: {key: Members, points and tiers}}}}\n",
        good="sourceSpec: {attributes: {uiAttributes: {label: {key: 'Members, points and tiers'}}}}\n",
        check=_by_the_run,
    ),
)

SUBJECTS: Final[Mapping[str, tuple[Rule, ...]]] = {
    "Placeholders": placeholders.RULES,
    "The request": (*requests.RULES, *expressions.RULES, *headers.RULES, *queries.RULES),
    "Paths into the answer": jsonpaths.RULES,
    "Pagination": pagination.RULES,
    "Schedules": scheduling.RULES,
    "Credentials": (*credentials.RULES, *key_based.RULES),
    "JSON Schemas": json_schemas.RULES,
    "Types": (*sections.RULES, *types.RULES),
    "Names": (*names.RULES, *_TEXTS, *spelling.RULES, *old_names.RULES),
    "Ids and submission": submission.RULES,
    "Comments": _IGNORES,
}
RULES: Final[Mapping[str, Rule]] = {rule.code: rule for rules in SUBJECTS.values() for rule in rules}


def rule_named(code: str, others: Iterable[str] = ()) -> Rule:
    """The rule with this code. Raises UsageError, with the nearest code of the rules and of `others`, if there is none."""
    rule = RULES.get(code)
    if rule is None:
        raise UsageError(f"unknown rule {code[:80]!r}", hint=did_you_mean(code[:80], [*RULES, *others]))
    return rule
