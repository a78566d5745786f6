"""Submissions: the composition root of `submit`. Everything is read offline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from reconciler.desired.layers import Layers
from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import WorkingTree
from reconciler.disk import open_regular
from reconciler.errors import Problem, UsageError
from reconciler.proofs.folder import ProofFolder, folder_of, proved_name
from reconciler.proofs.kept.proved import Proved, is_emulated, proved_of
from reconciler.proofs.proof import ReadProof, proof_in
from reconciler.proofs.values import Proof
from reconciler.proving.making.fields import fields_of
from reconciler.reports.proving.html import prove_html
from reconciler.reports.proving.markdown import prove_markdown
from reconciler.reports.submission.kept import report_of
from reconciler.reports.trying.markdown import render_try_markdown
from reconciler.sessions.validation import problems_of_files
from reconciler.settings.loading import load_settings
from reconciler.submission.building import page_paths, submission_of
from reconciler.submission.documentation.paths import PagePaths
from reconciler.submission.edited import MOST_BYTES as RECORD_BYTES
from reconciler.submission.edited import RECORD, is_edited
from reconciler.submission.keys import KeysWritten, with_keys
from reconciler.submission.material import Material
from reconciler.submission.reading import (
    authentication_tests,
    evidence_of,
    files_beside,
    recorded_trial,
    secrets_of,
)
from reconciler.submission.report import Submission
from reconciler.submission.selection import KeysRequest, SubmitRequest, source_to_submit
from reconciler.trying.redactor import Redactor
from reconciler.trying.report import TryReport
from reconciler.trying.tried import tried_from

_MOST_PAGE_BYTES: Final = 1_000_000
_PAGE_HINT: Final = "replace it with a regular file of at most 1 MB in UTF-8, or remove it"


def prepare_submission(environ: Mapping[str, str], asked: SubmitRequest) -> Submission:
    """The submission of one source, with all its checks; nothing is written. Raises ReconcilerError."""
    scope = asked.scope
    settings = load_settings(scope.specs)
    place = settings.target(scope.target, environ)
    tree, shown = WorkingTree(scope.specs), scope.specs.as_posix()
    desired = load_desired(tree, place.name, shown, tuple(settings.targets), Layers.in_settings(settings, place.name))
    spec = source_to_submit(desired, asked.key)
    paths = tree.listing().paths
    folder = folder_of(tree, spec.key, spec.former_keys, paths)
    read = proof_in(folder, spec.key, spec.former_keys, shown)
    proof = read.proof or Proof()
    secrets, unset = secrets_of(proof, environ)
    beside = files_beside(tree, spec, paths, shown)
    tests, wrong = authentication_tests(folder, spec, shown)
    tried = tried_from(tree, spec, shown, paths)
    proved = proved_of(folder, place, spec)
    report = recorded_trial(folder, spec, tried, read)
    material = Material(
        spec,
        spec.body,
        place.name,
        settings.repository,
        proof,
        beside.files,
        replace(evidence_of(proved, place), emulated=proved.emulated or is_emulated(place.host)),
        tried,
        tests,
        _problems(asked, spec, read),
        (*beside.problems, *wrong),
        _copies(folder, proved, report, place.name),
        _fields(report),
        unset,
    )
    pages = _existing(asked, page_paths(material))
    return submission_of(material, pages, Redactor(secrets).finds, draft=asked.draft)


def prepare_keys(environ: Mapping[str, str], asked: KeysRequest) -> KeysWritten:
    """The spec file with Adobe's keys; nothing is written. Raises ReconcilerError."""
    settings = load_settings(asked.scope.specs)
    name = settings.target(asked.scope.target, environ).name
    tree = WorkingTree(asked.scope.specs)
    shown, layers = asked.scope.specs.as_posix(), Layers.in_settings(settings, name)
    desired = load_desired(tree, name, shown, tuple(settings.targets), layers)
    return with_keys(tree, source_to_submit(desired, asked.key), asked.keys)


def _fields(report: TryReport | None) -> tuple[tuple[str, str], ...]:
    """The fields of the records that were tried, as a proof makes them, with their types."""
    return tuple((field.source, field.type) for field in fields_of(() if report is None else report.rows).fields)


def _problems(asked: SubmitRequest, spec: DesiredSpec, read: ReadProof) -> tuple[Problem, ...]:
    """What `validate` finds in the files of this source."""
    found = problems_of_files(asked.scope)
    return tuple(problem for problem in found if problem.key == spec.key or problem.file in (spec.file, read.file))


def _copies(folder: ProofFolder, proved: Proved, report: TryReport | None, target: str) -> dict[str, bytes]:
    """The proof and the trial, for people and programs. A proof that cannot be read is not copied."""
    copies: dict[str, bytes] = {}
    data = folder.read(proved_name(target)) if proved.kept is not None else None
    if data is not None and proved.kept is not None:
        kept = report_of(proved.kept)
        copies["Proof/proof.json"] = data
        copies["Proof/proof.md"] = f"{prove_markdown(kept).rstrip()}\n".encode()
        copies["Proof/proof.html"] = f"{prove_html(kept).rstrip()}\n".encode()
    if report is not None:
        copies["Proof/try.md"] = render_try_markdown(report).rstrip("\n").encode() + b"\n"
    return copies


def _existing(asked: SubmitRequest, paths: PagePaths) -> dict[str, str]:
    """The pages that people may have edited: those in the fork, else the edited ones in the folder.

    Raises UsageError for a page that cannot be read.
    """
    found: dict[str, str] = {}
    record = None if asked.out is None else _file(asked.out, RECORD, RECORD_BYTES)
    for path in (paths.api, paths.ui, paths.overview, paths.images):
        there = paths.in_fork(path)
        page = _file(asked.docs, there) if asked.docs is not None and there is not None else None
        if page is None and asked.out is not None:
            page = _file(asked.out, path)
            page = page if page is not None and is_edited(record, path, page) else None
        if page is not None:
            found[path] = _text(page, path)
    return found


def _text(page: bytes, path: str) -> str:
    try:
        return page.decode()
    except UnicodeDecodeError:
        raise UsageError(f"cannot read {path}: it is not UTF-8", hint=_PAGE_HINT) from None


def _file(root: Path, relative: str, limit: int = _MOST_PAGE_BYTES) -> bytes | None:
    """The content of a file; None if it does not exist. Raises UsageError for a link, and for anything but a regular file."""
    file = root / relative
    try:
        if not file.parent.resolve().is_relative_to(root.resolve()):
            raise UsageError(f"{file} is reached by a link that leaves {root}", hint=_PAGE_HINT)
        with open_regular(file, limit, follow=False) as stream:
            return stream.read(limit)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror or error}", hint=_PAGE_HINT) from error
