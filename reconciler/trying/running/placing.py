"""Findings with their positions: in the spec file, or in proof.yaml for what the proof expects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final, TypeAlias

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.pointer import Segments, format_pointer
from reconciler.errors import Problem
from reconciler.sources.findings import Finding
from reconciler.trying.report import Placed

EXPECTED: Final = "expected-"
"""The beginning of the codes of findings whose path is in proof.yaml."""
_ABOUT_A_REQUEST: Final = frozenset({"no-answer", "host-refused"})
"""Codes of findings whose message is about one request and does not name it."""
ProofPlace: TypeAlias = Callable[[Segments], "tuple[str, int, int] | None"]
"""From a path in proof.yaml to its file, line and column; None without a proof file."""


def no_proof(_path: Segments) -> None:
    """The place for findings about expectations where no proof file exists."""


def placed(findings: Iterable[Finding], spec: DesiredSpec, in_proof: ProofPlace, safe: Callable[[str], str]) -> Iterator[Placed]:
    """Each finding with its position. `safe` hides secrets in its words."""
    for finding in findings:
        hint = safe(finding.hint) if finding.hint else None
        message = safe(finding.message)
        if finding.code in _ABOUT_A_REQUEST and finding.call is not None:
            message = f"request {finding.call}: {message}"
        problem = Problem(finding.severity, finding.code, message, hint=hint, key=spec.key)
        yield Placed(_at(problem, finding, spec, in_proof), finding.call)


def _at(problem: Problem, finding: Finding, spec: DesiredSpec, in_proof: ProofPlace) -> Problem:
    if finding.code.startswith(EXPECTED):
        place = in_proof(finding.path or ("expect",))
        return problem if place is None else problem.at(*place)
    position = spec.position(format_pointer(finding.path or ()))
    if position is None:
        return replace(problem, file=spec.file)
    return problem.at(spec.file, *position)
