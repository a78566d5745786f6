"""The times in the query of a schedule of type ADVANCE."""

from __future__ import annotations

import re
from typing import Final

START_TIME: Final = "{START_TIME}"
END_TIME: Final = "{END_TIME}"
_BEFORE_START: Final = re.compile(r"(?:<=?|\b(?:lt|le|before))\s*['\"]?\{START_TIME\}", re.IGNORECASE)
_AFTER_END: Final = re.compile(r"(?:>=?|\b(?:gt|ge|after))\s*['\"]?\{END_TIME\}", re.IGNORECASE)


def is_swapped(query: str) -> bool:
    """Whether a query compares both times the wrong way around, in the usual notations."""
    return bool(_BEFORE_START.search(query) and _AFTER_END.search(query))
