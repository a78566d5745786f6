"""What is live in a sandbox: bodies that an apply of the first commit left there, edited since, and those of everybody else."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from msgspec import structs

from reconciler.desired.layers import Layers
from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import WorkingTree
from reconciler.documents.kinds import Kind
from reconciler.planning.comparing.difference import section_digests
from reconciler.planning.comparing.ownership import Marker, Settled, with_marker
from reconciler.settings.loading import load_settings
from tests.identity.bodies import connection, edited, scalar
from tests.identity.spelling import as_json

CONNECTIONS: Final = "connectionSpecs"
FLOWS: Final = "flowSpecs"
_MADE, _CHANGED = 1_699_900_000_000, 1_699_990_000_000
_NO_SPECS: Final = ('"text"', "null", "12", "[]", "{}", '{"id": 7}', '{"id": "../x"}', '{"id":"x","name":"\\ud800"}', "1e999")
_NO_JSON: Final = ('{"id":"a",}', "nul", '{"id":"a","x":01}', "NaN")
_FLOW_SPECS: Final = {
    "6499120c-0b15-42dc-936e-847ea3c24d72": "RestStorageToAEP",
    "e77fde5a-22a8-11ed-861d-0242ac120002": "GenericStreamingAEP",
}


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The JSON text of each element of each list, and how the lists are answered: a page at a time, with a count, by whom they are used."""

    lists: dict[str, list[str]]
    page: int
    counts: bool
    uses: dict[str, list[str]]
    """The JSON texts of flows and source connections, by the name of their list."""


def draw_sandbox(rng: random.Random, folder: Path, target: str, sandbox: str, commit: str) -> Sandbox:
    """What is live for a target, from the files as they are in this folder now."""
    specs = folder / "specs"
    layers = Layers.in_settings(load_settings(specs), target)
    desired = load_desired(WorkingTree(specs), target, layers=layers).specs
    bodies: dict[str, list[dict[str, Any]]] = {CONNECTIONS: [], FLOWS: []}
    ids: list[str] = []
    for number, spec in enumerate(desired):
        made = _live(rng, spec, number, sandbox, commit)
        bodies[CONNECTIONS if spec.kind is Kind.CONNECTION_SPEC else FLOWS] += made
        ids += [body["id"] for body in made if spec.kind is Kind.CONNECTION_SPEC]
    bodies[CONNECTIONS] += [_of_others(rng, number, sandbox, commit) for number in range(rng.choice((0, 0, 1, 3)))]
    bodies[FLOWS] += [_shared(rng, spec_id, name, ids) for spec_id, name in _FLOW_SPECS.items() if rng.random() < 0.97]
    lists = {name: [as_json(rng, _shuffled(rng, body)) for body in found] for name, found in bodies.items()}
    for found in lists.values():
        if rng.random() < 0.05:
            found.insert(rng.randint(0, len(found)), rng.choice(_NO_SPECS))
        if rng.random() < 0.005:
            found.append(rng.choice(_NO_JSON))
        if found and rng.random() < 0.03:
            found.append(rng.choice(found))
        rng.shuffle(found)
    return Sandbox(lists, rng.choice((0, 0, 1, 2)), rng.random() < 0.5, _uses(rng, ids))


def spec_id_of(number: int, copy: int = 0) -> str:
    """The id of the spec of this number."""
    return f"0000000{copy}-0000-4000-8000-{number:012d}"


def _live(rng: random.Random, spec: DesiredSpec, number: int, sandbox: str, commit: str) -> list[dict[str, Any]]:
    """The objects of one spec: none, one, or one that is copied."""
    if rng.random() < 0.15:
        return []
    body = {name: value for name, value in spec.body.items() if value is not None}
    spec_id = spec.pinned_id or spec_id_of(number)
    marker = _marker(rng, spec, spec_id, sandbox, commit)
    if rng.random() < 0.4:
        body = edited(rng, body, rng.randint(1, 3))
    if spec.kind is Kind.FLOW_SPEC:
        body = _with_ids(body)
    made = [{**(with_marker(body, marker) if marker else body), **_audit(rng, spec_id)}]
    if marker and rng.random() < 0.03:
        made[0]["attributes"] = {"reconciler": scalar(rng)}
    if rng.random() < 0.04:
        made.append({**made[0], "id": spec_id_of(number, 1)})
    return made


