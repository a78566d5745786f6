"""One apply: plan, check, confirm, write, report."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Protocol, TextIO, TypeVar

from reconciler.applying.engine import refuse_errors
from reconciler.applying.fleet import StalePlan
from reconciler.applying.outcome import ApplyReport
from reconciler.cli.failures import tell_error
from reconciler.cli.files import keep_report
from reconciler.cli.options.plan import PlanFlags, flags_of
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.actions_log import in_actions
from reconciler.cli.terminal.by_hand import workflow_of
from reconciler.cli.terminal.output import columns_of, emit, tell, wants_color
from reconciler.cli.terminal.progress import ShownProgress, progress_for
from reconciler.cli.terminal.questions import is_confirmed, somebody_is_there
from reconciler.errors import ExitCode, Problem, ReconcilerError, Refused, UsageError, count
from reconciler.github.links import links_of
from reconciler.observing.restore import Wanted
from reconciler.planning.gating.held import passes
from reconciler.planning.plan import Options, Plan
from reconciler.planning.written import ObjectName, last_written
from reconciler.reports.apply.by_hand import plan_on_github
from reconciler.reports.apply.json import render_apply_json, render_refusal_json
from reconciler.reports.apply.markdown import render_apply_markdown
from reconciler.reports.apply.text import render_apply_text
from reconciler.reports.apply.view import ApplyView, apply_view_of, refusal_view_of
from reconciler.reports.plan.closing import show_permanent, writes_in
from reconciler.reports.plan.differences import differences, same_work
from reconciler.reports.plan.outline import outline_of
from reconciler.reports.plan.text import render_plan_text
from reconciler.reports.plan.view import PlanView, gates_shown, view_of
from reconciler.reports.problems.view import problem_view
from reconciler.reports.sinks.markdown import no_links
from reconciler.reports.sinks.text import Part, Style, Text
from reconciler.sessions.protocols import Reading, Writing
from reconciler.settings.values import Safety

T = TypeVar("T")


class Approval(Protocol):
    """An external approval of the current plan, checked before anything is written."""

    @property
    def problems(self) -> Sequence[Problem]:
        """Problems that did not stop the apply."""
        ...

    def check(self, fresh: PlanView, ids: Mapping[str, str], written: Mapping[ObjectName, str | None]) -> None:
        """Raises ReconcilerError unless this plan may be applied.

        `ids` maps each key to the id of our live connection spec, and `written` each object to the commit it was last written from.
        """
        ...

    def begin(self) -> None:
        """Called just before the first write."""
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """The arguments of one apply or restore.

    `expect` is the digest of the plan, or its first digits. `saved` is the saved plan, read from `saved_as`: the current plan must equal
    it, and nothing in it is executed. `restores` selects the recorded bodies to restore instead of applying the spec files. `form` is the
    format of the report on standard output.
    """

    keys: tuple[str, ...]
    asked: PlanFlags
    yes: bool
    expect: str | None
    journal: Path | None
    form: str
    saved: PlanView | None = None
    saved_as: Path | None = None
    restores: Wanted | None = None
    approval: Approval | None = None
    require_all: bool = False
    """Whether a change that waits at a gate is exit code 3."""

    @property
    def command(self) -> str:
        return "restore" if self.restores else "apply"

    def options(self, safety: Safety) -> Options:
        """The plan options: from the flags, or from the settings where no flag is given."""
        return self.asked.options(self.keys, safety)

    def plan(self, session: Reading) -> Plan:
        """The current plan, with who uses each changed spec, as `plan` shows it. What waited in a saved plan still does.

        Raises ReconcilerError.
        """
        options = self.options(session.safety)
        return (
            session.prepare_restore(self.restores, options)
            if self.restores
            else session.prepare(options, users=True, trials=True, shown=gates_shown(self.saved) if self.saved else None)
        )

    def check(self, fresh: PlanView, *, passed: bool = False) -> None:
        """Raises StalePlan unless the current plan equals the saved plan and has the expected digest.

        `passed` is whether something in the current plan has passed a gate, which may have been closed when the digest was printed.
        """
        if self.saved and self.saved.target.name != fresh.target.name:
            raise StalePlan(
                f"{self.saved_as} is a plan for target {self.saved.target.name!r}, but this run is for target {fresh.target.name!r}",
                hint=f"a plan file does not set the target: use `--target {shlex.quote(self.saved.target.name)}`",
            )
        if self.saved and self.saved.options != fresh.options:
            raise self._other_options(self.saved, fresh)
        if self.saved and self.saved.digest != fresh.digest:
            raise StalePlan(
                f"{self.saved_as} is out of date: the plan has changed",
                hint="plan again, review the plan, and apply it",
                problems=differences(outline_of(self.saved), outline_of(fresh)),
            )
        if self.saved and not same_work(self.saved, fresh):
            raise StalePlan(
                f"{self.saved_as} was edited after it was saved: its digest matches the plan, but its changes do not",
                hint="plan again, review the plan, and apply it",
            )
        if self.expect is not None and not fresh.digest.startswith(self.expect):
            raise StalePlan(
                f"the digest of the plan is {fresh.digest}, but --expect requires {self.expect}",
                hint=hint_for_digest("plan, and pass its digest", passed=passed),
            )

    def _other_options(self, saved: PlanView, fresh: PlanView) -> StalePlan:
        others = [
            f"{field.name} {_said(getattr(saved.options, field.name))} (now {_said(getattr(fresh.options, field.name))})"
            for field in fields(Options)
            if getattr(saved.options, field.name) != getattr(fresh.options, field.name)
        ]
        words = shlex.join(["apply", "--plan", str(self.saved_as), *saved.options.keys, *flags_of(saved.options).flags])
        return StalePlan(
            f"{self.saved_as} was created with other options: {', '.join(others)}",
            hint=f"a plan file does not set options: pass the same keys and flags (`{words}`), or plan again",
        )


def hint_for_digest(what: str, *, passed: bool) -> str:
    """The hint for a plan that has not the expected digest. A digest does not say what waited when it was printed; a saved plan does."""
    since = "; what has passed a gate since then is part of it: `plan --out FILE` and `apply FILE` leave that for the next run"
    return f"review the current {what} to --expect{since if passed else ''}"


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return "on" if value is True else "off" if value is False else str(value)


def carry_out(shell: Shell, request: Request) -> int:
    """Plan, show, check, confirm, write and report; return the exit code. Raises ReconcilerError if no plan can be made."""
    progress = progress_for(shell.environ, verbose=shell.verbose)
    with shell.sessions.writing(shell.scope, progress, shell.signals.stop) as session:
        plan = _clearing(progress, lambda: request.plan(session))
        view = view_of(plan)
        try:
            _permit(shell, request, plan, view)
        except ReconcilerError as error:
            return _refuse(shell, request, view, error)
        if request.approval and plan.actions:
            request.approval.begin()
        with shell.signals.finishing():
            try:
                report = _clearing(progress, lambda: _write(shell, request, session, plan))
            except ReconcilerError as error:
                return _refuse(shell, request, view, error)
            code = _report(shell, request, view, _with_problems_of(request.approval, report))
            return ExitCode.REFUSED if code == ExitCode.DONE and request.require_all and plan.waiting else code


def _permit(shell: Shell, request: Request, plan: Plan, view: PlanView) -> None:
    """Show the plan. Raises ReconcilerError unless every check passes and the user confirms."""
    if plan.differs or plan.waiting:
        _show(shell, view, sys.stdout if request.form == "text" else sys.stderr, asks=_asks(request, plan))
    refuse_errors(plan)
    request.check(view, passed=passes(plan))
    if request.approval:
        request.approval.check(view, plan.ids, last_written(plan))
    if plan.actions and not request.yes:
        _ask(shell, request, view)


def _write(shell: Shell, request: Request, session: Writing, plan: Plan) -> ApplyReport:
    return session.apply(plan, request.journal, shell.signals.stop)


def _asks(request: Request, plan: Plan) -> bool:
    """Whether the plan is followed by a question, which says what is written where."""
    return bool(plan.actions) and not plan.errors and not request.yes and somebody_is_there()


def _show(shell: Shell, view: PlanView, stream: TextIO, *, asks: bool) -> None:
    """Show the plan, without its errors: they follow on standard error, where nothing can part them from the refusal."""
    text = render_plan_text(
        _for_reader(shell, view),
        verbose=shell.verbose,
        color=wants_color(stream, shell.environ),
        columns=columns_of(stream),
        closing=not asks,
        errors=False,
    )
    (emit if stream is sys.stdout else tell)(text + "\n", fit=True)


def _for_reader(shell: Shell, view: PlanView) -> PlanView:
    """The plan; in a workflow, with hints that work there."""
    return plan_on_github(view, workflow_of(shell.environ)) if in_actions(shell.environ) else view


def _ask(shell: Shell, request: Request, view: PlanView) -> None:
    if not somebody_is_there():
        raise UsageError(
            "nothing was written: there is no terminal to confirm on",
            hint="use --yes to continue without confirmation; add --expect DIGEST to allow only the plan you reviewed",
        )
    question = Text(color=wants_color(sys.stderr, shell.environ))
    show_permanent(question, view)
    question.line(Part(f"{writes_in(view, 'restore' if request.restores else None)}.", Style.STRONG), " Type 'yes':")
    tell(question.render().rstrip("\n") + " ", fit=True)
    if not is_confirmed():
        raise Refused(
            "nothing was written: the answer was not 'yes'", hint=f"run {request.command} again, and answer 'yes' to confirm"
        )


class _PlanHasErrors(ReconcilerError):
    """Why a plan with errors is refused, as it is told: each error in full, with its place and hint."""

    def __init__(self, view: PlanView) -> None:
        super().__init__(f"nothing was written: the plan has {count(len(view.errors), 'error')}")
        self.problems = view.errors


def _refuse(shell: Shell, request: Request, view: PlanView, error: ReconcilerError) -> int:
    if request.form == "json":
        emit(render_refusal_json(view, error))
    elif request.form == "markdown":
        emit(_markdown(shell, view, refusal_view_of(view, error, view)))
    tell_error(_PlanHasErrors(_for_reader(shell, view)) if view.errors else error, shell)
    keep_report(shell, partial(render_refusal_json, view, error, plan=view))
    return error.exit_code


def _report(shell: Shell, request: Request, view: PlanView, report: ApplyReport) -> int:
    restored = request.restores is not None
    if request.form == "json":
        emit(render_apply_json(report, restored=restored))
    elif request.form == "markdown":
        emit(_markdown(shell, view, apply_view_of(report, view, restored=restored)))
    else:
        told = frozenset(view.problems) if view.actions or view.errors else frozenset()  # the plan has just told them
        shown = replace(report, problems=tuple(problem for problem in report.problems if problem_view(problem) not in told))
        color = wants_color(sys.stdout, shell.environ)
        emit(render_apply_text(shown, verbose=shell.verbose, color=color, restored=restored), fit=True)
    keep_report(shell, partial(render_apply_json, report, restored=restored, plan=view))
    return report.exit_code


def _markdown(shell: Shell, view: PlanView, outcome: ApplyView) -> str:
    links = links_of(shell.environ, view.commit) or no_links
    return render_apply_markdown(outcome, links=links, specs=shell.scope.specs.as_posix())


def _with_problems_of(approval: Approval | None, report: ApplyReport) -> ApplyReport:
    return replace(report, problems=(*report.problems, *approval.problems)) if approval else report


def _clearing(progress: ShownProgress, work: Callable[[], T]) -> T:
    try:
        return work()
    finally:
        progress.clear()
