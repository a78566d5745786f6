"""The reports that are printed as JSON, and what prints each. It imports nothing: shell completion reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

REPORTS: Final[Mapping[str, str]] = {
    "plan": "plan, restore --dry-run, show",
    "apply": "apply, restore",
    "drift": "drift",
    "status": "status",
    "fleet": "plan, apply, drift and status over several targets, gates",
    "fleet-plan": "plan --out over several targets",
    "validate": "validate",
    "fleet-validate": "validate over several targets",
    "diff": "diff",
    "fleet-diff": "diff over several targets",
    "diff-targets": "diff --targets",
    "breaking": "breaking",
    "fleet-breaking": "breaking over several targets",
    "targets": "targets",
    "jobs": "targets --by environment",
    "sandboxes": "targets --discover",
    "import": "import",
    "try": "try KEY",
    "try-all": "try --all, try KEY KEY",
    "prove": "prove KEY, show",
    "prove-all": "prove --all, prove KEY KEY",
    "prove-dry-run": "prove --dry-run",
    "prove-cleanup": "prove --cleanup",
    "submit": "submit",
    "submit-keys": "submit --keys",
    "doctor": "doctor",
    "explain": "explain",
    "cache": "cache",
    "failure": "any command that ends before it has a report",
}
"""Each report, by the value of its `report`, and the commands that print it with `--format json` or write it with `--report`."""
