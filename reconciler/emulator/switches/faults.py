"""Faults on demand: rules from a file that decide which requests fail and how."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta

from reconciler.disk import read_most
from reconciler.emulator.model import SERVICE
from reconciler.emulator.switches.behaviour import Behaviour
from reconciler.emulator.switches.habits import Count, Seconds
from reconciler.emulator.switches.records import read_record, said, wrong
from reconciler.errors import Problem, SettingsError, Severity
from reconciler.texts.json import read_json
from reconciler.texts.reading import MAX_BYTES
from reconciler.texts.yaml import read_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One rule: what happens to the requests that match it. They may be delayed, and then get another response.

    method: the HTTP method; None matches all.
    path: a glob for the path, whole or below the service's (`/connectionSpecs/*`); `*` matches slashes too.
    after: the number of matching requests that pass first.
    times: how often the fault happens; None means always.
    wait: seconds before the request is processed.
    status: the status of an error response with the service's own message.
    retry_after: the `Retry-After` of that response: seconds, an HTTP date, or an invalid value.
    body: the body of the response, verbatim, with `status` or 200.
    code: the error code of that response (`403010` is the gateway's form, `1426-400` the service's).
    location: the `Location` of that response.
    committed: `status` and `body` are returned after the request was carried out.
    lands_after: seconds between the response (or interruption) and the request being carried out.
    break_off: the connection is interrupted, `before` or `after` the request is carried out; `break` in a file.
    truncate: the real response with only the first half of its body.
    """

    path: str
    method: str | None = None
    after: Count = 0
    times: Annotated[int, Meta(ge=1)] | None = None
    wait: Seconds | None = None
    status: Annotated[int, Meta(ge=200, le=599)] | None = None
    retry_after: int | float | str | None = None
    body: str | None = None
    code: str | None = None
    location: str | None = None
    committed: bool = False
    lands_after: Seconds | None = None
    break_off: Literal["before", "after"] | None = None
    truncate: bool = False

    def matches(self, method: str, path: str) -> bool:
        if self.method is not None and self.method.upper() != method:
            return False
        return fnmatchcase(path, self.path) or fnmatchcase(path.removeprefix(SERVICE), self.path)

    @property
    def answers(self) -> bool:
        """Whether the rule has a response of its own."""
        return self.status is not None or self.body is not None


class Faults:
    """The active rules with their counters.

    The first rule that is due applies; later rules do not count that request.
    """

    def __init__(self, rules: Sequence[Fault] = ()) -> None:
        self._lock = threading.Lock()
        self._rules: tuple[Fault, ...] = ()
        self._seen: list[int] = []
        self.set(rules)

    def set(self, rules: Sequence[Fault]) -> None:
        """Replace the active rules and reset the counters."""
        with self._lock:
            self._rules = tuple(rules)
            self._seen = [0] * len(self._rules)

    @property
    def rules(self) -> tuple[Fault, ...]:
        return self._rules

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that applies to this request, if any."""
        with self._lock:
            return next((rule for index, rule in enumerate(self._rules) if self._is_due(index, rule, method, path)), None)

    def _is_due(self, index: int, rule: Fault, method: str, path: str) -> bool:
        if not rule.matches(method, path):
            return False
        self._seen[index] += 1
        nth = self._seen[index] - rule.after
        return nth > 0 and (rule.times is None or nth <= rule.times)


def load_faults(file: Path) -> tuple[Behaviour, tuple[Fault, ...]]:
    """The `behaviour:` and the `faults:` of a YAML or JSON file.

    Raises `SettingsError` with all problems, each with its place in the file.
    """
    data = _parse(file)
    if data is None:
        return Behaviour(), ()
    if not isinstance(data, Mapping):
        raise _unusable(file, [wrong("the file", "must be a mapping", "write behaviour: and faults: at the top level")])
    problems = [
        wrong(str(name), "is not a valid key", "valid keys are behaviour, faults")
        for name in data
        if name not in ("behaviour", "faults")
    ]
    behaviour, more = read_record(Behaviour, data.get("behaviour") or {}, "behaviour")
    rules, others = read_faults(data.get("faults") or [], "faults")
    problems += [*more, *others]
    if problems or behaviour is None:
        raise _unusable(file, problems)
    return behaviour, rules


def read_faults(data: object, place: str) -> tuple[tuple[Fault, ...], list[Problem]]:
    """The rules of a list, and its problems."""
    if not isinstance(data, list):
        return (), [wrong(place, "must be a list of rules")]
    rules: list[Fault] = []
    problems: list[Problem] = []
    for index, item in enumerate(data):
        rule, more = _read_fault(item, f"{place}[{index}]")
        problems += more
        if rule is not None:
            rules.append(rule)
    return tuple(rules), problems


def faults_from(data: object) -> tuple[Fault, ...]:
    """The rules of a list. Raises `SettingsError` with all problems."""
    rules, problems = read_faults(data, "faults")
    if problems:
        raise SettingsError(said(problems), problems=problems)
    return rules


def as_json(rule: Fault) -> dict[str, Any]:
    """A rule in the format of a faults file, without unset fields."""
    held = {name: value for name, value in asdict(rule).items() if value not in (None, False, 0)}
    return {"break" if name == "break_off" else name: value for name, value in held.items()}


def _read_fault(item: object, place: str) -> tuple[Fault | None, list[Problem]]:
    if isinstance(item, Mapping):
        item = {"break_off" if name == "break" else name: value for name, value in item.items()}
        if "path" not in item:
            return None, [wrong(place, "has no path", 'add the requests that it matches: path: "/connectionSpecs*"')]
    rule, problems = read_record(Fault, item, place)
    if rule is None:
        return None, [replace(problem, message=problem.message.replace(".break_off", ".break")) for problem in problems]
    contradiction = _contradiction(rule)
    return (None, [wrong(place, contradiction)]) if contradiction else (rule, [])


def _contradiction(rule: Fault) -> str | None:
    endings = [bool(rule.answers), rule.break_off is not None, rule.truncate]
    if not any(endings) and rule.wait is None:
        return "has no effect: add one of wait, status, body, break, truncate"
    if sum(endings) > 1:
        return "ends a request in two ways: keep only one of status or body, break, truncate"
    if rule.committed and not rule.answers:
        return "has committed without a status or body"
    for name in ("retry_after", "code", "location"):
        if getattr(rule, name) is not None and rule.status is None:
            return f"has {name} without a status"
    if rule.lands_after is not None and (rule.truncate or not any(endings)):
        return "has lands_after without a status, body or break to answer at once"
    return None


def _parse(file: Path) -> Any:
    try:
        raw = read_most(file, MAX_BYTES + 1)
    except OSError as error:
        raise SettingsError(f"cannot read the faults file {file}: {error.strerror}", hint="use a readable file") from error
    reading = (read_json if file.suffix == ".json" else read_yaml)(raw)
    if [mistake.code for mistake in reading.mistakes] == ["empty"]:
        return None
    problems = [
        Problem(Severity.ERROR, mistake.code, mistake.message, str(file), mistake.line, mistake.column, mistake.hint)
        for mistake in reading.mistakes
    ]
    if problems:
        raise SettingsError(
            f"cannot read the faults file {file}: {said(problems)}", hint="it must be YAML or JSON", problems=problems
        )
    return reading.value


def _unusable(file: Path, problems: Sequence[Problem]) -> SettingsError:
    placed = [problem.at(str(file)) for problem in problems]
    return SettingsError(f"cannot use the faults file {file}: {said(problems)}", problems=placed)
