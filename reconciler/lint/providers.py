"""The providers of Self-Serve Sources, and what an id looks like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from reconciler.lint.subject import BATCH, STREAMING

PROVIDERS: Final[Mapping[str, str]] = {
    BATCH: "0ed90a81-07f4-4586-8190-b40eccef1c5a",
    STREAMING: "521eee4d-8cbe-4906-bb48-fb6bd4450033",
}
"""The provider's id, by the type of source."""
ID_LENGTH: Final = 36
_ID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def is_id(text: str) -> bool:
    """Whether this is a UUID as the service writes them."""
    return bool(_ID.fullmatch(text))
