"""Problems as SARIF 2.1.0 (OASIS), for code scanning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final
from urllib.parse import quote

from reconciler import __version__
from reconciler.documents.json_text import Document
from reconciler.errors import Problem, Severity, count
from reconciler.lint.pages import PAGE, rule_markdown, rule_text
from reconciler.lint.registry import RULES
from reconciler.reports.problems.fingerprints import fingerprints
from reconciler.reports.sinks.json import to_json

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_ROOT: Final = "%SRCROOT%"
"""The base that code scanning resolves to the repository's root (GitHub docs, "SARIF support for code scanning")."""
MAX_RESULTS: Final = 25_000
"""Per run; code scanning rejects a file with more (GitHub docs, "SARIF results exceed one or more limits")."""
_FINGERPRINT: Final = "reconciler/v1"


def render_problems_sarif(
    problems: Iterable[Problem], path_of: Callable[[str], str | None] = str, pages: str | None = None
) -> str:
    """One run with a result for each problem, up to the limit of code scanning, and a rule for each code.

    Omitted results are counted in a notification of the run; errors are omitted last.

    `path_of` maps a file to its path from the repository's root; None if it is outside. `pages` is the web URL of that root, if it is
    known. (Code scanning rejects a file with a relative `helpUri`.)
    """
    everything = tuple(problems)
    found = everything
    if len(everything) > MAX_RESULTS:
        found = tuple(sorted(everything, key=lambda problem: list(Severity).index(problem.severity))[:MAX_RESULTS])
    codes = {code: index for index, code in enumerate(sorted({problem.code for problem in found}))}
    marks = fingerprints(found, path_of)
    run = {
        "tool": {"driver": {"name": "reconciler", "version": __version__, "rules": [_rule(code, pages) for code in codes]}},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        **_left_out(len(everything) - len(found)),
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, codes, marks[index], path_of) for index, problem in enumerate(found)],
    }
    return to_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _left_out(number: int) -> Document:
    """The notification that counts results beyond the limit of code scanning."""
    if not number:
        return {}
    text = f"{count(number, 'more result')} left out: code scanning accepts at most {MAX_RESULTS:,}; `validate --format json` has all"
    notice = {"level": "warning", "message": {"text": text}}
    return {"invocations": [{"executionSuccessful": True, "toolExecutionNotifications": [notice]}]}


def _rule(code: str, pages: str | None) -> Document:
    """The description of a rule for code scanning; a problem of a file's syntax or shape has only its code."""
    name = "".join(word.capitalize() for word in code.split("-"))
    rule = RULES.get(code)
    if rule is None:
        return {"id": code, "name": name, "shortDescription": {"text": code.replace("-", " ")}}
    return {
        "id": code,
        "name": name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule_text(rule), "markdown": rule_markdown(rule)},
        **({"helpUri": f"{pages}/{PAGE}#{code}"} if pages else {}),
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(problem: Problem, codes: Mapping[str, int], fingerprint: str, path_of: Callable[[str], str | None]) -> Document:
    text = f"{problem.message} (hint: {problem.hint})" if problem.hint else problem.message
    result: Document = {
        "ruleId": problem.code,
        "ruleIndex": codes[problem.code],
        "level": _LEVELS[problem.severity],
        "message": {"text": text},
        "partialFingerprints": {_FINGERPRINT: fingerprint},
    }
    return result | {"locations": [_location(problem.file, problem, path_of)]} if problem.file else result


def _location(file: str, problem: Problem, path_of: Callable[[str], str | None]) -> Document:
    path = path_of(file)
    base = {"uriBaseId": _ROOT} if path is not None and not path.startswith("/") else {}
    place: Document = {"artifactLocation": {"uri": quote(file if path is None else path, errors="backslashreplace")} | base}
    region = {
        "startLine": problem.line,
        "startColumn": problem.column,
        "endLine": problem.end_line,
        "endColumn": problem.end_column,
    }
    known = {name: number for name, number in region.items() if number is not None}
    return {"physicalLocation": place | {"region": known} if "startLine" in known else place}
