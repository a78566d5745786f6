"""Every explanation: the rules and the findings of `try`, each beside its check, and the tables of this room."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from reconciler.errors import UsageError
from reconciler.explaining.text import Explanation
from reconciler.explaining.texts import applies, checks, effects, errors, files, others, plans, proofs
from reconciler.lint.registry import RULES
from reconciler.sources.codes.table import FINDINGS
from reconciler.wording.guesses import nearest, suggestion

TABLES: Final[tuple[tuple[Explanation, ...], ...]] = (
    errors.ERRORS,
    files.FILES,
    files.TEXT,
    plans.GUARDS,
    plans.NOTES,
    applies.CAUSES,
    applies.FAILURES,
    applies.OUTCOMES,
    effects.EFFECTS,
    checks.DOCTOR,
    proofs.PROOF_FILES,
    proofs.PROVE,
    others.IMPORT,
    others.SUBMIT,
    others.GITHUB,
)
"""The codes that have no rule, by subject. A code that several rooms use is in several tables."""
_PREFIX: Final = "-"
"""A code that ends with this stands for all that begin with it: `read-` for `read-flow-specs`."""


@cache
def explanations() -> tuple[Explanation, ...]:
    """All of them, by subject, as `explain` lists them."""
    return (*_rules(), *_findings(), *(row for table in TABLES for row in table))


def explanations_of(code: str) -> tuple[Explanation, ...]:
    """What this code means, for each room that uses it. Raises UsageError, with the nearest code, if there is none."""
    found = tuple(row for row in explanations() if row.code == code or (row.code.endswith(_PREFIX) and code.startswith(row.code)))
    if not found:
        meant = nearest(code, dict.fromkeys(row.code for row in explanations()))
        hint = suggestion(meant) if meant else "`reconciler explain` lists all codes"
        raise UsageError(f"unknown code {code[:80]!r}", hint=hint)
    return found


def _rules() -> Iterator[Explanation]:
    for rule in RULES.values():
        yield Explanation(rule.code, rule.title, rule.why, rule.instead, "Rules", "validate and plan", rule.severity)


def _findings() -> Iterator[Explanation]:
    for text in FINDINGS.values():
        if text.code not in RULES:
            yield Explanation(text.code, text.title, text.why, text.instead, "Findings of try", "try and prove", text.severity)
