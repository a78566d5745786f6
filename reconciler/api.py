"""The Python interface: `validate`, `plan`, `apply`, `drift` and `status`, for schedulers, notebooks and other programs.

Each function does what the command of its name does, and returns a frozen value: what the command prints as JSON, with the same names
(docs/json.md). `as_json` is that JSON. Nothing is printed, no signal is handled, and the process is never ended. Calls may be made from
several threads. What goes wrong is a `ReconcilerError` with `code`, `message` and `hint` (docs/api.md lists its classes).

`specs` is the specs folder, `target` a target of its reconciler.yaml (None: the default target), `environ` the variables that credentials
and overrides are read from (None: `os.environ`), and `stop` a `Stop` that another thread may set.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias, Unpack

from reconciler.applying.engine import refuse_errors
from reconciler.applying.stopping import Stop
from reconciler.errors import (
    ExitCode,
    Interrupted,
    JournalError,
    ReconcilerError,
    Refused,
    ServiceError,
    ServiceUnreachable,
    SettingsError,
    SpecFileError,
    UsageError,
)
from reconciler.observing.overdue import pendings_for
from reconciler.planning import plan as planning
from reconciler.reports.apply.json import render_view_json
from reconciler.reports.apply.view import ApplyView, apply_view_of
from reconciler.reports.drift.view import DriftView, drift_view_of
from reconciler.reports.plan.json import render_drift_json, render_plan_json
from reconciler.reports.plan.view import PlanView, view_of
from reconciler.reports.problems.json import render_validation_json
from reconciler.reports.problems.view import ValidationView, problem_view
from reconciler.reports.status.json import render_status_view_json
from reconciler.reports.status.view import StatusView, status_view_of
from reconciler.sessions.plan_options import PlanOverrides, options_of
from reconciler.sessions.service import ServiceSessions
from reconciler.settings.loading import load_settings
from reconciler.settings.scope import Scope

__all__ = [
    "ApplyView",
    "DriftView",
    "ExitCode",
    "Interrupted",
    "JournalError",
    "PlanOverrides",
    "PlanView",
    "ReconcilerError",
    "Refused",
    "Report",
    "ServiceError",
    "ServiceUnreachable",
    "SettingsError",
    "SpecFileError",
    "StatusView",
    "Stop",
    "UsageError",
    "ValidationView",
    "apply",
    "as_json",
    "drift",
    "plan",
    "status",
    "validate",
]

Report: TypeAlias = ValidationView | PlanView | DriftView | StatusView | ApplyView
"""What one of the functions returns."""

Folder: TypeAlias = "str | os.PathLike[str]"


def validate(specs: Folder = "specs", *, target: str | None = None) -> ValidationView:
    """Check the spec files offline, for every target or only for one. Mistakes in files are problems of the result."""
    found = ServiceSessions({}).validate(Scope(Path(specs), target))
    return ValidationView(tuple(map(problem_view, found)))


def plan(
    specs: Folder = "specs",
    *,
    target: str | None = None,
    keys: Iterable[str] = (),
    environ: Mapping[str, str] | None = None,
    stop: Stop | None = None,
    **overrides: Unpack[PlanOverrides],
) -> PlanView:
    """What apply would do, for all specs or for these keys. Nothing is written.

    `overrides` are the options of `reconciler plan`, such as `prune=True` or `max_creates=3`. What apply would refuse is a problem of
    severity `error` in the result. Raises ReconcilerError if there is no plan.
    """
    return view_of(_read(specs, target, keys, environ, stop, overrides, evidence=True))


def drift(
    specs: Folder = "specs",
    *,
    target: str | None = None,
    keys: Iterable[str] = (),
    environ: Mapping[str, str] | None = None,
    stop: Stop | None = None,
) -> DriftView:
    """What was changed in Flow Service, for all specs or for these keys. Nothing can be written.

    `found` is whether there is any. `complete` is False if there may be more: then `problems` say why. `overdue` has the changes of the
    repository that are not applied after `drift.max_pending`. Raises ReconcilerError if drift cannot be looked for at all.
    """
    made = _read(specs, target, keys, environ, stop, {}, gated=False)
    pendings = pendings_for(Path(specs), load_settings(Path(specs)))
    return drift_view_of(view_of(pendings.added_to(made) if pendings is not None else made))


def status(
    specs: Folder = "specs",
    *,
    target: str | None = None,
    environ: Mapping[str, str] | None = None,
    stop: Stop | None = None,
) -> StatusView:
    """Every spec and its state. Nothing can be written. Raises ReconcilerError."""
    return status_view_of(_read(specs, target, (), environ, stop, {}))


def apply(
    specs: Folder = "specs",
    *,
    target: str | None = None,
    keys: Iterable[str] = (),
    expect: str | None = None,
    journal: Folder | None = None,
    environ: Mapping[str, str] | None = None,
    stop: Stop | None = None,
    **overrides: Unpack[PlanOverrides],
) -> ApplyView:
    """Apply the spec files to Flow Service: plan, check, write, read back. It does not ask.

    `expect` is the digest of the plan that may be applied, from `plan(…).digest`, or its beginning; any other plan is refused. `journal` is
    the file for `reconciler restore` (None: a new file in .reconciler/journal). Once writing has begun, what fails is in the result:
    look at `converged`. Raises ReconcilerError before anything is written, and Refused if a guard refuses.
    """
    if expect == "":
        raise Refused("expect is empty", hint="pass the digest of a plan, or leave expect out")
    asked = stop or Stop()
    with _sessions(environ).writing(Scope(Path(specs), target), _Silent(), asked) as session:
        made = session.prepare(options_of(_listed(keys), session.safety, **overrides), trials=True)
        refuse_errors(made)
        if expect is not None and not made.digest.startswith(expect):
            raise Refused(
                f"the digest of the plan is {made.digest}, not {expect}", hint="review the current plan, and pass its digest"
            )
        if asked.exit_code is not None:
            raise Interrupted(asked.exit_code)
        report = session.apply(made, Path(journal) if journal is not None else None, asked)
    return apply_view_of(report, view_of(made))


def as_json(report: Report) -> str:
    """The report as the command prints it with `--format json`; an apply includes its plan, as with `--report`."""
    match report:
        case DriftView():
            return render_drift_json(report)
        case PlanView():
            return render_plan_json(report)
        case StatusView():
            return render_status_view_json(report)
        case ApplyView():
            return render_view_json(report)
        case _:
            return render_validation_json(report)


class _Silent:
    """Progress that goes nowhere."""

    def step(self, message: str) -> None:
        """A stage has begun."""

    def wrote(self, action: planning.Action, done: int, total: int) -> None:
        """An action has finished."""


def _listed(keys: Iterable[str]) -> tuple[str, ...]:
    """The keys. A string is also an iterable of strings, and never meant as one."""
    if isinstance(keys, str):
        raise UsageError("keys must be a list of keys, not a string", hint=f"pass [{keys!r}]")
    return tuple(keys)


def _sessions(environ: Mapping[str, str] | None) -> ServiceSessions:
    return ServiceSessions(os.environ if environ is None else environ)


def _read(
    specs: Folder,
    target: str | None,
    keys: Iterable[str],
    environ: Mapping[str, str] | None,
    stop: Stop | None,
    overrides: PlanOverrides,
    *,
    evidence: bool = False,
    gated: bool = True,
) -> planning.Plan:
    with _sessions(environ).reading(Scope(Path(specs), target), _Silent(), stop or Stop()) as session:
        options = options_of(_listed(keys), session.safety, **overrides)
        return session.prepare(options, users=evidence, trials=evidence, gated=gated)
