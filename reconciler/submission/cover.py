"""SUBMISSION.md: the text of the mail or pull request to Adobe. It does not depend on the environment of this computer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reconciler.errors import count
from reconciler.submission.check import Check, Outcome
from reconciler.submission.documentation.markup import inline, page, table, words
from reconciler.submission.documentation.subject import Subject

PATH = "SUBMISSION.md"
_SIGNS = {Outcome.OK: "x", Outcome.WARN: " ", Outcome.REFUSE: " "}
_IDS = {
    "spec": "Connection spec",
    "flow": "Dataflow (deleted again)",
    "run": "Run",
    "adf_run": "Pipeline run",
    "batch": "Batch",
}


def cover(subject: Subject, checks: Sequence[Check], files: Iterable[str], *, draft: bool) -> str:
    """The text. It names every file that goes with it."""
    title = words(subject.plain_label)
    open_checks = [check for check in checks if check.outcome is not Outcome.OK]
    return page(
        f"# {'DRAFT: ' if draft else ''}Source submission: {title}",
        "**This is a draft. It is not ready to be sent.**" if draft else "",
        "Hello,",
        f"Please review {title} for the catalog of sources. " + subject.about,
        _about(subject),
        "## Proof",
        _proof(subject),
        "## Who to ask",
        _contact(subject),
        "## Checklist",
        "\n".join(f"- [{_SIGNS[check.outcome]}] **{check.id}**: {words(check.said)}" for check in checks),
        "## Still open" if open_checks else "",
        "\n".join(f"- **{check.id}**: {words(check.said)}" for check in open_checks),
        "## Files",
        "\n".join(f"- {inline(path)}" for path in sorted(files)),
    )


def _about(subject: Subject) -> str:
    material = subject.material
    rows = [
        ("Key", inline(material.key)),
        ("Name of the spec", inline(material.spec.name)),
        ("Type", inline(material.spec.spec_type or "unknown")),
        ("Category", inline(subject.artifacts.category or "")),
        ("Repository", inline(material.repository)),
        ("Commit of the proof", inline(material.evidence.commit or "")),
    ]
    return table(("Source", ""), [row for row in rows if row[1]])


def _proof(subject: Subject) -> str:
    evidence = subject.material.evidence
    if evidence.status != "yes":
        return f"There is no proof that counts: {words(evidence.reason)}."
    if evidence.emulated:
        return "The proof was made with an emulator, so it says nothing about Adobe's engine."
    records = "" if evidence.records is None else f" It read {count(evidence.records, 'record')}"
    pages = "" if not records or evidence.pages is None else f" on {count(evidence.pages, 'page')}"
    rows = [(said, inline(evidence.ids[name])) for name, said in _IDS.items() if evidence.ids.get(name)]
    rows += [(said, inline(text)) for said, text in (("Organization", evidence.org_id), ("Sandbox", evidence.sandbox)) if text]
    return page(
        f"Adobe's engine read the source with exactly this spec at {words(evidence.at or '')}.{records}{pages}{'.' if records else ''}",
        table(("At Adobe", "ID"), rows) if rows else "",
    )


def _contact(subject: Subject) -> str:
    submission = subject.material.proof.submission
    if submission is None or not (submission.team or submission.contact):
        return "Nobody is named: `submission.team` and `submission.contact` are not set in proof.yaml."
    return " · ".join(words(text) for text in (submission.team, submission.contact) if text)
