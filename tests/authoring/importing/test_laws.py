"""Laws of an import, for whatever is live: the next plan is empty, a second import changes nothing, and the file says what is live."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reconciler.authoring.importing.specs import FileState
from reconciler.documents.json_text import decode, encode
from reconciler.documents.kinds import Kind
from reconciler.flowservice.specs import LiveSpec, live_spec
from reconciler.planning.comparing.difference import comparable_live
from tests.authoring.situations import Repository, by_id, is_empty
from tests.fuzz.strategies import BODIES, GOOD
from tests.planning.situations import live, shared_flow, spec_id
from tests.published import bodies_in, needs_published, published

STOCK = sorted(Path("reconciler/emulator/stock").glob("*/*.json"))


def check_laws(spec: LiveSpec, *others: LiveSpec) -> None:
    repository = Repository({}, [spec, *others])
    result = repository.run(ids=(spec.id,))
    assert [problem.message for problem in result.problems if problem.is_error] == []
    (imported,) = result.specs
    assert is_empty(repository.plan())
    written = repository.document(imported.path)["spec"]
    body = {name: value for name, value in comparable_live(spec.body).items() if name in written}
    assert encode({name: body[name] for name in written}) == encode(written)
    again = repository.run(ids=(spec.id,))
    assert [found.state for found in again.specs] == [FileState.UNCHANGED]


@given(st.sampled_from(Kind), BODIES)
def test_whatever_body_is_live_is_read_back_and_nothing_is_left_to_do(kind: Kind, body: dict[str, Any]) -> None:
    document = {**body, **GOOD, "id": spec_id(1)}
    assume(_is_sound(document))
    check_laws(live_spec(kind, encode(document)), shared_flow(spec_id(1), name="Other flow", flow_id=spec_id(99)))


def _is_sound(document: dict[str, Any]) -> bool:
    """Whether a service could hold it, and a file could say it: not nested too deep, and without a marker of nobody's."""
    attributes = document.get("attributes")
    marked = isinstance(attributes, dict) and "reconciler" in attributes
    return not marked and encode(document).count(b"[") + encode(document).count(b"{") < 190


@pytest.mark.parametrize("file", STOCK, ids=lambda file: file.stem)
def test_what_adobe_publishes_can_be_imported(file: Path) -> None:
    document = decode(file.read_bytes())
    kind = Kind.FLOW_SPEC if file.parent.name == "flowSpecs" else Kind.CONNECTION_SPEC
    check_laws(live_spec(kind, encode(document)))


@needs_published
def test_every_published_body_can_be_imported() -> None:
    for file in published():
        body = bodies_in(file)[0]
        kind = Kind.FLOW_SPEC if file.parent.name == "flow" else Kind.CONNECTION_SPEC
        named = {"name": file.stem, "providerId": "p", **body, "id": spec_id(1)}
        check_laws(live_spec(kind, encode(named)))


@given(BODIES, BODIES)
def test_a_file_that_is_there_says_what_is_live_after_an_import(desired: dict[str, Any], now: dict[str, Any]) -> None:
    document = {**now, **GOOD, "id": spec_id(1)}
    desired = {name: value for name, value in desired.items() if "ConnectionSpecIds" not in name}
    assume(_is_sound(document) and _is_sound(desired))
    envelope = {
        "kind": "ConnectionSpec",
        "key": "orders",
        "flowSpecs": [],
        "ids": {"stage": spec_id(1)},
        "spec": {**desired, **GOOD},
    }
    repository = Repository(
        {"sources/orders/connection-spec.yaml": encode(envelope)}, [live_spec(Kind.CONNECTION_SPEC, encode(document))]
    )
    assume(not repository.plan().errors)
    result = repository.run(**by_id())
    assume(not any(problem.is_error for problem in result.problems))
    assert is_empty(repository.plan())
    assert [found.state for found in repository.run(**by_id()).specs] == [FileState.UNCHANGED]


def test_namesakes_get_keys_that_do_not_depend_on_their_order() -> None:
    first, second = live(number=1, name="Twin"), live(number=2, name="Twin")
    keys = [
        sorted(spec.key for spec in Repository({}, specs).run(names=("Twin",)).specs)
        for specs in ([first, second], [second, first])
    ]
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 2
