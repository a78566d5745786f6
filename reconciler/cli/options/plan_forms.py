"""The plan formats other than terminal text: for programs, for GitHub, for a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.cli.shell import Shell

if TYPE_CHECKING:
    from reconciler.reports.fleet.view import FleetView
    from reconciler.reports.plan.view import PlanView


def plan_rendered(shell: Shell, view: PlanView, form: str) -> str:
    """The plan as `json`, `markdown` or `html`; what renders the other forms is not imported."""
    match form:
        case "json":
            from reconciler.reports.plan.json import render_plan_json

            return render_plan_json(view)
        case "html":
            from reconciler.github.event import pull_request_in
            from reconciler.reports.plan.html.report import render_plan_html

            return render_plan_html(view, pull_request=pull_request_in(shell.environ))
        case _:
            from reconciler.github.links import links_of
            from reconciler.reports.plan.markdown import render_plan_markdown
            from reconciler.reports.sinks.markdown import no_links

            links = links_of(shell.environ, view.commit) or no_links
            return render_plan_markdown(view, links=links, specs=shell.scope.specs.as_posix())


def fleet_rendered(shell: Shell, view: FleetView, form: str) -> str:
    """A report over several targets as `markdown` or `html`; what renders the other is not imported."""
    if form == "html":
        from reconciler.reports.fleet.html import render_fleet_html

        return render_fleet_html(view)
    from reconciler.github.links import links_of
    from reconciler.reports.fleet.markdown import FleetMarkdown, render_fleet_markdown
    from reconciler.reports.sinks.markdown import no_links

    links = links_of(shell.environ, view.commit) or no_links
    return render_fleet_markdown(view, FleetMarkdown(links=links, specs=shell.scope.specs.as_posix()))
