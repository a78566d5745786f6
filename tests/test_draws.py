"""What the tests draw depends on nothing but the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.errors import HypothesisWarning

from tests.draws import FIXED, HANG, RANDOM

PROJECT = Path(__file__).parents[1]
DRAWING = """\
from hypothesis import given, strategies as st
{before}
DRAWN = []

@given(st.lists(st.text() | st.integers() | st.floats() | st.binary(), max_size=4))
def test_draw(values):
    DRAWN.append(repr(values))

def test_show():
    print("DRAWN", *DRAWN, sep="\\n")
"""


def drawn(folder: Path, *words: str, before: str = "", hash_seed: str = "0") -> str:
    """What a hypothesis in a process of its own drew, under this conftest."""
    folder.mkdir()
    (folder / "test_drawing.py").write_text(DRAWING.format(before=before))
    (folder / "conftest.py").write_text("from tests import draws\n\ndraws.register()\n")
    ran = subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-m", "pytest", "-s", "-q", "-p", "no:cacheprovider", f"--rootdir={folder}", *words, str(folder)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "storage")},
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.partition("DRAWN")[2].rpartition("passed")[0].rpartition("\n")[0]


def test_a_process_draws_what_another_drew(tmp_path: Path) -> None:
    first = drawn(tmp_path / "first", hash_seed="1")
    assert first == drawn(tmp_path / "second", hash_seed="2")
    assert len(first.splitlines()) > 50


def test_code_that_is_imported_changes_no_draw(tmp_path: Path) -> None:
    imports = "import reconciler.breaking.json_schema.keywords, tests.lint.test_cases\n"
    assert drawn(tmp_path / "first") == drawn(tmp_path / "second", before=imports)


def test_a_soak_draws_anew(tmp_path: Path) -> None:
    profile = f"--hypothesis-profile={RANDOM}"
    assert drawn(tmp_path / "first", profile) != drawn(tmp_path / "second", profile)


def test_nothing_that_depends_on_speed_fails_a_test_but_in_a_soak() -> None:
    fixed, random = settings.get_profile(FIXED), settings.get_profile(RANDOM)
    assert (fixed.derandomize, fixed.database, fixed.deadline) == (True, None, None)
    assert (random.derandomize, random.deadline) == (False, HANG)
    assert fixed.suppress_health_check


def test_a_warning_of_the_tool_that_draws_is_no_failure(recwarn: pytest.WarningsRecorder, request: pytest.FixtureRequest) -> None:
    filters = request.config.getini("filterwarnings")
    assert filters[0] == "error"
    assert f"default::{HypothesisWarning.__module__}.{HypothesisWarning.__qualname__}" in filters
    assert not recwarn
