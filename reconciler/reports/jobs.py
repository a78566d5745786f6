"""The jobs in which a workflow works on many targets: those that share an environment, and so a credential, share a job."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.errors import UsageError, count
from reconciler.reports.sinks.json import report_json
from reconciler.reports.sinks.text import Part, Style, Text, table
from reconciler.settings.targets import Settings
from reconciler.settings.values import Target

MOST_WAVES: Final = 4
"""The waves that the workflows have."""
MOST_JOBS: Final = 256
"""The jobs that GitHub starts for one matrix."""
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class JobOfTargets:
    """The targets of one wave, environment and organization (host and id)."""

    environment: str
    wave: int
    host: str
    org_id: str
    targets: tuple[str, ...]

    @property
    def arguments(self) -> str:
        """The options that choose these targets. A name has only letters, digits, `-` and `_`, so no shell changes it."""
        return " ".join(f"--target {name}" for name in self.targets)


def jobs_by_environment(settings: Settings, targets: Iterable[Target]) -> tuple[JobOfTargets, ...]:
    """The jobs, by wave, then in the order of the settings. Raises UsageError for more waves or jobs than a workflow has."""
    found: dict[tuple[int, str, str, str], list[str]] = {}
    for target in targets:
        place = (settings.wave(target.name), target.environment, target.host, target.org_id)
        found.setdefault(place, []).append(target.name)
    jobs = tuple(
        JobOfTargets(environment, wave, host, org_id, tuple(names))
        for (wave, environment, host, org_id), names in sorted(found.items(), key=lambda item: item[0][0])
    )
    _check_waves(jobs)
    if len(jobs) > MOST_JOBS:
        hint = f"let targets share an `environment`, or choose fewer with --group; GitHub starts {MOST_JOBS} jobs"
        raise UsageError(f"these targets need {len(jobs)} jobs, more than {MOST_JOBS}", hint=hint)
    return jobs


def _check_waves(jobs: Sequence[JobOfTargets]) -> None:
    late = [name for job in jobs if job.wave > MOST_WAVES for name in job.targets]
    if not late:
        return
    more = f" and {len(late) - _NAMED} more" if len(late) > _NAMED else ""
    said = f"{', '.join(late[:_NAMED])}{more} would be applied after wave {MOST_WAVES}, the last that the workflows have"
    raise UsageError(said, hint=f"shorten the chain of `after` in reconciler.yaml to {count(MOST_WAVES, 'target')}")


def render_jobs_json(jobs: Iterable[JobOfTargets]) -> str:
    """Each job: `environment`, `wave`, `host`, `org_id`, `targets`, and the `arguments` that choose these."""
    return report_json(
        "jobs",
        {
            "jobs": [
                {
                    "environment": job.environment,
                    "wave": job.wave,
                    "host": job.host,
                    "org_id": job.org_id,
                    "targets": list(job.targets),
                    "arguments": job.arguments,
                }
                for job in jobs
            ]
        },
    )


def render_jobs_text(jobs: Iterable[JobOfTargets]) -> str:
    """One line for each job."""
    rows = [(str(job.wave), job.environment, job.host, job.org_id, ", ".join(job.targets)) for job in jobs]
    heading, *lines = table([("WAVE", "ENVIRONMENT", "HOST", "ORGANIZATION", "TARGETS"), *rows])
    text = Text()
    text.line(Part(heading, Style.STRONG))
    for line in lines:
        text.line(line)
    return text.render()
