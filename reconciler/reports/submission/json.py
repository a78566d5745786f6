"""A submission, as JSON."""

from __future__ import annotations

from reconciler.reports.sinks.json import to_json
from reconciler.submission.keys import KeysWritten
from reconciler.submission.report import SubmitReport

_FORMAT_VERSION = 1


def submit_json(report: SubmitReport) -> str:
    """`{"report": "submit", "format_version": 1, "ready", "checks": [{"id", "outcome", "said", "hint"}], …}`."""
    submission = report.submission
    return to_json(
        {
            "report": "submit",
            "format_version": _FORMAT_VERSION,
            "key": submission.key,
            "target": submission.target,
            "draft": submission.draft,
            "ready": submission.ready,
            "checks": [
                {"id": check.id, "outcome": check.outcome.value, "said": check.said, "hint": check.hint}
                for check in submission.checks
            ],
            "to_fill_in": [{"file": place.file, "text": place.text} for place in submission.open_places],
            "kept": [{"file": page.file, "diff": list(page.diff)} for page in submission.kept],
            "place": report.place or None,
            "written": list(report.written),
            "commit": report.commit,
            "others": list(report.others),
        }
    )


def keys_json(written: KeysWritten, *, key: str) -> str:
    """`{"report": "submit-keys", "format_version": 1, "key", "file", "written", "keys", "kept"}`."""
    return to_json(
        {
            "report": "submit-keys",
            "format_version": _FORMAT_VERSION,
            "key": key,
            "file": written.file,
            "written": written.data is not None,
            "keys": dict(written.keys),
            "kept": list(written.kept),
        }
    )
