"""The dry run: the calls of a proof in order with their bodies, what each makes, and what stays. Calls nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, TypeAlias

from reconciler.dataflows.resources import ResourceType
from reconciler.documents.json_text import Document, Json
from reconciler.proofs.streaming.authentication import CASES, GIVEN
from reconciler.proving.making import bodies
from reconciler.proving.making.fields import Fields
from reconciler.proving.naming import description_of, kept_name, name_of
from reconciler.proving.report import TargetProved
from reconciler.proving.subject import Subject
from reconciler.proving.waiting import in_words

Stays: TypeAlias = Literal["deleted", "kept", "permanent"]
"""What becomes of a resource at the end: `kept` for the next proof, `permanent` because the service cannot delete it."""

TENANT: Final = "{tenant}"
_SERVICES: Final = {"schema": "schemaregistry", "fieldgroup": "schemaregistry", "dataset": "catalog", "mappingSet": "conversion"}
_PATHS: Final = {
    "flow": "/flows",
    "sourceConnection": "/sourceConnections",
    "targetConnection": "/targetConnections",
    "connection": "/connections",
    "dataset": "/dataSets",
    "schema": "/tenant/schemas",
    "fieldgroup": "/tenant/fieldgroups",
    "mappingSet": "/mappingSets",
}


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One call. `service` is empty for Flow Service, and for the third party.

    Ids that are not known yet are `{…}`; secrets are `${NAME}`.
    """

    step: str
    method: str
    path: str
    service: str = ""
    body: Document | None = field(default=None, repr=False)
    makes: ResourceType | Literal["run"] | None = None
    stays: Stays | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlannedProof:
    """What a proof would do. `notes` say what the calls depend on that is not known before."""

    key: str
    place: TargetProved
    steps: tuple[str, ...]
    calls: tuple[PlannedCall, ...]
    notes: tuple[str, ...] = ()

    @property
    def target(self) -> str:
        """The name of the target."""
        return self.place.name

    def made(self, stays: Stays) -> tuple[PlannedCall, ...]:
        """The calls that make what has this end."""
        return tuple(call for call in self.calls if call.stays == stays)


@dataclass(frozen=True, slots=True)
class Planning:
    """The input of a dry run: `fields` are those of the records that are known without a request; None if there are none."""

    subject: Subject
    run: str
    steps: tuple[str, ...]
    fields: Fields | None
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    keeps_all: bool = False

    def mark(self, step: str) -> bodies.Mark:
        """The name and the description of a resource of this run."""
        return name_of(self.subject.key, self.run, step), self._description(self.run)

    def kept_mark(self, step: str) -> bodies.Mark:
        """The name and the description of a resource that stays."""
        return kept_name(self.subject.key, step), self._description(None)

    def _description(self, run: str | None) -> str:
        subject = self.subject
        return description_of(run, subject.repository, subject.target.sandbox, subject.key)


def planned(planning: Planning) -> PlannedProof:
    """The calls of a proof with these options."""
    subject = planning.subject
    calls = tuple(call for step in planning.steps for call in _CALLS[step](planning))
    notes = []
    if planning.fields is None and subject.needs_records:
        notes.append("the fields of schema and mapping follow from the records, and no recording or stub has any")
    return PlannedProof(subject.key, subject.target, planning.steps, calls, tuple(notes))


def _made(planning: Planning, step: str, kind: ResourceType, body: Document, *, keeps: bool = False) -> PlannedCall:
    stays: Stays = "permanent" if kind == "mappingSet" else "kept" if keeps or planning.keeps_all else "deleted"
    return PlannedCall(step, "POST", _PATHS[kind], _SERVICES.get(kind, ""), body, kind, stays)


def _try(_planning: Planning) -> Iterator[PlannedCall]:
    yield PlannedCall(
        "try", "GET", "", note="every page of the third party, as `reconciler try` does; refused if it finds an error"
    )


def _spec(planning: Planning) -> Iterator[PlannedCall]:
    yield PlannedCall("spec", "GET", "/connectionSpecs", note="live must equal the file")
    yield PlannedCall("spec", "GET", "/flowSpecs", note=f"must be attached to {planning.subject.spec.flow_spec}")


def _schema(planning: Planning) -> Iterator[PlannedCall]:
    subject = planning.subject
    if subject.schema_id is not None:
        return
    yield PlannedCall("schema", "GET", "/stats", "schemaregistry", note="the name of the tenant")
    keeps = "schema" in subject.proof.cleanup.keep
    mark = planning.kept_mark if keeps else planning.mark
    fields = planning.fields or Fields()
    yield _made(planning, "schema", "fieldgroup", bodies.field_group(mark("fieldgroup"), TENANT, fields), keeps=keeps)
    yield _made(planning, "schema", "schema", bodies.schema(mark("schema"), "{field group}"), keeps=keeps)


def _mapping_set(planning: Planning) -> Document:
    entries = bodies.mappings(planning.subject.mapping, planning.fields or Fields(), TENANT)
    return bodies.mapping_set(planning.kept_mark("mapping"), planning.subject.schema_id or "{schema}", entries)


def _mapping_check(planning: Planning) -> Iterator[PlannedCall]:
    if planning.subject.maps:
        yield PlannedCall("mapping-check", "POST", "/mappingSets/validate", "conversion", _mapping_set(planning))
        note = "one call for each record, 20 at most"
        yield PlannedCall("mapping-check", "POST", "/mappingSets/preview", "conversion", note=note)


def _connection(planning: Planning) -> Iterator[PlannedCall]:
    subject = planning.subject
    body = bodies.connection(planning.mark("connection"), subject.spec.id, subject.auth_name, subject.values.auth)
    yield _made(planning, "connection", "connection", body)


