"""A diagnosis as JSON."""

from __future__ import annotations

from typing import Any, Final

from reconciler.diagnosis.report import OUTCOMES, Diagnosis
from reconciler.reports.sinks.json import to_json

FORMAT_VERSION: Final = 1


def render_diagnosis_json(diagnosis: Diagnosis) -> str:
    """`{"report": "doctor", "format_version": 1, "target", "summary", "checks": [{"id", "outcome", "asked", "said", "hint", "due"}]}`."""
    target = diagnosis.target
    named: dict[str, Any] | None = None
    if target is not None:
        named = {
            "name": target.name,
            "host": target.host,
            "org_id": target.org_id,
            "sandbox": target.sandbox,
            "emulated": target.emulated,
        }
    return to_json(
        {
            "report": "doctor",
            "format_version": FORMAT_VERSION,
            "target": named,
            "in_order": not diagnosis.exit_code,
            "summary": {outcome: diagnosis.count(outcome) for outcome in OUTCOMES},
            "checks": [
                {
                    "id": check.id,
                    "outcome": check.outcome,
                    "asked": check.asked,
                    "said": check.said,
                    "hint": check.hint,
                    "due": check.due,
                }
                for check in diagnosis.checks
            ],
        }
    )
