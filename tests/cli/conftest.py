from __future__ import annotations

import io
import sys

import pytest

from tests.cli.fakes import CommandLine


@pytest.fixture
def reconciler(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line, with nothing on standard input."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    return CommandLine(capsys)
