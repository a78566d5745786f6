"""One run of `prove`: check, ask, prove, render, search for secrets, and only then write."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from reconciler.cli.files import keep_report
from reconciler.cli.options.spec_names import keys_named
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.output import emit, tell, wants_color
from reconciler.cli.terminal.progress import ShownProgress, progress_for
from reconciler.cli.terminal.questions import somebody_is_there
from reconciler.cli.trying import ask_after
from reconciler.disk import write_whole
from reconciler.errors import Refused, UsageError
from reconciler.proving.options import CleanupRequest, ProveOptions, ProveRequest
from reconciler.proving.outcome import Proven
from reconciler.proving.planned import PlannedProof
from reconciler.proving.report import ProveReport
from reconciler.reports.proving.json import prove_json
from reconciler.reports.proving.several import proofs_json
from reconciler.sessions.prove_means import ProveMeans

_CLEANING: Final = b"\nstopping: cleaning up; interrupt again to exit at once and leave what was made\n"


def run_prove(shell: Shell, keys: tuple[str, ...], form: str, given: Mapping[str, Any]) -> int:
    """Prove these sources; print and keep the report; return the exit code. Raises ReconcilerError."""
    if not keys:
        raise UsageError("no source was named", hint="pass the key of a source")
    keys = keys_named(shell, keys, sources=True)
    several = len(set(keys)) > 1
    for option in ("journal", "proof"):
        if several and given[option] is not None:
            raise UsageError(f"--{option} is for one source, and {len(set(keys))} were named", hint="prove them one by one")
    _check_format(form, "--dry-run" if given["dry_run"] else None)
    if several and form == "html":
        raise UsageError("--format html is for one source", hint="prove them one by one, or use another format")
    options = _options_of(given)
    progress = progress_for(shell.environ, verbose=shell.verbose)
    request = ProveRequest(shell.scope, tuple(dict.fromkeys(keys)), options)
    confirm = _confirm(shell, progress, yes=given["yes"])
    ask = cache(partial(ask_after, progress)) if somebody_is_there() else None  # one question for all sources of a host
    finishing = partial(shell.signals.finishing, _CLEANING)
    means = ProveMeans(shell.environ, progress, shell.signals.stop, confirm, finishing, ask)
    if given["dry_run"]:
        return _dry_run(shell, progress, means, request, form)
    try:
        proven = shell.sessions.proving(means, request)
    finally:
        progress.clear()
    return _report(shell, proven, form)


def _check_format(form: str, option: str | None) -> None:
    if option is not None and form not in ("text", "json"):
        raise UsageError(f"{option} has no --format {form}", hint="use text or json")


def _dry_run(shell: Shell, progress: ShownProgress, means: ProveMeans, request: ProveRequest, form: str) -> int:
    from reconciler.reports.proving.planned import plan_json, plan_text

    try:
        plans = shell.sessions.proofs_planned(means, request)
    finally:
        progress.clear()
    as_json = plan_json(plans)
    emit(as_json if form == "json" else plan_text(plans, color=wants_color(sys.stdout, shell.environ)), fit=form == "text")
    keep_report(shell, as_json)
    return 0


def _options_of(given: Mapping[str, Any]) -> ProveOptions:
    if given["keep_resources"] and given["resume"] is not None:
        raise UsageError("--keep-resources and --resume exclude each other", hint="leave out one of them")
    return ProveOptions(
        only=given["only"],
        skip=given["skip"],
        no_try=given["no_try"],
        **({} if given["wait"] is None else {"wait": given["wait"], "landed": given["wait"]}),
        keep=given["keep"],
        keep_resources=given["keep_resources"],
        resume=given["resume"],
        older_than=given["older_than"],
        allow_target=given["allow_target"],
        allow_local=given["allow_local"],
        proof=given["proof"],
        journal=given["journal"],
    )


def _confirm(shell: Shell, progress: ShownProgress, *, yes: bool) -> Callable[[Sequence[PlannedProof]], None]:
    """Asks whether to make what a proof makes, unless --yes was given."""

    def confirm(plans: Sequence[PlannedProof]) -> None:
        from reconciler.reports.proving.planned import made_text

        progress.clear()
        if yes:
            return
        if not somebody_is_there():
            hint = "use --yes to prove without confirmation, or --dry-run to see every call"
            raise UsageError("nothing was made: there is no terminal to confirm on", hint=hint)
        tell(made_text(plans, color=wants_color(sys.stderr, shell.environ)), fit=True)
        tell("Prove? Only 'yes' is accepted: ")
        if sys.stdin.readline().strip() != "yes":
            raise Refused("nothing was made: the answer was not 'yes'", hint="run prove again, and answer 'yes' to confirm")

    return confirm


def _report(shell: Shell, proven: Proven, form: str) -> int:
    as_json = prove_json(proven.report) if isinstance(proven.report, ProveReport) else proofs_json(proven.report)
    shown = as_json if form == "json" else _rendered(shell, proven, form)
    proven.check({shown, as_json})
    for file, data in proven.files:
        _write(file, data)
    emit(shown, fit=form == "text")
    keep_report(shell, as_json)
    return shell.signals.stop.exit_code or proven.report.exit_code


def _rendered(shell: Shell, proven: Proven, form: str) -> str:
    if isinstance(proven.report, ProveReport):
        return proof_rendered(shell, proven.report, form)
    from reconciler.reports.proving.several import proofs_markdown, proofs_text

    if form == "markdown":
        return proofs_markdown(proven.report)
    return proofs_text(proven.report, verbose=shell.verbose, color=wants_color(sys.stdout, shell.environ))


def proof_rendered(shell: Shell, report: ProveReport, form: str) -> str:
    """The report of one source in this format."""
    if form == "json":
        return prove_json(report)
    if form == "html":
        from reconciler.reports.proving.html import prove_html

        return prove_html(report)
    if form == "markdown":
        from reconciler.reports.proving.markdown import prove_markdown

        return prove_markdown(report)
    from reconciler.reports.proving.text import prove_text

    return prove_text(report, verbose=shell.verbose, color=wants_color(sys.stdout, shell.environ))


def run_cleanup(shell: Shell, keys: tuple[str, ...], form: str, runs: str, given: Mapping[str, Any]) -> int:
    """Delete what proofs left; print and keep the report; return the exit code. Raises ReconcilerError."""
    from reconciler.reports.proving.cleaned import cleaned_json, cleaned_text

    for name in ("keep", "keep_resources", "no_try"):
        if given[name]:
            option = name.replace("_", "-")
            raise UsageError(f"--cleanup and --{option} exclude each other", hint=f"leave out --{option}")
    _check_format(form, "--cleanup")
    if given["resume"] is not None:
        raise UsageError("--cleanup and --resume exclude each other", hint="leave out one of them")
    keys = keys_named(shell, keys, sources=True)
    progress = progress_for(shell.environ, verbose=shell.verbose)
    request = CleanupRequest(shell.scope, keys, runs, given["older_than"], given["journal"], given["dry_run"])
    try:
        with shell.signals.finishing():
            report = shell.sessions.cleaning(request, progress, shell.signals.stop)
    finally:
        progress.clear()
    as_json = cleaned_json(report)
    emit(as_json if form == "json" else cleaned_text(report, color=wants_color(sys.stdout, shell.environ)), fit=form == "text")
    keep_report(shell, as_json)
    return shell.signals.stop.exit_code or report.exit_code


def _write(file: Path, data: bytes) -> None:
    try:
        write_whole(file, data, mode=0o666, parents=True)
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror or error}", hint="make the folder writable") from error
