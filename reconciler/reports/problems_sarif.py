"""Problems as SARIF 2.1.0 (OASIS), for code scanning."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from reconciler import __version__
from reconciler.documents.json_text import Document
from reconciler.errors import Problem, Severity
from reconciler.reports.json_sink import to_json

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render_problems_sarif(problems: Iterable[Problem]) -> str:
    """One run with a result for each problem, and a rule for each code."""
    found = tuple(problems)
    rules = [{"id": code} for code in sorted({problem.code for problem in found})]
    driver = {"name": "reconciler", "version": __version__, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem) for problem in found],
    }
    return to_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _result(problem: Problem) -> Document:
    text = f"{problem.message} (hint: {problem.hint})" if problem.hint else problem.message
    result: Document = {"ruleId": problem.code, "level": _LEVELS[problem.severity], "message": {"text": text}}
    return result | {"locations": [_location(problem.file, problem)]} if problem.file else result


def _location(file: str, problem: Problem) -> Document:
    place: Document = {"artifactLocation": {"uri": quote(file, errors="backslashreplace")}}
    region = {"startLine": problem.line, "startColumn": problem.column}
    known = {name: number for name, number in region.items() if number is not None}
    return {"physicalLocation": place | {"region": known} if "startLine" in known else place}
