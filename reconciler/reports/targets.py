"""The configured targets: table, JSON and names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reconciler.reports.sinks.json import to_json
from reconciler.reports.sinks.text import Part, Style, Text, table
from reconciler.settings.values import Target

_HEADINGS: Final = ("TARGET", "HOST", "ORGANIZATION", "SANDBOX")


def render_targets_text(targets: Iterable[Target]) -> str:
    """One line for each target."""
    text = Text()
    heading, *rows = table([_HEADINGS, *((target.name, target.host, target.org_id, target.sandbox) for target in targets)])
    text.line(Part(heading, Style.STRONG))
    for row in rows:
        text.line(row)
    return text.render()


def render_targets_json(targets: Iterable[Target]) -> str:
    """`{"targets": [{"target", "host", "org_id", "sandbox"}]}`, in the order of the settings."""
    return to_json(
        {
            "targets": [
                {"target": target.name, "host": target.host, "org_id": target.org_id, "sandbox": target.sandbox}
                for target in targets
            ]
        }
    )


def render_targets_names(targets: Iterable[Target]) -> str:
    """One name per line, for a shell loop; the settings allow only letters, digits, `-` and `_` in a name."""
    return "".join(f"{target.name}\n" for target in targets)
