"""Several targets as JSON."""

from __future__ import annotations

from reconciler.reports.fleet.view import FleetView
from reconciler.reports.sinks.json import report_json


def render_fleet_json(view: FleetView) -> str:
    """The report of a command over several targets. `fleet` tells it from the report of one target."""
    return report_json(
        view.report,
        {
            "fleet": True,
            "repository": view.repository,
            "commit": view.commit,
            "digest": view.digest,
            "selection": view.selection,
            "summary": view.summary,
            "targets": view.targets,
            "matrix": view.matrix,
            "variants": view.variants,
        },
    )
