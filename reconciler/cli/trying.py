"""One run of `try`: check the options, try, render, search for secrets, and only then write."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reconciler.cli.files import keep_report
from reconciler.cli.options.spec_names import keys_named
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.output import emit, tell, wants_color
from reconciler.cli.terminal.progress import ShownProgress, progress_for
from reconciler.cli.terminal.questions import somebody_is_there
from reconciler.disk import write_whole
from reconciler.errors import UsageError
from reconciler.reports.sinks.text import Text
from reconciler.reports.trying.json import render_tries_json, render_try_json
from reconciler.sources.window import Mode, Window
from reconciler.trying.options import TryOptions, TryRequest
from reconciler.trying.outcome import Tried
from reconciler.trying.report import Origin, TryAllReport, TryReport

if TYPE_CHECKING:
    from reconciler.trying.hosts import Question

_COLUMNS: Final = 120
"""Columns of a table where there is no terminal."""


def run_try(shell: Shell, keys: tuple[str, ...], form: str, given: Mapping[str, Any], *, everything: bool) -> int:
    """Try these sources, or every one; print and keep the report; return the exit code. Raises ReconcilerError."""
    if everything and keys:
        raise UsageError("--all and KEY exclude each other", hint="leave out one of them")
    if not everything and not keys:
        raise UsageError("no source was named", hint="pass the key of a source, or --all")
    keys = keys_named(shell, keys, fetching=True)
    options = options_of(given)
    progress = progress_for(shell.environ, verbose=shell.verbose)
    ask = cache(partial(ask_after, progress)) if somebody_is_there() else None  # one question for all sources of a host
    try:
        asked = TryRequest(shell.scope, keys, everything, options)
        tried = shell.sessions.trying(asked, progress, shell.signals.stop, ask)
    finally:
        progress.clear()
    shown = _rendered(shell, tried, form)
    kept = "" if shell.report is None else shown if form == "json" else _json(tried)
    tried.check({shown, kept})
    for file, data in tried.files:
        _write(file, data)
    emit(shown, fit=form == "text")
    keep_report(shell, kept)
    return shell.signals.stop.exit_code or tried.report.exit_code


def options_of(given: Mapping[str, Any]) -> TryOptions:
    """The options, from the flags by name. Raises UsageError for flags that contradict each other."""
    if given["record"] and given["replay"]:
        raise UsageError("--record and --replay exclude each other", hint="leave out --replay to make a new recording")
    if given["replay"] and given["windows"]:
        hint = "leave out --windows: a recording has the time ranges of expect.windows, and no others"
        raise UsageError("--replay and --windows exclude each other", hint=hint)
    if given["replay"] and given["stub"]:
        raise UsageError("--replay and --stub exclude each other", hint="choose one of them")
    offline = next((f"--{name}" for name in ("replay", "dry_run") if given[name]), "--stub" if given["stub"] else None)
    if given["probe_auth"] and offline:
        hint = f"leave out {offline.replace('_', '-')}: only the third party can test credentials"
        raise UsageError(f"--probe-auth and {offline.replace('_', '-')} exclude each other", hint=hint)
    if given["record"] == "raw" and not somebody_is_there():
        hint = "leave out raw: a recording without it has no personal data"
        raise UsageError("--record raw requires a terminal", hint=hint)
    for name in ("windows", "assumptions"):
        if given["record"] and given[name]:
            raise UsageError(
                f"--record and --{name} exclude each other", hint=f"record first, then use --{name} without --record"
            )
    if given["record"] == "raw" and given["stub"]:
        raise UsageError("--record raw writes no provider file", hint="leave out raw, or --stub")
    if given["dry_run"] and given["record"]:
        raise UsageError("--dry-run sends nothing that could be recorded", hint="leave out --dry-run, or --record")
    origin: Origin = "cassette" if given["replay"] else "stub" if given["stub"] else "live"
    return TryOptions(
        auth=given["auth"],
        sets=_pairs_of("--set", given["sets"]),
        proof=given["proof"],
        origin=origin,
        pages=given["pages"],
        rows=given["records"],
        delay=given["delay"],
        mode=_mode_of(given),
        window=_window_of(given["window"]),
        windows=given["windows"],
        record=given["record"],
        writes_stub=bool(given["stub"] and given["record"]),
        dry_run=given["dry_run"],
        assume=_pairs_of("--assume", given["assume"]),
        assumptions=given["assumptions"],
        curl=given["curl"],
        allow_local=given["allow_local"],
        probe_auth=given["probe_auth"],
    )


def _pairs_of(option: str, given: tuple[str, ...]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for word in given:
        name, mark, value = word.partition("=")
        if not mark or not name:
            raise UsageError(f"{option} requires NAME=VALUE", hint=f"write {option} {name or 'NAME'}=VALUE")
        if name in pairs:
            raise UsageError(f"{option} {name} was given twice", hint="give each name once")
        pairs[name] = value
    return pairs


def _mode_of(given: Mapping[str, Any]) -> Mode:
    asked = [f"--{name}" for name in ("preview", "backfill", "window") if given[name]]
    if len(asked) > 1:
        raise UsageError(f"{asked[0]} and {asked[1]} exclude each other", hint="choose one of them")
    if given["preview"]:
        return Mode.PREVIEW
    return Mode.INCREMENTAL if given["window"] else Mode.BACKFILL


def _window_of(text: str | None) -> Window | None:
    if text is None:
        return None
    start, mark, end = text.partition("..")
    if not mark:
        raise UsageError(f"--window requires FROM..TO, not {text[:80]!r}", hint="for example: --window 2026-01-01..2026-01-02")
    since, until = _moment(start), _moment(end)
    if since >= until:
        raise UsageError("--window ends before it starts", hint="write the earlier time first")
    return Window(Mode.INCREMENTAL, since, until)


def _moment(text: str) -> datetime:
    hint = "write ISO 8601 in UTC: 2026-01-31 or 2026-01-31T12:00:00Z"
    try:
        found = datetime.fromisoformat(text.strip())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f"--window has an invalid time: {text[:80]!r}", hint=hint) from None


def ask_after(progress: ShownProgress, question: Question) -> bool:
    """Whether this host may get these secrets, by the answer of a person. The end of the input is a no."""
    import click

    progress.clear()
    text = Text()
    text.line(f"{question.host} would get the values of {', '.join(question.variables)}")
    tell(text.render())
    try:
        answer: str = click.prompt("Type 'yes' to send them", default="no", show_default=False, err=True)
    except click.Abort:
        tell("\n")  # end the line of the prompt
        return False
    return answer.strip() == "yes"


def _rendered(shell: Shell, tried: Tried, form: str) -> str:
    report = tried.report
    match form:
        case "json":
            return _json(tried)
        case "markdown":
            from reconciler.reports.trying.markdown import render_tries_markdown, render_try_markdown

            return render_try_markdown(report) if isinstance(report, TryReport) else render_tries_markdown(report)
        case "html":
            from reconciler.reports.trying.html import render_tries_html, render_try_html

            return render_try_html(report) if isinstance(report, TryReport) else render_tries_html(report)
        case _:
            return _text(shell, report)


def _text(shell: Shell, report: TryReport | TryAllReport) -> str:
    from reconciler.reports.trying.text import render_tries_text, render_try_text

    color = wants_color(sys.stdout, shell.environ)
    if not isinstance(report, TryReport):
        return render_tries_text(report, color=color)
    columns = shutil.get_terminal_size((_COLUMNS, 24)).columns if sys.stdout.isatty() else _COLUMNS
    return render_try_text(report, columns=columns, verbose=shell.verbose, color=color)


def _json(tried: Tried) -> str:
    report = tried.report
    return render_try_json(report) if isinstance(report, TryReport) else render_tries_json(report)


def _write(file: Path, data: bytes) -> None:
    try:
        write_whole(file, data, mode=0o600 if ".reconciler" in file.parts else 0o666, parents=True)
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror or error}", hint="make the folder writable") from error
