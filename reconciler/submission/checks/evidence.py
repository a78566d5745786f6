"""Adobe's engine read this content, and turned a page."""

from __future__ import annotations

from reconciler.errors import count
from reconciler.planning.tried import TriedOutcome
from reconciler.submission.check import Check, held, refused, warned
from reconciler.submission.material import Material

_NONE = "NONE"


def proof_check(material: Material, *, draft: bool) -> Check:
    """There is a proof of this content, and not by an emulator. Without one, a draft is only warned of it."""
    evidence, key = material.evidence, material.key
    if evidence.counts:
        records = "" if evidence.records is None else f", {count(evidence.records, 'record')}"
        return held("proof", f"proved in {material.target} at {evidence.at}{records}")
    fail = warned if draft else refused
    hint = f"reconciler --target {material.target} prove {key} --keep"
    if evidence.emulated:
        said = f"{material.target} is an emulator, which proves nothing about Adobe's engine"
        return fail("proof", said, f"use a sandbox: reconciler --target NAME prove {key} --keep")
    if evidence.status == "stale":
        return fail("proof", f"the proof is stale: {evidence.reason}", f"prove again: {hint}")
    return fail("proof", f"not proved in {material.target}: {evidence.reason}", hint)


def pages_check(material: Material, *, draft: bool) -> Check:
    """The proof read more than one page, unless the source has only one."""
    if material.is_streaming:
        return held("pages", "a streaming source has no pages")
    if material.ui() is not None and _paging(material) == _NONE:
        return held("pages", "the source has no pagination")
    fail = warned if draft else refused
    pages = material.evidence.pages if material.evidence.counts else None
    if pages is None:
        return fail("pages", "cannot tell whether a page was turned: there is no proof that counts", "prove the source first")
    if pages < 2:  # noqa: PLR2004 - the second page is the first that pagination finds
        return fail(
            "pages", "the proof read one page, so it proves no pagination", "prove with a source of more than one page of records"
        )
    return held("pages", f"the proof read {count(pages, 'page')}")


def _paging(material: Material) -> str | None:
    attributes = material.body.get("sourceSpec", {}).get("attributes", {})
    paging = attributes.get("paginationParams") if isinstance(attributes, dict) else None
    found = paging.get("type") if isinstance(paging, dict) else None
    return found if isinstance(found, str) else None


def spec_check(material: Material) -> Check:
    """`validate` finds no error in the files of this source, and its recorded trial holds."""
    errors = [problem for problem in material.problems if problem.is_error]
    if errors:
        place = ":".join(str(part) for part in (errors[0].file, errors[0].line) if part is not None)
        first = f"{place}{': ' if place else ''}{errors[0].message} [{errors[0].code}]"
        return refused("spec", f"validate finds {count(len(errors), 'error')}: {first}", "reconciler validate shows each")
    if material.unread:
        problem = material.unread[0]
        place = f"{problem.file}:{problem.line}" if problem.line else f"{problem.file}"
        return refused("spec", f"{place}: {problem.message} [{problem.code}]", problem.hint or "correct the file")
    if material.is_streaming:
        return held("spec", "validate finds no error")
    key = material.key
    if material.tried.outcome is TriedOutcome.FAILED:
        return refused("spec", f"its recorded trial fails: {material.tried.reason}", f"reconciler try {key} --replay shows it")
    if material.tried.outcome is TriedOutcome.NOT_TRIED:
        reason = material.tried.reason or "there is no recording"
        return warned("spec", f"validate finds no error; its trial is unknown: {reason}", f"reconciler try {key} --record")
    by = ", against a stub" if material.tried.stub else ""
    return held("spec", f"validate finds no error, and its recorded trial holds{by}")
