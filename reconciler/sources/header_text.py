"""What HTTP allows in a header."""

from __future__ import annotations

import re
from typing import Final

_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_NOT_IN_A_HEADER: Final = re.compile(r"[^\t\x20-\x7e\x80-\xff]")
_NOT_IN_A_VALUE: Final = re.compile(r"[^\t -~]")


def valid_header_name(name: str) -> bool:
    """Whether HTTP allows this name of a header."""
    return bool(_NAME.fullmatch(name))


def valid_header_value(value: str) -> bool:
    """Whether HTTP allows this value of a header: no line breaks or other control characters."""
    return not _NOT_IN_A_HEADER.search(value)


def is_value(value: str) -> bool:
    """Whether the author of a spec can give a header this value: ASCII characters on one line."""
    return not _NOT_IN_A_VALUE.search(value)
