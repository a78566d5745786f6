"""What no report shows: texts of a body that are secrets, as far as can be told.

A plan is posted where everybody reads it, so a secret that stands in a file, or in live, is shown as a placeholder in its place. What is
compared, digested and written is the text itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.documents.places import MISSING, Missing
from reconciler.errors import Problem
from reconciler.planning.plan import Action

WITHHELD: Final = "(withheld: it looks like a secret)"
_NUMBERED: Final = "(withheld: it looks like a secret, {number})"


def with_secrets(action: Action, live: Document | None) -> Action:
    """The action with the texts that no report may show: those of its file, of live, and of what is put back."""
    if action.desired is None and action.put_back is None:
        return action
    found = secrets_of(action.desired.body if action.desired else None, live, action.put_back)
    return replace(action, secrets=found) if found else action


def secrets_of(*bodies: Document | None) -> frozenset[str]:
    """The texts of these bodies that no report may show."""
    from reconciler.lint.secrets.texts import secret_texts  # noqa: PLC0415 - a quiet plan looks for none

    return secret_texts(*bodies)


def placeholders(secrets: Iterable[str]) -> Mapping[str, str]:
    """What is shown for each of these texts; two texts are never shown as the same."""
    texts = sorted(set(secrets))
    if len(texts) == 1:
        return {texts[0]: WITHHELD}
    return {text: _NUMBERED.format(number=number) for number, text in enumerate(texts, start=1)}


def without_secrets(value: Json | Missing, shown: Mapping[str, str]) -> Json | Missing:
    """A value with what is shown in the place of each secret; the value itself where it has none."""
    return value if value is MISSING or not shown else _shown(value, shown)


def body_without_secrets(body: Document, shown: Mapping[str, str]) -> Document:
    """A body with what is shown in the place of each secret; the body itself where it has none."""
    return {name: _shown(item, shown) for name, item in body.items()} if shown else body


def _shown(value: Json, shown: Mapping[str, str]) -> Json:
    if isinstance(value, str):
        return shown.get(value, value)
    if isinstance(value, dict):
        return {name: _shown(item, shown) for name, item in value.items()}
    return [_shown(item, shown) for item in value] if isinstance(value, list) else value


def problems_without_secrets(problems: Iterable[Problem], actions: Iterable[Action]) -> tuple[Problem, ...]:
    """The problems without the secrets of these actions, which their sentences may quote."""
    shown = placeholders(secret for action in actions for secret in action.secrets)
    return tuple(_problem(problem, shown) for problem in problems) if shown else tuple(problems)


def _problem(problem: Problem, shown: Mapping[str, str]) -> Problem:
    hint = _sentence(problem.hint, shown) if problem.hint else problem.hint
    return replace(problem, message=_sentence(problem.message, shown), hint=hint)


def _sentence(text: str, shown: Mapping[str, str]) -> str:
    for secret, placeholder in shown.items():
        text = text.replace(secret, placeholder)
    return text
