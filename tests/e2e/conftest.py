"""Flow Service over HTTP for the tests that drive the installed command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.emulator import build
from reconciler.emulator.http.server import serving
from tests.e2e.workplace import Workplace


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workplace]:
    with build(":memory:") as emulator, serving(emulator.app) as url:
        workplace = Workplace(tmp_path / "checkout", url, emulator)
        workplace.live()
        yield workplace
