"""The fake GitHub for the tests of this room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.github.situations import World
from tests.github.situations import world as opened


@pytest.fixture
def world() -> Iterator[World]:
    with opened() as made:
        yield made
