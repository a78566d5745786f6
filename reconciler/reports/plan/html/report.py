"""A plan or drift as one self-contained HTML page: no scripts, no requests, and all content escaped as text."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from reconciler.errors import count
from reconciler.reports.plan.html.cells import Cells
from reconciler.reports.plan.html.page import page_of
from reconciler.reports.plan.renamed_entries import show_renames
from reconciler.reports.plan.view import PlanView
from reconciler.reports.sinks.escaping import for_terminal

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

_QUOTED: Final = re.compile(r"`([^`]+)`")
_LONGEST: Final = 2_000
"""Maximum number of characters of any one string; a name or a message may be as long as a value."""


def render_plan_html(view: PlanView, *, title: str | None = None, drift: bool = False, pull_request: str | None = None) -> str:
    """Render the page. `title` replaces the word Plan; `drift` renders a view from `drift_of` as a drift report.

    The page works from a file, on a phone and in print, supports light and dark mode, and has the same bytes for the same plan.
    `pull_request` is the number of the one that the plan is for.
    """
    view = show_renames(view)
    return without_logging_commands(
        template("plan.html.j2").render(page=page_of(view, title=title, drift=drift, pull_request=pull_request))
    )


def without_logging_commands(html: str) -> str:
    """The page, equivalent in a browser, without `##[command]` for a CI system that logs it."""
    return html.replace("##", "#&#35;")


@cache
def template(name: str) -> Template:
    """The template of a page; everything it is given is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - import takes 0.1 s, and only HTML needs it

    environment = Environment(
        loader=PackageLoader("reconciler.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["sentence"] = _sentence
    environment.globals["cells"] = Cells(_shown)
    return environment.get_template(name)


def _sentence(text: str) -> Markup:
    """A message or a hint, with what stands in backquotes as code."""
    from markupsafe import Markup  # noqa: PLC0415 - comes with jinja2

    parts = _QUOTED.split(_shown(text))
    return Markup("").join(Markup("<code>{}</code>").format(part) if index % 2 else part for index, part in enumerate(parts))


def _shown(value: Any) -> Any:
    """Template output before escaping: one line of visible characters. The page's own markup is passed through."""
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    if len(value) <= _LONGEST:
        return for_terminal(value)
    return f"{for_terminal(value[:_LONGEST])}… {count(len(value) - _LONGEST, 'more character')}"
