"""The clients of a proof and an emulator, in one process and on one clock."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from reconciler.dataflows.resources import Created, ResourceType
from reconciler.dataflows.writing import ProofWriter
from reconciler.documents.kinds import Kind
from reconciler.emulator import Behaviour, Emulator, Fault, build
from reconciler.flowservice.client import SpecWriter
from reconciler.flowservice.connecting import Client, connect
from reconciler.http.transport import Wire
from reconciler.proving.naming import description_of, kept_name, name_of
from reconciler.secret import Secret
from reconciler.settings.values import Network, OAuthCredentials
from tests.closing import close_later
from tests.flowservice.simulated import CLIENT_SECRET, FLOW_SPEC_ID, SimulatedClock, target
from tests.providers.reading import example

C = TypeVar("C", bound=Client)

TEST_URL = "https://us6.api.mailchimp.com/3.0/lists/9/members"
LAKE = "c604ff05-7f1a-43c0-8e18-33bf874cb11c"
PROFILE = "https://ns.adobe.com/xdm/context/profile"
BASIC = {
    "name": "Basic Authentication",
    "type": "BasicAuthentication",
    "spec": {
        "type": "object",
        "properties": {
            "username": {"type": "string"},
            "password": {"type": "string", "format": "password"},
            "authorizationTestUrl": {"type": "string"},
        },
        "required": ["username", "password"],
    },
}
SOURCE: dict[str, Any] = {
    "attributes": {
        "urlParams": {"host": "https://us6.api.mailchimp.com", "path": "/3.0/lists/${listId}/members", "method": "GET"},
        "contentPath": {"path": "$.members", "skipAttributes": ["_links"], "overrideWrapperAttribute": "member"},
        "paginationParams": {"type": "OFFSET", "limitName": "count", "limitValue": "100", "offSetName": "offset"},
    },
    "spec": {"type": "object", "properties": {"listId": {"type": "string"}}},
}
RUN = "20231114T2200-7f3a"
KEY = "mailchimp-members"
REPOSITORY = "acme/aep-sources"


@dataclass
class World:
    """An emulator with one source, and clients of it."""

    box: Emulator
    clock: SimulatedClock
    made: dict[str, Created] = field(default_factory=dict)

    def connected(self, kind: type[C], wire: Wire | None = None) -> C:
        return connect(
            kind,
            target(),
            OAuthCredentials("client-1", Secret(CLIENT_SECRET)),
            Network(),
            clock=self.clock,
            rng=random.Random(7),  # noqa: S311 - jitter and request ids are no secrets
            wire=wire or self.box.transport(),
        )

    @property
    def writer(self) -> ProofWriter:
        return self.connected(ProofWriter)

    def behave(self, **switches: Any) -> None:
        self.box.service.behave(replace(self.box.service.behaviour, **switches))

    def fault(self, *faults: Fault) -> None:
        self.box.service.faults.set(faults)

    def mark(self, step: str) -> dict[str, str]:
        return {"name": name_of(KEY, RUN, step), "description": description_of(RUN, REPOSITORY, "dev", KEY)}

    def make(self, step: str, kind: ResourceType, body: dict[str, Any]) -> Created:
        """Make a resource as a proof does."""
        mark = self.mark(step)
        if kind in {"schema", "fieldgroup"}:
            mark = {"title": mark["name"], "description": mark["description"]}
        created = self.writer.create_or_find(kind, mark | body, name_of(KEY, RUN, step))
        self.made[step] = created
        return created

    def source_spec(self) -> str:
        """A connection spec that is attached to its flow spec."""
        with self.connected(SpecWriter) as specs:
            body = {
                "name": "mailchimp",
                "providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a",
                "version": "1.0",
                "authSpec": [BASIC],
            }
            made = specs.create_spec(
                Kind.CONNECTION_SPEC, body | {"sourceSpec": SOURCE, "exploreSpec": {"name": "Resource"}}
            ).spec_id
            live = specs.get_spec(Kind.FLOW_SPEC, FLOW_SPEC_ID).body
            specs.replace_spec(
                Kind.FLOW_SPEC, FLOW_SPEC_ID, live | {"sourceConnectionSpecIds": [*live["sourceConnectionSpecIds"], made]}, None
            )
            return made

    def proof(self, *, works: bool = True) -> dict[str, Created]:
        """All that the proof of a batch source makes, with a credential that works or not."""
        spec = {"connectionSpec": {"id": self.source_spec(), "version": "1.0"}}
        auth = {
            "specName": "Basic Authentication",
            "params": {"username": "u", "password": "p" if works else "wrong", "authorizationTestUrl": TEST_URL},
        }
        base = self.make("connection", "connection", spec | {"auth": auth})
        source = self.make(
            "source",
            "sourceConnection",
            spec | {"baseConnectionId": base.id, "data": {"format": "json"}, "params": {"listId": "9"}},
        )
        own = {f"_{self.writer.tenant()}": {"type": "object", "properties": {"member": {"type": "string"}}}}
        fields = self.make(
            "fieldgroup",
            "fieldgroup",
            {
                "type": "object",
                "meta:intendedToExtend": [PROFILE],
                "definitions": {"own": {"properties": own}},
                "allOf": [{"$ref": "#/definitions/own"}],
            },
        )
        schema = self.make("schema", "schema", {"type": "object", "allOf": [{"$ref": PROFILE}, {"$ref": fields.uri}]})
        dataset = self.make(
            "dataset", "dataset", {"schemaRef": {"id": schema.uri, "contentType": "application/vnd.adobe.xed+json;version=1"}}
        )
        to = self.make(
            "target",
            "targetConnection",
            {
                "connectionSpec": {"id": LAKE, "version": "1.0"},
                "data": {
                    "format": "parquet_xdm",
                    "schema": {"id": schema.uri, "version": "application/vnd.adobe.xed-full+json;version=1"},
                },
                "params": {"dataSetId": dataset.id},
            },
        )
        self.made["mapping"] = self.writer.create_or_find("mappingSet", self.mapping_set(schema.uri), kept_name(KEY, "mapping"))
        params = {"mappingId": self.made["mapping"].id, "mappingVersion": 0}
        self.make(
            "flow",
            "flow",
            {
                "flowSpec": {"id": FLOW_SPEC_ID, "version": "1.0"},
                "sourceConnectionIds": [source.id],
                "targetConnectionIds": [to.id],
                "transformations": [{"name": "Mapping", "params": params}],
                "scheduleParams": {"startTime": str(int(self.clock.now()) + 60), "frequency": "once"},
            },
        )
        return self.made

    @staticmethod
    def mapping_set(schema_uri: str) -> dict[str, Any]:
        return {
            "name": kept_name(KEY, "mapping"),
            "outputSchema": {"schemaRef": {"id": schema_uri, "contentType": "application/vnd.adobe.xed-full+json;version=1"}},
            "mappings": [{"sourceType": "ATTRIBUTE", "source": "member.email_address", "destination": "personalEmail.address"}],
        }


def world(faults: Sequence[Fault] = (), **switches: Any) -> World:
    """A world with an API of 237 records."""
    clock = SimulatedClock()
    box = build(":memory:", Behaviour(**switches), faults, providers=[example("offset")], clock=clock.now, sleep=clock.sleep)
    close_later(box.close)
    return World(box, clock)
