"""The example repository breaks no rule that it has not switched off."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.sessions.validation import problems_of_files
from reconciler.settings.scope import Scope

SPECS = Path(__file__).parents[2] / "specs"


@pytest.mark.parametrize("target", [None, "local", "stage", "prod"])
def test_the_example_specs_break_no_rule(target: str | None) -> None:
    assert problems_of_files(Scope(SPECS, target)) == ()
