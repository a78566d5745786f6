"""The client against the embedded service, in process: every shape that the service may have, and the faults of a bad day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from reconciler.documents.kinds import Kind
from reconciler.emulator import Behaviour, Fault, build
from reconciler.emulator.dataflows import Dataflow, put_dataflow
from reconciler.emulator.model import Author, Place
from reconciler.errors import AnswerLost, ServiceError, SpecNotFound, VersionMismatch
from reconciler.flowservice.client import SpecReader, SpecWriter
from reconciler.flowservice.connecting import connect
from reconciler.flowservice.specs import Usage
from reconciler.secret import Secret
from reconciler.settings.values import Network, OAuthCredentials
from tests.flowservice.simulated import FLOW_SPEC_ID, SPEC_ID, SimulatedClock, seeded, target

CREDENTIALS = OAuthCredentials("client-1", Secret("s"))
S3_ID = "ecadc60c-7455-4d87-84dc-2a0e293d997b"
BODY = {
    "name": "MailChimp Members",
    "providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a",
    "type": "generic-rest",
    "version": "1.0",
    "attributes": {"category": "CRM", "reconciler": {"key": "mailchimp"}},
    "authSpec": [{"name": "a"}, {"name": "b"}],
}


class World:
    """One embedded service, a clock, and clients of it."""

    def __init__(self, *faults: Fault, **behaviour: Any) -> None:
        self.clock = SimulatedClock()
        self.emulator = build(":memory:", Behaviour(**behaviour), faults, clock=self.clock.now, sleep=self.clock.sleep)

    def writer(self, sandbox: str = "dev") -> SpecWriter:
        return connect(
            SpecWriter,
            target(sandbox=sandbox),
            CREDENTIALS,
            Network(),
            clock=self.clock,
            rng=seeded(),
            wire=self.emulator.transport(),
        )

    def reader(self) -> SpecReader:
        return connect(
            SpecReader, target(), CREDENTIALS, Network(), clock=self.clock, rng=seeded(), wire=self.emulator.transport()
        )


@pytest.fixture
def make_world() -> Iterator[Callable[..., World]]:
    """Worlds to order, closed at the end."""
    with ExitStack() as worlds:

        def make(*faults: Fault, **behaviour: Any) -> World:
            world = World(*faults, **behaviour)
            worlds.callback(world.emulator.close)
            return world

        yield make


BEHAVIOURS: list[dict[str, Any]] = [
    {},
    {"pages": 2},
    {"pages": 1, "absolute_links": True},
    {"etags": True},
    {"reorder_auth": True},
    {"updated_at_not_bumped": True},
    {"drop_unknown_attributes": True},
    {"wrap_get": "bare", "wrap_post": "items", "wrap_put": "items"},
]


@pytest.fixture(params=BEHAVIOURS, ids=lambda behaviour: "-".join(behaviour) or "plain")
def world(request: pytest.FixtureRequest, make_world: Callable[..., World]) -> World:
    return make_world(**request.param)


def test_what_is_created_is_listed_read_and_replaced(world: World) -> None:
    writer = world.writer()
    before = writer.list_specs(Kind.CONNECTION_SPEC)
    spec_id = writer.create_spec(Kind.CONNECTION_SPEC, BODY).spec_id
    live = writer.get_spec(Kind.CONNECTION_SPEC, spec_id)
    assert (live.name, live.provider_id, live.updated_client) == (BODY["name"], BODY["providerId"], writer.client_id)
    assert live.updated_at is not None
    writer.replace_spec(Kind.CONNECTION_SPEC, spec_id, live.document | {"name": "Renamed"}, live.etag)
    after = world.reader().list_specs(Kind.CONNECTION_SPEC)
    assert {each.id for each in after.specs} - {each.id for each in before.specs} == {spec_id}
    assert [each.name for each in after.specs if each.id == spec_id] == ["Renamed"]
    assert before.complete
    assert after.complete


def test_a_quiet_look_is_three_requests(make_world: Callable[..., World]) -> None:
    reader = make_world().reader()
    for kind in Kind:
        reader.list_specs(kind)
    assert [(each.method, each.status) for each in reader.requests] == [("POST", 200), ("GET", 200), ("GET", 200)]


def test_a_flow_spec_shows_what_is_attached_to_it(make_world: Callable[..., World]) -> None:
    writer = make_world().writer()
    live = writer.get_spec(Kind.FLOW_SPEC, FLOW_SPEC_ID)
    attached = [*live.source_connection_spec_ids, SPEC_ID]
    writer.replace_spec(Kind.FLOW_SPEC, FLOW_SPEC_ID, live.document | {"sourceConnectionSpecIds": attached}, None)
    assert writer.get_spec(Kind.FLOW_SPEC, FLOW_SPEC_ID).source_connection_spec_ids == tuple(attached)


def test_a_put_on_an_older_version_is_a_mismatch(make_world: Callable[..., World]) -> None:
    writer = make_world(etags=True).writer()
    old = writer.get_spec(Kind.FLOW_SPEC, FLOW_SPEC_ID)
    assert old.etag is not None
    writer.replace_spec(Kind.FLOW_SPEC, FLOW_SPEC_ID, old.document, old.etag)
    with pytest.raises(VersionMismatch):
        writer.replace_spec(Kind.FLOW_SPEC, FLOW_SPEC_ID, old.document, old.etag)


def test_a_spec_that_is_not_there_is_told_from_a_sandbox_that_is_not_there(make_world: Callable[..., World]) -> None:
    world = make_world()
    with pytest.raises(SpecNotFound):
        world.writer().get_spec(Kind.CONNECTION_SPEC, SPEC_ID)
    with pytest.raises(ServiceError, match="2100") as caught:
        world.writer("nowhere").get_spec(Kind.CONNECTION_SPEC, SPEC_ID)
    assert not isinstance(caught.value, SpecNotFound)


def test_a_spec_that_nothing_uses_is_not_in_use(make_world: Callable[..., World]) -> None:
    assert make_world().reader().usage_of(SPEC_ID) == Usage(flows=0, source_connections=0)


def test_a_spec_that_a_source_connection_and_a_flow_use_is_in_use(make_world: Callable[..., World]) -> None:
    world = make_world(pages=1)
    place = Place(target().org_id, "dev")
    for flow in (True, False):
        put_dataflow(world.emulator.store, place, Dataflow(connection_spec=S3_ID, flow=flow), Author("ann@AdobeID", "exc_app"))
    assert world.reader().usage_of(S3_ID) == Usage(flows=1, source_connections=2)
    assert world.reader().usage_of(SPEC_ID) == Usage(flows=0, source_connections=0)


def test_a_token_that_ended_is_replaced_by_another(make_world: Callable[..., World]) -> None:
    world = make_world()
    reader = world.reader()
    reader.list_specs(Kind.FLOW_SPEC)
    world.clock.time += 100_000
    reader.list_specs(Kind.FLOW_SPEC)
    assert [each.status for each in reader.requests] == [200] * 4


def test_a_body_that_the_service_does_not_take_is_an_error_in_its_words(make_world: Callable[..., World]) -> None:
    with pytest.raises(ServiceError, match="name") as caught:
        make_world().writer().create_spec(Kind.CONNECTION_SPEC, {})
    assert not isinstance(caught.value, AnswerLost)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(path="/flowSpecs", times=2, status=503, retry_after=3),
        Fault(path="/flowSpecs", times=2, status=429),
        Fault(path="/flowSpecs", times=2, status=500),
        Fault(path="/flowSpecs", times=2, break_off="before"),
        Fault(path="/flowSpecs", times=2, truncate=True),
        Fault(path="/flowSpecs", times=2, body="<html>"),
        Fault(path="/ims/token/v3", times=2, status=503),
    ],
)
def test_a_read_survives_a_bad_moment(make_world: Callable[..., World], fault: Fault) -> None:
    reader = make_world(fault).reader()
    assert reader.list_specs(Kind.FLOW_SPEC).specs
    assert len(reader.requests) == 4


@pytest.mark.parametrize(
    ("fault", "created"),
    [
        (Fault(path="/connectionSpecs", method="POST", break_off="before"), 0),
        (Fault(path="/connectionSpecs", method="POST", break_off="after"), 1),
        (Fault(path="/connectionSpecs", method="POST", truncate=True), 1),
        (Fault(path="/connectionSpecs", method="POST", status=500, committed=True), 1),
        (Fault(path="/connectionSpecs", method="POST", status=503, retry_after=1), 0),
    ],
)
def test_a_create_whose_answer_is_lost_was_sent_once(make_world: Callable[..., World], fault: Fault, created: int) -> None:
    writer = make_world(fault).writer()
    with pytest.raises(AnswerLost):
        writer.create_spec(Kind.CONNECTION_SPEC, BODY)
    names = [spec.name for spec in writer.list_specs(Kind.CONNECTION_SPEC).specs]
    assert names.count("MailChimp Members") == created
