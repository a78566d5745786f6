"""The jobs of one wave as a matrix."""

from __future__ import annotations

import json
from collections.abc import Iterable

from reconciler.reports.jobs import JobOfTargets


def render_matrix(jobs: Iterable[JobOfTargets]) -> str:
    """A JSON list on one line: `job`, `environment`, `org_id`, `target` and `arguments` of each job, which choose its targets.

    `target` is empty if there are several, and `arguments` if there is one.
    """
    return json.dumps(
        [
            {
                "job": f"{job.wave}-{number}",
                "environment": job.environment,
                "org_id": job.org_id,
                "target": job.targets[0] if len(job.targets) == 1 else "",
                "arguments": job.arguments if len(job.targets) > 1 else "",
            }
            for number, job in enumerate(jobs, 1)
        ]
    )
