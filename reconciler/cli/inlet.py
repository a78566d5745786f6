"""The inlet of the command `emulator`: what is printed for each request of a partner's product."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from reconciler.disk import read_most
from reconciler.documents.json_text import Json
from reconciler.emulator.dataplane.inlets.admitting import Admission
from reconciler.emulator.dataplane.inlets.watching import OPEN_INLET, ROWS, InletWatch, Watched
from reconciler.emulator.model import INLETS
from reconciler.emulator.service import Service
from reconciler.emulator.switches.behaviour import Behaviour
from reconciler.errors import UsageError
from reconciler.reports.sinks.text import Text
from reconciler.texts.json import read_json
from reconciler.texts.yaml import read_yaml

SECRET: Final = "RECONCILER_INLET_SECRET"  # noqa: S105  the name of a variable
PREVIOUS: Final = "RECONCILER_INLET_PREVIOUS_SECRET"
_MAX_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Receiving:
    """An inlet to be served: with which switches, against which schema (None for any), and where its requests are printed."""

    behaviour: Behaviour
    schema: Mapping[str, Json] | None
    log: EventLog

    def attach(self, service: Service) -> None:
        """Let the service have this inlet."""
        service.watch = InletWatch(service, self.schema, self.log)

    def announcement(self, address: str) -> str:
        """The address of the inlet, and what a request needs."""
        return inlet_announcement(address, self.behaviour)


def receiving_for(
    behaviour: Behaviour, environ: Mapping[str, str], schema: Path | None, emit: Callable[[str], None]
) -> Receiving:
    """The inlet with the secrets of the environment. Raises UsageError for a schema that cannot be used."""
    switched = with_secrets(behaviour, environ)
    return Receiving(switched, None if schema is None else schema_of(schema), EventLog(emit, switched.hmac_encoding))


def with_secrets(behaviour: Behaviour, environ: Mapping[str, str]) -> Behaviour:
    """The behavior with the secrets of the environment in front of those that it has."""
    given = [environ[name] for name in (SECRET, PREVIOUS) if environ.get(name)]
    return replace(behaviour, inlet_secrets=(*given, *behaviour.inlet_secrets))


def schema_of(file: Path) -> Mapping[str, Json]:
    """The JSON Schema of an event, from a JSON or YAML file. Raises UsageError."""
    try:
        raw = read_most(file, _MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror or error}", hint="use a readable file") from error
    reading = (read_json if file.suffix == ".json" else read_yaml)(raw)
    if reading.mistakes or not isinstance(reading.value, dict) or len(raw) > _MAX_BYTES:
        why = reading.mistakes[0].message if reading.mistakes else "it must be a JSON Schema, which is a mapping"
        raise UsageError(f"cannot use {file} as the schema of an event: {why}", hint="write `type: object` and `properties`")
    return reading.value


def inlet_announcement(address: str, behaviour: Behaviour) -> str:
    """The address of the inlet, and what a request needs."""
    text = Text()
    text.line(f"inlet for events: POST {address}{INLETS}/{OPEN_INLET}")
    text.line(f"for lists of events: POST {address}{INLETS}/batch/{OPEN_INLET}", indent=1)
    if behaviour.inlet_auth in ("either", "hmac"):
        text.line(
            f"signature: x-hmac-sha256 in {behaviour.hmac_encoding}, HMAC-SHA256 over the exact bytes of the body", indent=1
        )
        if not behaviour.inlet_secrets:
            text.line(f"no secret is set, so no signature is valid; set {SECRET}", indent=1)
    if behaviour.inlet_auth in ("either", "oauth"):
        text.line("access token: Authorization: Bearer, from the token address above", indent=1)
    return text.render()


class EventLog:
    """Prints each request with `emit`, and counts the rows of the authentication table."""

    def __init__(self, emit: Callable[[str], None], encoding: str) -> None:
        self._emit = emit
        self._encoding = encoding
        self._rows: Counter[str] = Counter()
        self._mechanisms: dict[str, None] = {}

    def __call__(self, watched: Watched) -> None:
        """Print one request."""
        if watched.row is not None:
            self._rows[watched.row] += 1
            self._mechanisms[watched.admission.mechanism] = None
        self._emit(_shown(watched, self._encoding))

    def table(self) -> str:
        """The rows of the authentication table that were filled, and those that were not; empty before the first request."""
        text = Text()
        for mechanism in self._mechanisms:
            text.line(f"authentication table, {_NAMES[mechanism]}:")
            for row in ROWS[mechanism]:
                seen = self._rows[row]
                text.line(f"{row}: {f'{seen} request{_s(seen)}' if seen else 'not seen'}", indent=1)
        return text.render()


_NAMES: Final = {"hmac": "HMAC", "oauth": "OAuth 2.0", "none": "no authentication"}


def _shown(watched: Watched, encoding: str) -> str:
    text = Text()
    events = f", {watched.events} event{_s(watched.events)}" if watched.events else ""
    text.line(f"{watched.status}: {watched.size:,} bytes{events}")
    text.line(f"{_NAMES[watched.admission.mechanism]}: {watched.admission.why}", indent=1)
    if _is_about_bytes(watched.admission):
        text.line(
            f"expected: HMAC-SHA256 in {encoding} over exactly {watched.size:,} bytes that end with {watched.ending}"
            f" and have the SHA-256 {watched.digest}",
            indent=2,
        )
    if watched.not_json is not None:
        text.line(f"body: not valid JSON: {watched.not_json}", indent=1)
    for violation in watched.violations:
        text.line(f"schema: {violation.path} {violation.message}", indent=1)
    text.line(f"authentication table: {watched.row or 'no row'}", indent=1)
    return text.render()


def _is_about_bytes(admission: Admission) -> bool:
    """Whether the signature does not hold, although there is one and a secret to check it with."""
    return admission.signature is not None and admission.signature.verdict not in (
        "valid",
        "previous-secret",
        "missing",
        "no-secret",
    )


def _s(count: int) -> str:
    return "" if count == 1 else "s"
