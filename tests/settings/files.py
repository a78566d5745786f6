"""A reconciler.yaml of a test: its settings, or its problems."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from reconciler.errors import SettingsError
from reconciler.settings.loading import load_settings
from reconciler.settings.targets import Settings

HEAD: Final = "version: 1\nrepository: acme/aep-sources\n"
FLEET: Final = """\
fleets:
  customers:
    org_id: 9@AdobeOrg
    sandboxes: [emea, apac]
"""


def settings(folder: Path, text: str, head: str = HEAD) -> Settings:
    """The settings of this file, which begins with `head`."""
    (folder / "reconciler.yaml").write_text(head + text)
    return load_settings(folder)


def problems(folder: Path, text: str, head: str = HEAD) -> list[tuple[int | None, str]]:
    """The line and the message of each problem; each has a hint, too."""
    with pytest.raises(SettingsError) as refused:
        settings(folder, text, head)
    assert all(problem.hint for problem in refused.value.problems)
    return [(problem.line, problem.message) for problem in refused.value.problems]
