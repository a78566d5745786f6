from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.fakes import CommandLine
from tests.cli.github_runner import Runner
from tests.github.situations import world as opened


@pytest.fixture
def reconciler(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line, with nothing on standard input."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    return CommandLine(capsys)


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Runner]:
    """`reconciler github …` in a folder, beside a stand-in for GitHub."""
    monkeypatch.chdir(tmp_path)
    with opened() as world:
        yield Runner(world, tmp_path, capfd)
