"""Find the specs with a change that was committed longer ago than `drift.max_pending` and is not applied."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec

from reconciler.desired.git.arrivals import Arrivals
from reconciler.documents.comparison import Cause
from reconciler.errors import Problem, Severity
from reconciler.planning.comparing.causes import REPORTED_AS_DRIFT
from reconciler.planning.comparing.ownership import Marker
from reconciler.planning.gate import Gate
from reconciler.planning.gating.upstream import Identity, by_spec
from reconciler.planning.overdue import Overdue
from reconciler.planning.plan import Action, Plan, SpecStatus
from reconciler.settings.targets import Settings
from reconciler.wording.moments import moment, seconds_at, span_words

NOT_APPLIED: Final = "not-applied-yet"
_SHORT: Final = 7


class Pendings(msgspec.Struct, frozen=True):
    """Looks at plans of one checkout. `longest` is how many seconds a change may be pending; `now` replaces the time of the service."""

    specs: Path
    longest: float
    arrivals: Arrivals
    now: float | None = None

    @classmethod
    def of(cls, specs: Path, longest: float) -> Pendings:
        """For the checkout that contains this specs folder."""
        return cls(specs, longest, Arrivals.of(specs))

    def added_to(self, plan: Plan) -> Plan:
        """The plan with what is overdue, and a warning for each.

        What properly waits at a gate is not overdue; `gates` of the plan tell. Where a target before could not be read, that is said.

        The time is that of the service, else that of this machine.
        """
        given = self.now if self.now is not None else plan.served_at
        found = tuple(self._overdue(plan, time.time() if given is None else given))
        if not found:
            return plan
        return replace(plan, overdue=found, problems=(*plan.problems, *(_problem(one, self.longest) for one in found)))

    def _overdue(self, plan: Plan, now: float) -> Iterator[Overdue]:
        pending = of_the_repository(plan)
        for status in plan.specs:
            identity = (status.kind, status.key)
            gate = plan.gates.get(identity, Gate())
            if identity in pending and status.file is not None and not waits_properly(gate):
                found = self._of(status, plan.markers.get(identity), now)
                if found is not None:
                    yield found if gate.is_ready else replace(found, why_not=gate.waits[0].message)

    def _of(self, status: SpecStatus, marker: Marker | None, now: float) -> Overdue | None:
        """The spec, if it is overdue, or may be."""
        file = status.file or ""
        here = Overdue(status.kind, status.key, file)
        written = seconds_at(marker.at) if marker and marker.at else None
        if written is not None and now - written <= self.longest:
            return None
        if self.arrivals.why_not is not None:
            return replace(here, why_not=self.arrivals.why_not) if marker else None
        commits = self.arrivals.of_file(file.removeprefix(f"{self.specs.as_posix()}/"), now)
        if marker is None or marker.commit is None:
            if self.arrivals.is_shallow:
                return replace(here, why_not="the history of this clone is cut off")
            missing = commits
        else:
            later = self.arrivals.after(marker.commit)
            if later is None:
                return replace(here, why_not=f"this clone does not contain {marker.commit[:_SHORT]}, which was applied last")
            missing = [one for one in commits if one[0] in later]
            if not missing:
                return replace(here, why_not=f"no commit since {marker.commit[:_SHORT]} changed its file")
        if not missing or now - missing[-1][1] <= self.longest:
            return None
        commit, arrived = missing[-1]
        return replace(here, commit=commit, since=moment(arrived), commits=len(missing))


def pendings_for(specs: Path, settings: Settings) -> Pendings | None:
    """What looks at plans of this checkout; None if a change may be pending for any time."""
    longest = settings.drift.max_pending
    return None if longest is None else Pendings.of(specs, longest)


def of_the_repository(plan: Plan) -> Mapping[Identity, tuple[Action, ...]]:
    """By spec, the actions that have a change of the repository in them."""
    return by_spec(plan, [action for action in plan.actions if _is_of_the_repository(action)])


def _is_of_the_repository(action: Action) -> bool:
    return action.cause is Cause.BOTH or action.cause not in REPORTED_AS_DRIFT


def waits_properly(gate: Gate) -> bool:
    """Whether something that was read keeps the spec at its gate."""
    return any(not wait.unsure for wait in gate.waits)


def _problem(one: Overdue, longest: float) -> Problem:
    if one.since is not None and one.why_not is not None:
        message = f"not applied since {one.since}, and whether it waits at a gate is not known: {one.why_not}"
        hint = f"`reconciler gates {one.key}` shows the gates of this target"
        return Problem(Severity.WARNING, NOT_APPLIED, message, file=one.file, key=one.key, hint=hint)
    if one.why_not is not None:
        message = f"a change of this spec is not applied, and since when is not known: {one.why_not}"
        hint = "check the last run of apply; in a workflow, check out the whole history (`fetch-depth: 0`)"
        return Problem(Severity.WARNING, NOT_APPLIED, message, file=one.file, key=one.key, hint=hint)
    more = f", and {one.commits - 1} more" if one.commits > 1 else ""
    message = (
        f"not applied since {one.since} (commit {(one.commit or '')[:_SHORT]}{more}); drift.max_pending is {span_words(longest)}"
    )
    hint = f"check the run of apply for that commit, then run apply for {one.key}"
    return Problem(Severity.WARNING, NOT_APPLIED, message, file=one.file, key=one.key, hint=hint)