def _marker(rng: random.Random, spec: DesiredSpec, spec_id: str, sandbox: str, commit: str) -> Marker | None:
    """Ours as an apply left it, in most cases; none, or one of somebody else or of another object."""
    ours = Marker("acme/identity", sandbox, spec.key, commit, section_digests(spec), id=spec_id, at="2023-11-13T00:00:00Z")
    settled = {"/description": Settled("0" * 16, None), "/extra": Settled(None, "1" * 16)}
    odd = (
        None,
        structs.replace(ours, repository="acme/other"),
        structs.replace(ours, commit=rng.choice(("f" * 40, None, "no commit")), dirty=rng.random() < 0.5),
        structs.replace(ours, id=spec_id_of(77)),
        structs.replace(ours, settled=settled),
        structs.replace(ours, digests=dict(list(ours.digests.items())[1:]), retired=rng.random() < 0.5),
    )
    return rng.choice(odd) if rng.random() < 0.4 else ours


def _with_ids(body: dict[str, Any]) -> dict[str, Any]:
    """The body with ids in the place of references."""
    held = body.get("sourceConnectionSpecIds")
    if not isinstance(held, list):
        return body
    return body | {
        "sourceConnectionSpecIds": [spec_id_of(index) if isinstance(item, dict) else item for index, item in enumerate(held)]
    }


def _of_others(rng: random.Random, number: int, sandbox: str, commit: str) -> dict[str, Any]:
    """A spec without a file: nobody's, or an orphan of ours."""
    spec_id = spec_id_of(number, 2)
    body = connection(rng, number) | _audit(rng, spec_id)
    if rng.random() < 0.5:
        return with_marker(
            body, Marker("acme/identity", sandbox, f"gone-{number}", commit, {}, retired=rng.random() < 0.3, id=spec_id)
        )
    return body


def _shared(rng: random.Random, spec_id: str, name: str, ids: list[str]) -> dict[str, Any]:
    held: list[Any] = rng.sample(ids, rng.randint(0, len(ids))) + [spec_id_of(number, 3) for number in range(rng.randint(0, 2))]
    if rng.random() < 0.05:
        held += [None, 7, {"ref": "x"}, *held[:1]]
    return {"name": name, "providerId": "adobe", "sourceConnectionSpecIds": held, **_audit(rng, spec_id)}


def _audit(rng: random.Random, spec_id: str) -> dict[str, Any]:
    found: dict[str, Any] = {"id": spec_id, "createdAt": _MADE, "updatedAt": _CHANGED + rng.randrange(9) * 1_000}
    found |= {
        "createdBy": "a@techacct",
        "updatedBy": rng.choice(("jane@acme.example", "a@techacct", 7)),
        "updatedClient": rng.choice(("postman", "client-of-identity", None)),
    }
    if rng.random() < 0.2:
        found["etag"] = rng.choice(('"1"', 'W/"1"', "", 5))
    return found


def _shuffled(rng: random.Random, body: dict[str, Any]) -> dict[str, Any]:
    members = list(body.items())
    if rng.random() < 0.5:
        rng.shuffle(members)
    return dict(members)


def _uses(rng: random.Random, ids: list[str]) -> dict[str, list[str]]:
    used = rng.sample(ids, rng.randint(0, min(2, len(ids))))
    connections = [{"id": f"c{index}", "connectionSpec": {"id": spec_id}} for index, spec_id in enumerate(used)]
    flows = [
        {"id": f"f{index}", "state": rng.choice(("enabled", "disabled", None)), "flowSpec": {"id": next(iter(_FLOW_SPECS))},
         "inheritedAttributes": {"sourceConnections": [{"id": f"c{index}", "connectionSpec": {"id": spec_id}}]}}
        for index, spec_id in enumerate(used)
    ]  # fmt: skip
    return {"sourceConnections": [json.dumps(one) for one in connections], "flows": [json.dumps(one) for one in flows]}
