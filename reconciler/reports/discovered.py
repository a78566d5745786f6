"""What separates the sandboxes of each organization from the settings: text and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from reconciler.errors import ExitCode, count
from reconciler.reports.sinks.json import report_json
from reconciler.reports.sinks.text import Part, Style, Text
from reconciler.settings.discovered import Discovered, GoneSandbox, NewSandbox, NotAsked

_NAMED: Final = 3


def exit_code_of(found: Sequence[Discovered]) -> ExitCode:
    """1 if some organization could not be compared in full, 2 if something differs, 0 if nothing does."""
    if any(one.not_asked for one in found):
        return ExitCode.WRONG
    return ExitCode.DIFFERENT if any(one.new or one.gone for one in found) else ExitCode.DONE


def render_discovered_json(found: Sequence[Discovered]) -> str:
    """Each organization: `host`, `org_id`, `new`, `gone`, and the targets that were `not_asked`."""
    return report_json("sandboxes", {"organizations": [asdict(one) for one in found]})


def render_discovered_text(found: Sequence[Discovered], *, color: bool = False) -> str:
    """A block for each organization, with a line for each sandbox that differs, and for what could not be asked."""
    text = Text(color=color)
    for one in found:
        text.line(Part(one.org_id, Style.STRONG), f" on {one.host}")
        for new in one.new:
            text.line(Part("new", Style.ADDED), f"         {_new(new)}", indent=1)
        for gone in one.gone:
            text.line(Part("gone", Style.REMOVED), f"        {_gone(gone)}", indent=1)
        for failed in one.not_asked:
            text.line(Part("not known", Style.WARNING), f"   {_names(failed)}: {failed.why}", indent=1)
        if not (one.new or one.gone or one.not_asked):
            text.line("reconciler.yaml has all of its sandboxes", indent=1)
    return text.render()


def _new(one: NewSandbox) -> str:
    said = ", ".join(part for part in (one.type, one.state) if part)
    return f"{one.name} ({said}): no target has it" if said else f"{one.name}: no target has it"


def _gone(one: GoneSandbox) -> str:
    why = "it does not exist" if one.certain else "it does not exist, or this credential may not use it"
    return f"{one.sandbox} (target {one.target}): {why}"


def _names(failed: NotAsked) -> str:
    more = len(failed.targets) - _NAMED
    shown = ", ".join(failed.targets[:_NAMED])
    return f"{shown} and {count(more, 'more target')}" if more > 0 else shown
