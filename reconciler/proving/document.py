"""A proof as a JSON document: the shape of `--format json`, and of what is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Final

from reconciler.documents.json_text import Document
from reconciler.errors import Problem
from reconciler.proving.report import LeftOver, ProveReport, StepReport

REPORT: Final = "prove"
FORMAT_VERSION: Final = 1


def document_of(report: ProveReport) -> Document:
    """The whole report: `{"report": "prove", "format_version": 1, "outcome": …}`. Its keys are in the order in which people read them."""
    return {
        "report": REPORT,
        "format_version": FORMAT_VERSION,
        "outcome": report.outcome,
        "target": asdict(report.target),
        "run": report.run,
        "repository": report.repository,
        "commit": report.commit,
        "spec": {
            "kind": report.spec.kind,
            "key": report.spec.key,
            "id": report.spec.id,
            "name": report.spec.name,
            "digests": dict(report.spec.digests),
            "flow_spec": report.spec.flow_spec,
        },
        "proof_digest": report.proof_digest,
        "started": report.started,
        "ended": report.ended,
        "streaming": report.streaming,
        "steps": [_step(step) for step in report.steps],
        "authentication": None if report.authentication is None else asdict(report.authentication),
        "counts": asdict(report.counts),
        "run_metrics": dict(report.run_metrics),
        "ids": dict(report.ids),
        "learnt": [asdict(row) for row in report.learnt],
        "assumed": [{"key": key, "value": value} for key, value in report.assumed],
        "left": _resources(report.left),
        "kept": _resources(report.kept),
        "findings": [_finding(problem) for problem in report.findings],
        "interrupted": report.interrupted,
        "written": list(report.written),
    }


def _step(step: StepReport) -> Document:
    return {
        "id": step.id,
        "outcome": step.outcome,
        "why": step.why,
        "ms": step.milliseconds,
        "requests": [
            {
                "method": each.method,
                "path": each.path,
                "status": each.status,
                "request_id": each.request_id,
                "ms": each.milliseconds,
            }
            for each in step.requests
        ],
    }


def _resources(resources: Iterable[LeftOver]) -> list[Document]:
    return [asdict(resource) for resource in resources]


def _finding(problem: Problem) -> Document:
    names = ("code", "message", "hint", "file", "line", "column")
    return {"level": problem.severity.value, **{name: getattr(problem, name) for name in names}}