def _auth(_planning: Planning) -> Iterator[PlannedCall]:
    yield PlannedCall("auth", "GET", "/connections/{connection}/test")


def _explore(planning: Planning) -> Iterator[PlannedCall]:
    params = bodies.source_params(planning.subject.values.source)
    yield PlannedCall("explore", "GET", "/connections/{connection}/explore", note=f"sourceParams={params}")


def _source(planning: Planning) -> Iterator[PlannedCall]:
    subject = planning.subject
    base = None if subject.streams else "{connection}"
    body = bodies.source_connection(planning.mark("source"), subject.spec.id, base, subject.values.source)
    yield _made(planning, "source", "sourceConnection", body)


def _dataset(planning: Planning) -> Iterator[PlannedCall]:
    subject = planning.subject
    if subject.dataset_id is not None:
        return
    keeps = "dataset" in subject.proof.cleanup.keep
    mark = (planning.kept_mark if keeps else planning.mark)("dataset")
    yield _made(planning, "dataset", "dataset", bodies.dataset(mark, subject.schema_id or "{schema}"), keeps=keeps)


def _target(planning: Planning) -> Iterator[PlannedCall]:
    subject = planning.subject
    schema, dataset = subject.schema_id or "{schema}", subject.dataset_id or "{dataset}"
    body = bodies.target_connection(planning.mark("target"), schema, dataset)
    yield _made(planning, "target", "targetConnection", body)


def _mapping(planning: Planning) -> Iterator[PlannedCall]:
    if planning.subject.maps:
        yield _made(planning, "mapping", "mappingSet", _mapping_set(planning))


def _flow_body(planning: Planning, step: str) -> Document:
    mapping = ("{mapping set}", 0) if planning.subject.maps else None
    start = None if planning.subject.streams else planning.now + timedelta(seconds=60)
    return bodies.flow(planning.mark(step), planning.subject.flow_spec_id, ("{source}", "{target}"), mapping, start)


def _flow(planning: Planning) -> Iterator[PlannedCall]:
    yield _made(planning, "flow", "flow", _flow_body(planning, "flow"))


def _run(_planning: Planning) -> Iterator[PlannedCall]:
    yield PlannedCall("run", "GET", "/runs", makes="run", stays="permanent", note="until the run of the flow has ended")


def _count(_planning: Planning) -> Iterator[PlannedCall]:
    yield PlannedCall("count", "GET", "/batches", "catalog", note="the batch of the run")


def _windows(planning: Planning) -> Iterator[PlannedCall]:
    for window in planning.subject.proof.expect.windows:
        params: dict[str, Json] = {
            "windowStartTime": int(window.start.timestamp()),
            "windowEndTime": int(window.end.timestamp()),
        }
        yield PlannedCall("windows", "POST", "/runs", body={"flowId": "{flow}", "params": params}, makes="run", stays="permanent")


def _schedule(planning: Planning) -> Iterator[PlannedCall]:
    if planning.subject.proof.flow.schedule:
        yield _made(planning, "schedule", "flow", bodies.scheduled(_flow_body(planning, "schedule")))


def _inlet(_planning: Planning) -> Iterator[PlannedCall]:
    yield PlannedCall("inlet", "GET", "/flows/{flow}", note="options.inletUrl; only https at dcs.adobedc.net gets events")


def _wait(planning: Planning) -> Iterator[PlannedCall]:
    streaming = planning.subject.proof.streaming
    seconds = streaming.wait if streaming else 0.0
    yield PlannedCall("wait", "", "", note=f"{in_words(seconds)}, because events that come too early may be lost")


def _send(planning: Planning) -> Iterator[PlannedCall]:
    streaming = planning.subject.proof.streaming
    how = {"hmac": "x-hmac-sha256 over the bytes of the line", "oauth": "the access token of this command"}
    said = how.get(streaming.mechanism if streaming else "none", "no authentication")
    yield PlannedCall("send", "POST", "{inlet}", note=f"each line of events.jsonl, with x-adobe-flow-id and {said}")


def _auth_tests(planning: Planning) -> Iterator[PlannedCall]:
    streaming = planning.subject.proof.streaming
    mechanism = streaming.mechanism if streaming else "none"
    for case, words in CASES.get(mechanism, {}).items():
        is_sent = case not in GIVEN[mechanism] or (streaming is not None and case in streaming.tests)
        if is_sent:
            yield PlannedCall("auth-tests", "POST", "{inlet}", note=f"{case}: the shortest event, with {words}")


def _landed(_planning: Planning) -> Iterator[PlannedCall]:
    note = "until as many rows are there as events were received, up to an hour"
    yield PlannedCall("landed", "GET", "/datasets/{dataset}/preview", "export", note=note)


def _cleanup(planning: Planning) -> Iterator[PlannedCall]:
    note = (
        "nothing, because of --keep-resources"
        if planning.keeps_all
        else "all of it in reverse order; a GET must say 404 for each"
    )
    yield PlannedCall("cleanup", "DELETE", "", note=note)


_CALLS: Final = {
    "try": _try,
    "spec": _spec,
    "schema": _schema,
    "mapping-check": _mapping_check,
    "connection": _connection,
    "auth": _auth,
    "explore": _explore,
    "source": _source,
    "dataset": _dataset,
    "target": _target,
    "mapping": _mapping,
    "flow": _flow,
    "run": _run,
    "count": _count,
    "windows": _windows,
    "schedule": _schedule,
    "inlet": _inlet,
    "wait": _wait,
    "send": _send,
    "auth-tests": _auth_tests,
    "landed": _landed,
    "cleanup": _cleanup,
}
