"""Placeholders for secrets in reports.

Plans are posted where others read them, so a secret in a file or in live is shown as a placeholder. Comparisons, digests and writes use the
secret itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.documents.places import MISSING, Missing

WITHHELD: Final = "(withheld: looks like a secret)"
_NUMBERED: Final = "(withheld: looks like a secret, {number})"


def placeholders(secrets: Iterable[str]) -> Mapping[str, str]:
    """The placeholder of each secret; no two secrets share one."""
    texts = sorted(set(secrets))
    if len(texts) == 1:
        return {texts[0]: WITHHELD}
    return {text: _NUMBERED.format(number=number) for number, text in enumerate(texts, start=1)}


def without_secrets(value: Json | Missing, shown: Mapping[str, str]) -> Json | Missing:
    """The value with placeholders in place of these secrets; the same value if it has none."""
    return value if value is MISSING or not shown else _shown(value, shown)


def body_without_secrets(body: Document, shown: Mapping[str, str]) -> Document:
    """The body with placeholders in place of these secrets; the same body if there are none."""
    return {name: _shown(item, shown) for name, item in body.items()} if shown else body


def _shown(value: Json, shown: Mapping[str, str]) -> Json:
    if isinstance(value, str):
        return shown.get(value, value)
    if isinstance(value, dict):
        return {name: _shown(item, shown) for name, item in value.items()}
    return [_shown(item, shown) for item in value] if isinstance(value, list) else value
