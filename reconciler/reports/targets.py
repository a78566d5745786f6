"""The configured targets: table, JSON and names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from reconciler.documents.json_text import Document
from reconciler.reports.sinks.json import report_json
from reconciler.reports.sinks.text import Part, Style, Text, table
from reconciler.settings.targets import Settings
from reconciler.settings.values import Target

_HEADINGS: Final = ("TARGET", "HOST", "ORGANIZATION", "SANDBOX")


def render_targets_text(targets: Iterable[Target], sources: Mapping[str, tuple[str, ...]] | None = None) -> str:
    """One line for each target; `sources` are those with proofs in each, by target."""
    rows = [(target, (target.name, target.host, target.org_id, target.sandbox)) for target in targets]
    named = [(*row, ", ".join(sources[target.name])) if sources is not None else row for target, row in rows]
    text = Text()
    heading, *lines = table([(*_HEADINGS, "SOURCES") if sources is not None else _HEADINGS, *named])
    text.line(Part(heading, Style.STRONG))
    for line in lines:
        text.line(line)
    return text.render()


def render_targets_json(
    targets: Iterable[Target], sources: Mapping[str, tuple[str, ...]] | None = None, *, settings: Settings
) -> str:
    """Each target in the order of the settings, with its place among the others; and `keys` if there are `sources`."""
    return report_json("targets", {"targets": [_shown(target, settings, sources) for target in targets]})


def _shown(target: Target, settings: Settings, sources: Mapping[str, tuple[str, ...]] | None) -> Document:
    shown: Document = {
        "target": target.name,
        "host": target.host,
        "org_id": target.org_id,
        "sandbox": target.sandbox,
        "environment": target.environment,
        "credentials": target.credentials,
        "groups": list(settings.targets[target.name].groups),
        "after": list(settings.upstreams(target.name)),
        "wave": settings.wave(target.name),
    }
    return shown if sources is None else shown | {"keys": list(sources[target.name])}


def render_targets_names(targets: Iterable[Target]) -> str:
    """One name per line, for a shell loop; the settings allow only letters, digits, `-` and `_` in a name."""
    return "".join(f"{target.name}\n" for target in targets)
