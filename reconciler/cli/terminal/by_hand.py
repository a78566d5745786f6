"""Which workflow of this repository applies by hand, so that a hint names one that exists."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reconciler.reports.apply.by_hand import APPLY, PROMOTE, Workflow


def workflow_of(environ: Mapping[str, str]) -> Workflow:
    """`promote.yml` if this checkout has it, which then is the one that applies; otherwise `apply.yml`."""
    there = Path(environ.get("GITHUB_WORKSPACE") or ".") / ".github" / "workflows" / PROMOTE.file
    return PROMOTE if there.is_file() else APPLY
