"""Secrets in actions, which no report of a plan shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reconciler.documents.json_text import Document
from reconciler.documents.withholding import placeholders
from reconciler.errors import Problem
from reconciler.planning.plan import Action


def with_secrets(action: Action, live: Document | None) -> Action:
    """The action with the strings that no report may show: secrets of its file, of live, and of the restored body."""
    if action.desired is None and action.put_back is None:
        return action
    from reconciler.lint.secrets.texts import secret_texts, secrets_of  # noqa: PLC0415 - only a plan with changes needs it

    written = secrets_of(action.desired) if action.desired else ()
    found = secret_texts(live, action.put_back).union(secret.text for secret in written)
    return replace(action, secrets=found) if found else action


def problems_without_secrets(problems: Iterable[Problem], actions: Iterable[Action]) -> tuple[Problem, ...]:
    """The problems, with the secrets of these actions removed from their messages."""
    shown = placeholders(secret for action in actions for secret in action.secrets)
    return tuple(_problem(problem, shown) for problem in problems) if shown else tuple(problems)


def _problem(problem: Problem, shown: Mapping[str, str]) -> Problem:
    hint = _sentence(problem.hint, shown) if problem.hint else problem.hint
    return replace(problem, message=_sentence(problem.message, shown), hint=hint)


def _sentence(text: str, shown: Mapping[str, str]) -> str:
    for secret, placeholder in shown.items():
        text = text.replace(secret, placeholder)
    return text
