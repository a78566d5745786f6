"""Schema and reader are of one mind about envelopes and settings, whatever stands in them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.desired.envelope import ENVELOPES as ENVELOPE_RECORDS
from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.documents.readers import Record, read_whole
from reconciler.proofs.schema import PROOF as PROOF_RECORD
from reconciler.settings.schema import SETTINGS as SETTINGS_RECORD
from tests.desired.trees import ONE_ID, PROVIDER
from tests.schemas.validators import accepts

TEXTS = st.one_of(
    st.text(max_size=6),
    st.text("abc./-_~0@ \n", max_size=8),
    st.sampled_from(["a", "acme/s", "a/b/c", ONE_ID, ONE_ID.upper(), "/a/b", "/a~2", "RestStorageToAEP", "k" * 129]),
)
VALUES = st.one_of(st.none(), st.booleans(), st.integers(-2, 2), TEXTS, st.lists(TEXTS, max_size=2))
ENVELOPES = st.fixed_dictionaries(
    {},
    optional={
        "key": VALUES,
        "formerly": st.one_of(VALUES, st.lists(TEXTS, max_size=2)),
        "ids": st.one_of(VALUES, st.dictionaries(TEXTS, TEXTS, max_size=2)),
        "adopt": VALUES,
        "ignore": st.one_of(VALUES, st.lists(TEXTS, max_size=2)),
        "overlays": st.one_of(VALUES, st.dictionaries(TEXTS, st.just({"name": "x"}), max_size=2)),
        "flowSpecs": st.one_of(VALUES, st.lists(TEXTS, max_size=2)),
        "formely": VALUES,
    },
)
DURATIONS = st.one_of(
    VALUES,
    st.integers(-1, 4000),
    st.floats(-1, 4000),
    st.from_regex(r"\A ?[0-9]{1,2}(\.[0-9])?(ms|s|sec)\n?\Z"),
)
URLS = st.one_of(
    VALUES,
    st.from_regex(
        r"\Ahttps?://([a-z.@]{0,2}\.)?(platform(-stage)?(-[a-z]{2,3}[1-9])?\.adobe\.ioo?|ims-[a-z]a1(-stg1)?\.Adobelogin\.com)"
        r"(:(443|80)?)?(/data/foundation/flowservice|/ims/token/v[34])?/?([?#a-z]{0,2})?\Z"
    ),
)
TARGET = st.fixed_dictionaries(
    {},
    optional={
        "base_url": URLS,
        "token_url": URLS,
        "org_id": VALUES,
        "sandbox": VALUES,
        "scopes": st.one_of(VALUES, st.lists(TEXTS, max_size=2)),
        "ownership": st.sampled_from(["marker", "none", None, "x"]),
        "emulator": st.one_of(VALUES, st.text("./a\0", max_size=6)),
    },
)
SETTINGS = st.fixed_dictionaries(
    {
        "version": st.sampled_from([1, 2, "1", True, None]),
        "repository": st.sampled_from(["acme/s", "acme"]),
        "targets": st.dictionaries(st.sampled_from(["a", "b-1", "a b", ""]), TARGET, max_size=2),
    },
    optional={
        "formerly": st.lists(TEXTS, max_size=2),
        "default_target": VALUES,
        "safety": st.fixed_dictionaries({}, optional={"max_creates": st.one_of(VALUES, st.integers(-1, 2_000_000))}),
        "network": st.fixed_dictionaries(
            {},
            optional={
                "concurrency": st.integers(-1, 70),
                "timeout": DURATIONS,
                "settle": DURATIONS,
                "retries": st.integers(-1, 101),
            },
        ),
    },
)
COUNTS = st.one_of(
    VALUES, st.fixed_dictionaries({}, optional={"min": st.integers(-1, 2), "max": st.integers(1, 3), "mx": VALUES})
)
TIMES = st.one_of(
    VALUES, st.sampled_from(["2024-01-05", "2024-01-06T00:00:00Z", "2024-01-05T00:00+00:00", "2024-01-05T00:00:00"])
)
WAITS = st.one_of(VALUES, st.from_regex(r"\A[0-9]{1,4}[smh]?\Z"))
NAMES = st.one_of(VALUES, st.fixed_dictionaries({"env": st.one_of(VALUES, st.sampled_from(["A", "a", "RECONCILER_PROOF_A"]))}))
PROOFS = st.fixed_dictionaries(
    {"kind": st.sampled_from(["Proof", "Proof", "Prof"])},
    optional={
        "key": VALUES,
        "auth": st.fixed_dictionaries({}, optional={"name": VALUES, "params": st.dictionaries(TEXTS, NAMES, max_size=2)}),
        "source": st.one_of(VALUES, st.dictionaries(TEXTS, NAMES, max_size=2)),
        "expect": st.fixed_dictionaries(
            {},
            optional={
                "records": COUNTS,
                "unique": VALUES,
                "fields": VALUES,
                "windows": st.lists(
                    st.fixed_dictionaries({}, optional={"from": TIMES, "to": TIMES, "records": COUNTS}), max_size=2
                ),
            },
        ),
        "target": st.fixed_dictionaries(
            {},
            optional={
                "schema": st.sampled_from(["auto", "none", {"id": "x"}, {"id": ""}, {}, []]),
                "mapping": st.sampled_from(
                    ["auto", "none", "x", [], [{"source": "a", "destination": "b"}], [{"source": "a"}], {}]
                ),
            },
        ),
        "cleanup": st.sampled_from([{"keep": ["schema"]}, {"keep": ["x"]}, {"keep": "schema"}, {}]),
        "flow": st.sampled_from([{"schedule": True}, {"schedule": 1}, {}]),
        "targets": VALUES,
        "streaming": st.fixed_dictionaries(
            {},
            optional={
                "mechanism": VALUES,
                "secret": NAMES,
                "encoding": VALUES,
                "wait": WAITS,
                "tests": st.dictionaries(TEXTS, NAMES, max_size=2),
            },
        ),
        "proof": VALUES,
    },
)


def reads(record: Record[Any], document: Document) -> bool:
    return not isinstance(read_whole(record, document), tuple)


@pytest.mark.parametrize(
    ("schema", "kind"),
    [("connection-spec", Kind.CONNECTION_SPEC), ("flow-spec", Kind.FLOW_SPEC)],
)
@given(envelope=ENVELOPES)
def test_an_envelope_is_in_order_for_the_schema_if_it_is_for_the_reader(
    schema: str, kind: Kind, envelope: dict[str, Any]
) -> None:
    document = {"kind": kind.value, "spec": {"name": "A", "providerId": PROVIDER}, **envelope}
    assert accepts(schema, document) == reads(ENVELOPE_RECORDS[kind], document)


@given(written=SETTINGS)
@example(written={"version": 1, "repository": "acme/s", "targets": {"a": {"base_url": "HTTPS://Platform.ADOBE.io:0443/x?#"}}})
@example(written={"version": 1, "repository": "acme/s", "targets": {"a": {"emulator": "././/."}}})
def test_settings_are_in_order_for_the_schema_if_they_are_for_the_reader(written: Document) -> None:
    assert accepts("settings", written) or not reads(SETTINGS_RECORD, written)


@given(target=TARGET)
def test_what_the_schema_takes_for_a_target_the_reader_does_too(target: Document) -> None:
    written = {"version": 1, "repository": "acme/s", "targets": {"a": target}}
    assert reads(SETTINGS_RECORD, written) or not accepts("settings", written)


@given(proof=PROOFS)
@example(proof={"kind": "Proof", "streaming": {"mechanism": "hmac", "wait": "3600s"}})
@example(proof={"kind": "Proof", "streaming": {"mechanism": "hmac", "wait": "61m"}})
def test_a_proof_is_in_order_for_the_schema_if_it_is_for_the_reader(proof: Document) -> None:
    assert accepts("proof", proof) or not reads(PROOF_RECORD, proof)


@given(proof=PROOFS)
def test_what_the_schema_takes_for_a_proof_the_reader_does_too_but_for_numbers_in_the_wrong_order(proof: Document) -> None:
    found = read_whole(PROOF_RECORD, proof)
    mistakes = found if isinstance(found, tuple) else ()
    beyond = ("min is greater than max", "`from` is not before `to`")
    assert not accepts("proof", proof) or all(mistake.message.endswith(beyond) for mistake in mistakes)
