"""All rules, by subject and by code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reconciler.documents.shapes import did_you_mean
from reconciler.errors import Severity, UsageError
from reconciler.lint import (
    credentials,
    json_schemas,
    jsonpaths,
    names,
    pagination,
    placeholders,
    requests,
    scheduling,
    spelling,
    submission,
    types,
)
from reconciler.lint.rule import Finding, Rule
from reconciler.lint.subject import Subject

UNUSED_IGNORE: Final = "unused-ignore"


def _by_the_run(_subject: Subject) -> tuple[Finding, ...]:
    """Nothing: only who has run all rules knows what was not ignored."""
    return ()


_IGNORES: Final = (
    Rule(
        code=UNUSED_IGNORE,
        severity=Severity.INFO,
        title="Every `# reconciler: ignore[…]` ignores something",
        why=(
            "What it was written for is mended, or its code is misspelled. Left where it is, it hides the next finding, which "
            "somebody should see."
        ),
        instead="Remove the comment, or the code from it.",
        bad="name: Members # reconciler: ignore[space-in-name]\n",
        good="name: 'Members ' # reconciler: ignore[space-in-name] the service has it like this\n",
        check=_by_the_run,
    ),
)

SUBJECTS: Final[Mapping[str, tuple[Rule, ...]]] = {
    "Placeholders": placeholders.RULES,
    "The request": requests.RULES,
    "Paths into the answer": jsonpaths.RULES,
    "Pagination": pagination.RULES,
    "Schedules": scheduling.RULES,
    "Credentials": credentials.RULES,
    "JSON Schemas": json_schemas.RULES,
    "Types": types.RULES,
    "Names": (*names.RULES, *spelling.RULES),
    "Ids and submission": submission.RULES,
    "Comments": _IGNORES,
}
RULES: Final[Mapping[str, Rule]] = {rule.code: rule for rules in SUBJECTS.values() for rule in rules}


def rule_named(code: str) -> Rule:
    """The rule with this code. Raises UsageError, with the nearest code, where there is none."""
    rule = RULES.get(code)
    if rule is None:
        raise UsageError(f"there is no rule {code[:80]!r}", hint=did_you_mean(code[:80], RULES))
    return rule
