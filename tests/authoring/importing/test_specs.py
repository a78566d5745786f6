"""Which live specs are imported, what their files say, and what is left to do."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.authoring.importing.specs import FileState
from reconciler.documents.json_text import decode, encode
from reconciler.documents.kinds import Kind
from reconciler.errors import Severity, SpecFileError, UsageError
from reconciler.planning.comparing.ownership import Marker
from tests.authoring.situations import HOME, ORDERS, Repository, by_id, codes, is_empty, nobodys
from tests.planning.situations import BATCH_FLOW, OURS, PROVIDER, SANDBOX, THEIRS, live, shared_flow, spec_id

THEIR_MARKER = Marker(THEIRS, SANDBOX, "orders")


def envelope(spec: dict[str, Any] | None = None, **rest: Any) -> bytes:
    body = {"name": "Acme Orders", "providerId": PROVIDER, "version": "1.0"}
    return encode({"kind": "ConnectionSpec", "key": "orders", "flowSpecs": [], **rest, "spec": body | (spec or {})})


def test_a_new_file_pins_the_id_and_leaves_out_what_the_service_manages() -> None:
    repository = Repository({}, [nobodys(sourceSpec={"a": 1}, authSpec=[], description="x", zeta=1, alpha=2)])
    (spec,) = repository.run(names=("Acme*",)).specs
    assert (spec.state, spec.path, spec.key) == (FileState.WRITTEN, "sources/acme-orders/connection-spec.yaml", "acme-orders")
    document = repository.document(spec.path)
    assert document["ids"] == {"stage": spec_id(1)}
    assert list(document["spec"]) == ["name", "description", "providerId", "version", "authSpec", "sourceSpec", "alpha", "zeta"]
    assert "# How users authenticate" in repository.text(spec.path)


def test_our_marker_is_left_out_and_gives_the_key() -> None:
    marker = Marker(OURS, SANDBOX, "old-orders")
    repository = Repository({}, [live(name="Acme Orders", marker=marker, attributes={"a": 1})])
    (spec,) = repository.run(everything=True).specs
    assert repository.document(spec.path)["spec"]["attributes"] == {"a": 1}
    assert spec.key == "old-orders"
    assert is_empty(repository.plan())


def test_a_key_that_is_given_is_a_rename_of_what_has_our_marker() -> None:
    repository = Repository({}, [live(name="Acme Orders", marker=Marker(OURS, SANDBOX, "old-orders"))])
    result = repository.run(names=("Acme Orders",), key="orders")
    assert repository.document(ORDERS)["formerly"] == ["old-orders"]
    assert codes(result) == ["not-empty"]


@pytest.mark.parametrize("key", ["orders", "Orders", "old-orders"])
def test_a_key_that_another_file_has_or_had_is_refused(key: str) -> None:
    repository = Repository({ORDERS: envelope(formerly=["old-orders"])}, [nobodys(1, name="Acme Returns")])
    with pytest.raises(UsageError, match=rf"{key}' is .* key of specs/{ORDERS}") as refused:
        repository.run(names=("Acme Returns",), key=key)
    assert refused.value.hint


@pytest.mark.parametrize("pins", [{"ids": {"stage": spec_id(1)}}, {}], ids=["pinned", "waiting for its live spec"])
def test_a_key_that_is_given_to_what_has_a_file_is_refused_with_that_file(pins: dict[str, Any]) -> None:
    repository = Repository({ORDERS: envelope(**pins)}, [nobodys(1)])
    with pytest.raises(UsageError) as refused:
        repository.run(names=("Acme Orders",), key="sales")
    assert refused.value.message == f"connection spec 'Acme Orders' already has a file, specs/{ORDERS}, with the key 'orders'"
    assert "`key: sales` and `formerly: [orders]`" in (refused.value.hint or "")
    assert [spec.key for spec in repository.run(names=("Acme Orders",), key="orders").specs] == ["orders"]


def test_a_spec_of_another_name_joins_the_file_that_other_targets_have_by_its_key() -> None:
    file = envelope({"sourceSpec": {"a": 1}}, ids={"prod": spec_id(7)})
    repository = Repository(
        {ORDERS: file}, [nobodys(1, name="Acme Orders (stage)", sourceSpec={"a": 2})], targets=("stage", "prod")
    )
    (spec,) = repository.run(names=("Acme Orders*",), key="orders").specs
    document = repository.document(ORDERS)
    assert (spec.key, document["ids"]) == ("orders", {"prod": spec_id(7), "stage": spec_id(1)})
    assert document["overlays"] == {"stage": {"name": "Acme Orders (stage)", "sourceSpec": {"a": 2}}}
    assert is_empty(repository.plan())


def test_flow_specs_are_named_unless_the_type_stands_for_them() -> None:
    usual = nobodys(1, name="Usual", type="generic-rest")
    none = nobodys(2, name="None", type="generic-rest")
    other = nobodys(3, name="Other")
    flows = [shared_flow(spec_id(1)), shared_flow(spec_id(3), name="Twin", flow_id="f1"), shared_flow(name="Twin", flow_id="f2")]
    repository = Repository({}, [usual, none, other, *flows])
    repository.run(names=("*",), kind=Kind.CONNECTION_SPEC)
    documents = {key: repository.document(f"sources/{key}/connection-spec.yaml") for key in ("usual", "none", "other")}
    assert {key: document.get("flowSpecs") for key, document in documents.items()} == {"usual": None, "none": [], "other": ["f1"]}
    assert "flowSpecs: [] # attached to no flow spec, as it is live" in repository.text("sources/none/connection-spec.yaml")
    assert is_empty(repository.plan())


def test_another_owners_spec_is_left_alone_and_its_owner_named() -> None:
    repository = Repository({}, [live(name="Acme Orders", marker=THEIR_MARKER, **HOME)])
    result = repository.run(everything=True)
    (problem,) = result.problems
    assert (result.specs, problem.code) == ((), "foreign-marker")
    assert THEIRS in problem.message
    assert "--id" in (problem.hint or "")


def test_another_owners_spec_can_be_named_by_id_and_is_then_adopted() -> None:
    repository = Repository({}, [live(name="Acme Orders", marker=THEIR_MARKER, **HOME)])
    result = repository.run(**by_id())
    assert repository.document(result.specs[0].path)["adopt"] == THEIRS
    assert codes(result) == ["adoption", "not-empty"]
    assert [str(action.action) for action in repository.plan().actions] == ["adopt"]


def test_a_marker_that_nobody_can_read_is_adopted_as_unmanaged() -> None:
    repository = Repository({}, [live(name="Acme Orders", attributes={"reconciler": 1}, **HOME)])
    result = repository.run(**by_id())
    assert repository.document(result.specs[0].path)["adopt"] is True
    assert not repository.plan().errors


def test_what_was_retired_or_is_adobes_is_only_taken_by_id() -> None:
    retired = live(number=1, name="Retired", marker=Marker(OURS, SANDBOX, "retired", retired=True))
    stock = live(number=2, name="Stock", audit={"createdClient": "adobe"})
    repository = Repository({}, [retired, stock, shared_flow()])
    assert codes(repository.run(everything=True)) == ["left-alone-retired", "left-alone-shared", "left-alone-global"]
    assert repository.files == {}
    assert [spec.name for spec in repository.run(names=("Stock",)).specs] == ["Stock"]
    assert [spec.name for spec in repository.run(**by_id()).specs] == ["Retired"]


def test_a_shared_flow_spec_is_imported_without_its_ids_and_with_a_warning() -> None:
    repository = Repository({}, [shared_flow(spec_id(1), optionSpec={"name": "x"}, targetConnectionSpecIds=["t"])])
    result = repository.run(ids=(BATCH_FLOW,))
    (spec,) = result.specs
    assert (spec.path, codes(result)) == ("flow-specs/rest-storage-to-aep.yaml", ["shared-flow-spec"])
    assert "optionSpec" in repository.document(spec.path)["spec"]
    assert "ConnectionSpecIds" not in str(repository.document(spec.path))
    assert "sourceConnectionSpecIds is not written" in repository.text(spec.path)
    assert is_empty(repository.plan())


def test_ids_of_this_repository_are_references() -> None:
    flow = live(
        number=9, kind=Kind.FLOW_SPEC, name="Own", sourceConnectionSpecIds=[spec_id(1)], targetConnectionSpecIds=["t", spec_id(1)]
    )
    repository = Repository({}, [nobodys(), flow])
    repository.run(everything=True)
    assert repository.document("flow-specs/own.yaml")["spec"] == {
        "name": "Own",
        "providerId": PROVIDER,
        "sourceConnectionSpecIds": [{"ref": "acme-orders"}],
        "targetConnectionSpecIds": ["t", {"ref": "acme-orders"}],
    }
    assert is_empty(repository.plan())


def test_ids_of_others_are_owned_only_where_that_is_asked_for() -> None:
    flow = live(number=9, kind=Kind.FLOW_SPEC, name="Own", sourceConnectionSpecIds=["theirs"])
    assert "theirs" not in _imported(flow)
    assert "theirs" in _imported(flow, own_ids=True)


def _imported(spec: Any, **choice: Any) -> str:
    repository = Repository({}, [spec])
    repository.run(ids=(spec.id,), **choice)
    assert is_empty(repository.plan())
    return str(next(repository.document(path) for path in repository.files))


def test_what_no_file_can_say_is_left_as_it_is_live_and_told_in_the_file() -> None:
    repository = Repository({}, [nobodys(attributes="text", version=1, permissionsInfo=None)])
    repository.run(everything=True)
    text = repository.text("sources/acme-orders/connection-spec.yaml")
    assert repository.document("sources/acme-orders/connection-spec.yaml")["spec"] == {
        "name": "Acme Orders",
        "providerId": PROVIDER,
    }
    assert "# attributes is not written" in text
    assert "# version is not written" in text
    assert is_empty(repository.plan())


@pytest.mark.parametrize(
    "body",
    [{"name": ""}, {"providerId": " "}, {"sourceSpec": decode("[" * 250 + "]" * 250)}],
    ids=["no name", "no provider", "too deep"],
)
def test_a_spec_that_no_file_can_describe_is_told_and_the_others_are_imported(body: dict[str, Any]) -> None:
    repository = Repository({}, [nobodys(1, name="Good"), nobodys(2, **body)])
    result = repository.run(everything=True)
    (problem,) = result.problems
    assert (problem.severity, bool(problem.hint)) == (Severity.WARNING, True)
    assert list(repository.files) == ["sources/good/connection-spec.yaml"]
    (problem,) = repository.run(ids=(spec_id(2),)).problems
    assert problem.severity is Severity.ERROR


def test_a_key_that_a_file_has_is_not_given_again() -> None:
    repository = Repository(
        {ORDERS: envelope({"name": "Other"}, ids={"stage": spec_id(1)})}, [live(name="Other"), nobodys(2, name="Orders")]
    )
    (spec,) = repository.run(names=("Orders",)).specs
    assert spec.key == "orders-00000000"


def test_a_name_without_letters_gives_a_key_by_its_id() -> None:
    (spec,) = Repository({}, [nobodys(name="漢字")]).run(everything=True).specs
    assert spec.key == "spec-00000000"


def test_a_file_that_is_there_is_changed_and_not_written_twice() -> None:
    text = f"# mine\nkind: ConnectionSpec\nkey: orders\nflowSpecs: []\nids: {{stage: {spec_id(1)}}}\nspec:\n"
    text += f"  name: 'Acme Orders'\n  providerId: {PROVIDER}\n  version: \"1.0\" # a text\n  sourceSpec: {{a: 1, b: [x]}}\n"
    repository = Repository({ORDERS: text}, [nobodys(sourceSpec={"b": ["x", "z"], "a": 2}, exploreSpec={"n": 1})])
    (spec,) = repository.run(**by_id()).specs
    assert spec.state is FileState.CHANGED
    assert repository.text(ORDERS) == text.replace("{a: 1, b: [x]}", "{a: 2, b: [x, z]}")
    assert {taken.path for taken in spec.taken} == {"/sourceSpec/a", "/sourceSpec/b/1"}
    assert repository.run(**by_id()).to_write == ()


def test_a_file_of_the_name_without_a_live_spec_is_pinned() -> None:
    repository = Repository(
        {ORDERS: envelope({"sourceSpec": {"a": 1}})}, [nobodys(sourceSpec={"a": 2})], targets=("stage", "prod")
    )
    result = repository.run(everything=True)
    document = repository.document(ORDERS)
    assert document["ids"] == {"stage": spec_id(1)}
    assert document["overlays"] == {"stage": {"sourceSpec": {"a": 2}}}
    assert codes(result) == ["overlaid"]
    assert is_empty(repository.plan())


def test_an_artifact_of_the_name_cannot_be_pinned() -> None:
    body = encode({"name": "Acme Orders", "providerId": PROVIDER})
    result = Repository({"sources/orders-connectionSpec.json": body}, [nobodys()]).run(everything=True)
    assert codes(result) == ["cannot-pin"]
    assert "convert" in (result.problems[0].hint or "")


def test_an_attachment_that_is_gone_is_taken_out_of_the_file() -> None:
    files = {ORDERS: envelope(ids={"stage": spec_id(1)}, flowSpecs=["RestStorageToAEP", "Other"])}
    repository = Repository(files, [nobodys(), shared_flow(), shared_flow(spec_id(1), name="Other", flow_id="f2")])
    repository.run(**by_id())
    assert repository.document(ORDERS)["flowSpecs"] == ["Other"]
    assert is_empty(repository.plan())


def test_what_was_ignored_stays_ignored() -> None:
    files = {ORDERS: envelope({"sourceSpec": {"a": 1}}, ids={"stage": spec_id(1)}, ignore=["/sourceSpec/a"])}
    repository = Repository(files, [nobodys(sourceSpec={"a": 2})])
    assert repository.run(**by_id()).to_write == ()


def test_a_section_that_is_gone_live_is_gone_from_the_file() -> None:
    repository = Repository({ORDERS: envelope({"exploreSpec": {"a": 1}}, ids={"stage": spec_id(1)})}, [nobodys()])
    repository.run(**by_id())
    assert "exploreSpec" not in repository.document(ORDERS)["spec"]
    assert is_empty(repository.plan())


def test_a_flow_spec_files_list_takes_ids_over_as_references() -> None:
    flow_file = encode(
        {
            "kind": "FlowSpec",
            "ids": {"stage": spec_id(9)},
            "spec": {"name": "Own", "providerId": PROVIDER, "sourceConnectionSpecIds": [{"ref": "orders"}, "gone"]},
        }
    )
    source = envelope(ids={"stage": spec_id(1)}), envelope(ids={"stage": spec_id(2)}, key="more")
    files = {ORDERS: source[0], "sources/more/connection-spec.yaml": source[1], "flow-specs/own.yaml": flow_file}
    flow = live(number=9, kind=Kind.FLOW_SPEC, name="Own", sourceConnectionSpecIds=[spec_id(1), spec_id(2), "other"])
    repository = Repository(files, [nobodys(1), nobodys(2), flow])
    repository.run(ids=(spec_id(9),))
    written = repository.document("flow-specs/own.yaml")["spec"]["sourceConnectionSpecIds"]
    assert sorted(map(str, written)) == ["other", "{'ref': 'more'}", "{'ref': 'orders'}"]
    assert is_empty(repository.plan())


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"ids": ("nope",)}, "nope"),
        ({"names": ("Nope*",)}, "Nope*"),
        ({"names": ("*",), "key": "orders"}, "--as"),
        ({"drift": True, "keys": ("nope",)}, "nope"),
        ({"ids": (spec_id(1),), "kind": Kind.FLOW_SPEC}, "flow spec"),
    ],
)
def test_what_is_not_there_is_told(choice: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        Repository({}, [nobodys(1), nobodys(2, name="Other")]).run(**choice)
    assert words in caught.value.message
    assert caught.value.hint


def test_nothing_is_imported_while_a_file_is_in_error() -> None:
    with pytest.raises(SpecFileError) as caught:
        Repository({ORDERS: "kind: ConnectionSpec\n"}, [nobodys()]).run(everything=True)
    assert caught.value.problems
