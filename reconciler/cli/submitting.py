"""One run of `submit`: prepare, check, write where it was asked for, and report."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from reconciler.cli.files import keep_report, write_file
from reconciler.cli.options.spec_names import key_named
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.output import emit, wants_color
from reconciler.disk import Unfit, write_whole
from reconciler.errors import UsageError
from reconciler.reports.submission.json import keys_json, submit_json
from reconciler.reports.submission.markdown import submit_markdown
from reconciler.reports.submission.text import keys_text, submit_text
from reconciler.submission.documentation.paths import PAGES
from reconciler.submission.edited import RECORD, record_of
from reconciler.submission.keys import checked_keys
from reconciler.submission.report import Submission, SubmitReport
from reconciler.submission.selection import KeysRequest, SubmitRequest

DEFAULT: Final = Path("build/submission")
_MOST_OTHERS: Final = 10_000
_IN_FORK: Final = Path("help/sources")


def run_submit(shell: Shell, key: str, form: str, given: Mapping[str, Any]) -> int:
    """Write the submission if it is ready; print and keep the report; return the exit code. Raises ReconcilerError."""
    _check(given)
    key = key_named(shell, key)
    docs = _fork(given["docs"])
    out = None if given["archive"] or given["branch"] else given["out"] or DEFAULT / key
    submission = shell.sessions.submission(SubmitRequest(shell.scope, key, given["draft"], docs, out))
    report = SubmitReport(submission)
    if submission.ready:
        report = _written(shell, submission, out, given)
    rendered = {"json": submit_json, "markdown": submit_markdown}.get(form)
    emit(rendered(report) if rendered else submit_text(report, color=wants_color(sys.stdout, shell.environ)), fit=not rendered)
    keep_report(shell, submit_json(report))
    return report.exit_code


def write_keys(shell: Shell, key: str, pairs: tuple[str, ...], form: str, given: Mapping[str, Any]) -> int:
    """Write the keys into the spec file, and print what changed. Raises ReconcilerError."""
    stray = next((name for name, value in given.items() if value), None)
    if stray is not None:
        option = {"archive": "zip"}.get(stray, stray)
        raise UsageError(f"--keys and --{option} exclude each other", hint="write the keys first, then submit again")
    key = key_named(shell, key)
    keys = checked_keys((name, value) for name, _, value in (pair.partition("=") for pair in pairs))
    written = shell.sessions.submitted_keys(KeysRequest(shell.scope, key, keys))
    if written.data is not None:
        file = shell.scope.specs / written.path
        if not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(shell.scope.specs)):
            raise UsageError(f"{written.file} is outside the specs folder", hint="replace the symbolic link with a folder")
        write_file(file, written.data, "fix its permissions", before=written.before)
    emit(
        keys_json(written, key=key)
        if form == "json"
        else keys_text(written, key=key, color=form == "text" and wants_color(sys.stdout, shell.environ))
    )
    keep_report(shell, keys_json(written, key=key))
    return 0


def _check(given: Mapping[str, Any]) -> None:
    """Raises UsageError for options that contradict each other."""
    places = [option for option, name in (("--out", "out"), ("--zip", "archive"), ("--branch", "branch")) if given[name]]
    if len(places) > 1:
        raise UsageError(f"{places[0]} and {places[1]} exclude each other", hint="leave out one of them")
    if bool(given["branch"]) != bool(given["repo"]):
        raise UsageError(
            "--branch and --repo need each other",
            hint="write --branch NAME --repo DIR, with the clone that the branch is made in",
        )


def _fork(docs: Path | None) -> Path | None:
    """The fork of the documentation. Raises UsageError if it is not one."""
    if docs is not None and not (docs / _IN_FORK).is_dir():
        raise UsageError(
            f"{docs} is not a clone of experience-platform.en: it has no folder {_IN_FORK}",
            hint="fork AdobeDocs/experience-platform.en, clone the fork, and pass its folder",
        )
    return docs


def _written(shell: Shell, submission: Submission, out: Path | None, given: Mapping[str, Any]) -> SubmitReport:
    """The report after everything is written. Raises UsageError."""
    report = _written_whole(shell, submission, out, given)
    if given["docs"] is None:
        return report
    written = (*report.written, *_write_pages(submission, given["docs"]))
    return replace(report, written=written, docs=str(given["docs"]))


def _written_whole(shell: Shell, submission: Submission, out: Path | None, given: Mapping[str, Any]) -> SubmitReport:
    """The report after the submission is written: to a branch, a zip file or a folder."""
    if given["branch"]:
        from reconciler.submission.branch.committing import commit_artifacts

        commit = commit_artifacts(given["repo"], given["branch"], submission, shell.environ)
        return SubmitReport(submission, f"branch {given['branch']} of {given['repo']}", commit.paths, commit.name)
    if given["archive"]:
        from reconciler.submission.zipped import zipped

        _write(given["archive"], zipped(submission.files))
        return SubmitReport(submission, str(given["archive"]), tuple(submission.files))
    folder = out or DEFAULT / submission.key
    for path, data in submission.files.items():
        _write(folder / path, data)
    pages = {path: data for path, data in submission.files.items() if path.startswith(PAGES)}
    _write(folder / RECORD, record_of(pages))
    return SubmitReport(submission, folder.as_posix(), tuple(submission.files), others=_others(folder, submission))


def _others(folder: Path, submission: Submission) -> tuple[str, ...]:
    """Files that are in the folder and not part of this submission, such as those of an earlier one."""
    found = []
    for at, _, names in os.walk(folder):
        found += [(Path(at) / name).relative_to(folder).as_posix() for name in names]
        if len(found) > _MOST_OTHERS:
            break
    return tuple(sorted(path for path in found if path not in submission.files and path != RECORD))


def _write_pages(submission: Submission, docs: Path) -> list[str]:
    """Write the pages that the fork does not have, and return their paths."""
    written = []
    for path, there in submission.pages.items():
        file = docs / there
        if os.path.lexists(file):
            continue
        _write(file, submission.files[path], is_new=True)
        written.append(file.as_posix())
    return written


def _write(file: Path, data: bytes, *, is_new: bool = False) -> None:
    try:
        write_whole(file, data, mode=0o666, is_new=is_new, parents=True)
    except OSError as error:
        hint = error.hint if isinstance(error, Unfit) else "choose a folder that can be written to"
        raise UsageError(f"cannot write {file}: {error.strerror or error}", hint=hint) from error
