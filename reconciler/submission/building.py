"""A submission from its material: artifacts, pages, copies of the proof, the checks, and the text to Adobe."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Final

from reconciler.documents.json_text import encode_readable
from reconciler.submission.artifacts import Artifacts, artifacts_of
from reconciler.submission.authentication_page import authentication_page
from reconciler.submission.check import Check
from reconciler.submission.checks.documentation import documentation_check
from reconciler.submission.checks.evidence import pages_check, proof_check, spec_check
from reconciler.submission.checks.secrets import secrets_check
from reconciler.submission.checks.streaming import streaming_check
from reconciler.submission.checks.texts import artifacts_check, beta_check, category_check, icon_check, keys_check, words_check
from reconciler.submission.cover import PATH, cover
from reconciler.submission.documentation import calls
from reconciler.submission.documentation.markup import todos_in
from reconciler.submission.documentation.pages import pages_of
from reconciler.submission.documentation.paths import PagePaths
from reconciler.submission.documentation.subject import Subject
from reconciler.submission.material import Material
from reconciler.submission.report import KeptPage, OpenPlace, Submission

_MOST_LINES: Final = 200


def submission_of(
    material: Material, existing: Mapping[str, str], finds: Callable[[str], str | None], *, draft: bool
) -> Submission:
    """The whole submission. The same material gives the same bytes.

    `existing` are the pages that people may have edited, by path in the submission: they are used as they are. `finds` names the variable
    whose value a text contains.
    """
    artifacts = artifacts_of(material)
    subject = Subject(material, artifacts, PagePaths.of(material.key, artifacts))
    written = pages_of(subject)
    pages = {path: existing.get(path, page) for path, page in written.items()}
    open_places = tuple(OpenPlace(path, text) for path, page in sorted(pages.items()) for text in todos_in(page))
    files = _files(subject, artifacts, pages)
    checks = [*_checks(material, artifacts, draft=draft), documentation_check(material, pages)]
    files[PATH] = cover(subject, checks, (*files, PATH), draft=draft).encode()
    secrets = secrets_check(material, files, finds)
    return Submission(
        material.key,
        material.target,
        draft,
        (*checks, secrets),
        dict(sorted(files.items())),
        {path: there for path in pages if (there := subject.paths.in_fork(path)) is not None},
        open_places,
        tuple(KeptPage(path, _diff(existing[path], page)) for path, page in sorted(written.items()) if path in existing),
    )


def page_paths(material: Material) -> PagePaths:
    """Where the pages of this source are."""
    return PagePaths.of(material.key, artifacts_of(material))


def _files(subject: Subject, artifacts: Artifacts, pages: Mapping[str, str]) -> dict[str, bytes]:
    material = subject.material
    files = artifacts.files(material.key) | {path: page.encode() for path, page in pages.items()} | dict(material.copies)
    mappings = calls.mappings_of(subject)
    if mappings:
        files["Proof/mapping.json"] = f"{encode_readable(calls.mapping_set(subject, mappings))}\n".encode()
    if material.is_streaming and material.authentication is not None:
        files["Proof/authentication-tests.md"] = authentication_page(material.authentication).encode()
    return files


def _checks(material: Material, artifacts: Artifacts, *, draft: bool) -> tuple[Check, ...]:
    return (
        proof_check(material, draft=draft),
        pages_check(material, draft=draft),
        artifacts_check(material, artifacts),
        words_check(material, artifacts),
        category_check(material, artifacts),
        icon_check(material, artifacts),
        keys_check(material),
        spec_check(material),
        streaming_check(material),
        beta_check(material),
    )


def _diff(there: str, now: str) -> tuple[str, ...]:
    lines = list(difflib.unified_diff(there.splitlines(), now.splitlines(), "the page", "the spec now", n=1, lineterm=""))
    cut = (f"… {len(lines) - _MOST_LINES:,} more lines",) if len(lines) > _MOST_LINES else ()
    return (*lines[:_MOST_LINES], *cut)
