"""What a file cannot express is left out of a file that is imported, is told, and stops no other file."""

from __future__ import annotations

import pytest

from reconciler.documents.kinds import Kind
from reconciler.flowservice.specs import LiveSpec, live_spec
from tests.authoring.situations import ORDERS, Repository, codes, is_empty, nobodys
from tests.planning.situations import PROVIDER, spec_id

UNSAYABLE = {
    "huge": b"1e400",
    "digits": b"7" * 5000,
    "half of a pair": rb'{"a":"\ud83d"}',
    "a key that is half of a pair": rb'[{"\ud83d":1}]',
    "a key twice": b'{"a":[{"x":1,"x":2}]}',
}


def odd(value: bytes, field: bytes = b"permissionsInfo") -> LiveSpec:
    body = b'{"id":"%s","name":"Acme Odd","providerId":"%s","%s":%s}' % (spec_id(1).encode(), PROVIDER.encode(), field, value)
    return live_spec(Kind.CONNECTION_SPEC, body)


@pytest.mark.parametrize("value", UNSAYABLE.values(), ids=UNSAYABLE.keys())
def test_a_section_that_no_file_can_say_stays_as_it_is_live(value: bytes) -> None:
    repository = Repository({}, [odd(value), nobodys(2)])
    result = repository.run(ids=(spec_id(1), spec_id(2)))
    assert [spec.key for spec in result.specs] == ["acme-odd", "acme-orders"]
    path = "sources/acme-odd/connection-spec.yaml"
    assert "permissionsInfo" not in repository.document(path)["spec"]
    assert "permissionsInfo is not written, so it stays as it is live" in repository.text(path)
    assert is_empty(repository.plan())


@pytest.mark.parametrize("value", UNSAYABLE.values(), ids=UNSAYABLE.keys())
def test_a_file_does_not_take_over_what_no_file_can_say(value: bytes) -> None:
    text = f"kind: ConnectionSpec\nkey: orders\nids: {{stage: {spec_id(1)}}}\nspec:\n  name: Acme Odd\n  providerId: {PROVIDER}\n"
    repository = Repository({ORDERS: text + "  permissionsInfo: {}\n"}, [odd(value)])
    before = repository.text(ORDERS)
    assert codes(repository.run(ids=(spec_id(1),))) == ["cannot-change"]
    assert repository.text(ORDERS) == before


def test_a_name_that_no_file_can_say_spoils_no_other_file() -> None:
    result = Repository({}, [odd(rb'"\ud83d"', b"name"), nobodys(2)]).run(ids=(spec_id(1), spec_id(2)))
    assert [spec.key for spec in result.specs] == ["acme-orders"]
    assert len(result.problems) >= 1
