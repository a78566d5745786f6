"""All codes of `try`, by subject and by code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reconciler.sources.codes.answers import ANSWERS
from reconciler.sources.codes.ends import ENDS
from reconciler.sources.codes.pages import PAGES
from reconciler.sources.codes.requests import REQUESTS
from reconciler.sources.codes.rows import ROWS
from reconciler.sources.codes.text import FindingText

SUBJECTS: Final[Mapping[str, tuple[FindingText, ...]]] = {
    "The request": REQUESTS,
    "The answers": ANSWERS,
    "The pages": PAGES,
    "The end": ENDS,
    "Records and windows": ROWS,
}
FINDINGS: Final[Mapping[str, FindingText]] = {text.code: text for texts in SUBJECTS.values() for text in texts}
