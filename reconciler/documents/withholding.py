"""What reports show in the place of secrets.

A plan is posted where everybody reads it, so a secret in a file or in live is shown as a placeholder. What is compared, digested and
written is the text itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.documents.places import MISSING, Missing

WITHHELD: Final = "(withheld: looks like a secret)"
_NUMBERED: Final = "(withheld: looks like a secret, {number})"


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
