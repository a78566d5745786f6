from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.json_text import Json, decode, encode
from reconciler.sources.answers.decoding import decoded
from reconciler.sources.evidence import Assumptions
from reconciler.sources.messages import Answer, Request
from reconciler.trying.cassette import Exchange, Unrecordable
from reconciler.trying.recording import cassette_bytes
from reconciler.trying.redacting.redaction import redacted
from tests.trying.exchanges import ADDRESS, OFFSET, POINTER, TOKEN, NoSecrets, OneSecret, answer, cassette, get, source

JANE = "jane.doe@acme.example"
LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=["Nd"]), min_size=7, max_size=30)
SCALARS = st.one_of(
    LETTERS,
    st.emails(),
    st.uuids().map(str),
    st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    st.integers(10**6, 10**15).map(str),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.none(),
)
ROWS = st.lists(
    st.dictionaries(
        st.sampled_from(["id", "name", "mail", "deep"]),
        SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(st.just("in"), SCALARS),
    ),
    max_size=4,
)


def body_of(body: Json, pagination: dict[str, Any] = OFFSET) -> Json:
    (call,) = redacted([Exchange(get("limit=2"), answer(body))], source(pagination), NoSecrets())
    return decode(call.answer.content)


def row_of(**row: Json) -> Json:
    return body_of({"members": [row]})["members"][0]


def calls_of(pagination: dict[str, Any], *calls: tuple[Request, Answer]) -> tuple[Exchange, ...]:
    return redacted([Exchange(*call) for call in calls], source(pagination), NoSecrets())


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (JANE, "u1@example.com"),
        ("1990-05-17", "2001-01-02"),
        ("2024-03-01T12:30:11.123Z", "2001-01-02T00:00:00.000Z"),
        ("2024-03-01 12:30:11+02:00", "2001-01-02 00:00:00+02:00"),
        ("0b9c0a3e-0000-4b1d-9f43-2d7c35b4a001", "00000000-0000-4000-8000-000000000001"),
        ("https://acme.example/people/jane", "https://example.com/1"),
        ("+1 (555) 123-4567", "+5 (500) 000-0001"),
        ("007", "051"),
        ("4711", "5501"),
        ("Jane Doe", "text-0001"),
        ("", ""),
    ],
)
def test_a_string_of_a_row_becomes_one_of_the_same_form(text: str, made: str) -> None:
    assert row_of(name=text) == {"name": made}


@pytest.mark.parametrize(
    ("value", "made"), [(4711, 5501), (-4711, -5501), (7, 6), (52.52, 10.15), (-0.5, -1.15), (10**18, 55 * 10**17 + 1)]
)
def test_a_number_of_a_row_keeps_its_sign_and_digits(value: Json, made: Json) -> None:
    assert row_of(id=value) == {"id": made}


def test_numbers_in_sequence_do_not_stay_as_they_are() -> None:
    rows = [{"id": number, "code": f"{number:05}"} for number in range(1, 300)]
    made = body_of({"members": rows})["members"]

    assert not {row["code"] for row in rows} & {row["code"] for row in made}
    assert [row["id"] for row in rows] != [row["id"] for row in made]


@pytest.mark.parametrize(
    ("values", "made"), [(["4711", "5501"], ["5502", "5503"]), (["Jane", "text-0001"], ["text-0002", "text-0003"])]
)
def test_no_made_up_value_is_a_real_one(values: list[str], made: list[str]) -> None:
    assert body_of(values) == made


def test_a_count_in_a_header_stays_although_a_row_has_the_same_number() -> None:
    (call,) = calls_of(POINTER, (get(), answer({"members": [{"id": "4"}]}, x_pages="4")))

    assert call.answer.headers["x-pages"] == "4"


def test_a_request_that_is_counted_stays_although_a_row_has_the_same_number() -> None:
    _, second = calls_of(OFFSET, (get("offset=0"), answer({"members": [{"id": 100}]})), (get("offset=100"), answer({})))

    assert second.request.query == (("offset", "100"),)


def test_as_many_numbers_as_have_these_digits_stay_different() -> None:
    made = body_of([{"id": number} for number in range(100)])

    assert sorted(row["id"] for row in made) == list(range(100))


def test_true_false_and_null_stay() -> None:
    row = {"a": True, "b": False, "c": None}

    assert row_of(**row) == row


def test_equal_values_stay_equal_as_strings_and_numbers() -> None:
    made = body_of(
        {"members": [{"id": 471100, "name": "Jane"}, {"name": "Jane", "id": "471100"}, {"name": "John", "id": 471101}]}
    )

    first, second, third = made["members"]
    assert (first["name"], str(first["id"])) == (second["name"], second["id"])
    assert third["name"] != first["name"]
    assert third["id"] != first["id"]


@pytest.mark.parametrize("name", [JANE, "0b9c0a3e-0000-4b1d-9f43-2d7c35b4a001", "4711001", "1990-05-17", "x" * 61])
def test_a_field_name_that_is_data_is_replaced(name: str) -> None:
    assert name not in str(body_of({"members": [{"by": {name: 1}}]}))


def test_field_names_stay() -> None:
    assert list(row_of(**{"First Name": "Jane", "e_mail": JANE})) == ["First Name", "e_mail"]


def test_what_pages_are_counted_with_stays() -> None:
    envelope = {"total_items": 237, "hasMore": True, "next_offset": "100", "ratio": 0.5, "none": None}

    assert body_of({**envelope, "members": [{"id": 237}]}) == {**envelope, "members": [{"id": 551}]}


@pytest.mark.parametrize("place", ["owner", "detail"])
def test_other_strings_of_an_envelope_are_replaced(place: str) -> None:
    assert "Jane" not in str(body_of({place: "Jane Doe", "members": []}))


def test_rows_that_the_content_path_does_not_find_are_redacted_all_the_same() -> None:
    assert "Jane" not in str(body_of({"people": {"first": {"name": "Jane Doe"}, "others": [[{"name": "Jane Roe"}]]}}))


def test_the_value_that_ends_the_run_stays() -> None:
    pagination = {**OFFSET, "endConditionName": "$.state", "endConditionValue": "Const:done"}

    assert body_of({"state": "done"}, pagination) == {"state": "done"}


def test_a_token_is_the_same_in_the_answer_and_in_the_next_request() -> None:
    first, second = calls_of(
        TOKEN,
        (get("limit=2"), answer({"after": "c2VjcmV0IHJvdw==", "members": []})),
        (get("limit=2&after=c2VjcmV0IHJvdw%3D%3D"), answer({})),
    )

    token = decode(first.answer.content)["after"]
    assert token == "text-0001"
    assert second.request.query == (("limit", "2"), ("after", token))


@pytest.mark.parametrize("last", [JANE, "4711001", 4711001])
def test_a_token_that_is_a_value_of_a_row_is_replaced_as_that_value_is(last: str | int) -> None:
    first, second = calls_of(
        TOKEN, (get("limit=2"), answer({"after": last, "members": [{"id": last}]})), (get(f"limit=2&after={last}"), answer({}))
    )

    made = decode(first.answer.content)
    assert made["after"] == made["members"][0]["id"] != last
    assert second.request.query[1] == ("after", str(made["after"]))


def test_a_pointer_keeps_its_host_and_what_the_spec_has() -> None:
    pointer = f"{ADDRESS}?limit=2&since={JANE.replace('@', '%40')}"
    first, second = calls_of(
        POINTER, (get("limit=2"), answer({"next": pointer, "members": [{"mail": JANE}]})), (Request("GET", pointer), answer({}))
    )

    made = decode(first.answer.content)["next"]
    assert made == f"{ADDRESS}?limit=2&since=u1%40example.com"
    assert second.request.url == made


def test_a_pointer_in_a_list_of_links_stays_usable() -> None:
    pointer = f"{ADDRESS}?limit=2&page=2"
    first, second = calls_of(
        POINTER, (get("limit=2"), answer({"links": [{"rel": "next", "href": pointer}]})), (Request("GET", pointer), answer({}))
    )

    assert decode(first.answer.content) == {"links": [{"rel": "next", "href": pointer}]}
    assert second.request.url == pointer


def test_a_link_header_is_redacted_in_the_same_way() -> None:
    (call,) = calls_of(POINTER, (get(), answer([], link=f'<{ADDRESS}?u={JANE}&page=2>; rel="next"; title="Jane", <x>')))

    assert call.answer.headers["link"] == f'<{ADDRESS}?u=u1%40example.com&page=2>; rel="next"'


def test_only_headers_that_paging_needs_are_kept() -> None:
    headers = {
        "set_cookie": "a=b",
        "x_total_count": "237",
        "x_request_id": "77",
        "retry_after": "5",
        "x_pages": "4",
        "server": "jane",
    }
    (call,) = calls_of({"type": "PAGE", "endPageIndex": "headers.pages"}, (get(), answer({}, pages="4", **headers)))

    kept = {"content-type": "application/json", "pages": "4", "retry-after": "5", "x-pages": "4", "x-total-count": "237"}
    assert call.answer.headers == kept


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (b"", b""),
        (b" \n", b""),
        (b"<html>Jane</html>", b"<html>17 bytes</html>"),
        (b"<error>Jane</error>", b"<!-- 19 bytes -->"),
        (b'{"name":"Jane', b"{13 bytes"),
        (b"Jane", b"(4 bytes)"),
    ],
)
def test_an_answer_that_is_not_json_keeps_only_its_size(content: bytes, kept: bytes) -> None:
    (call,) = calls_of(OFFSET, (get(), Answer(502, {"content-type": "text/html; title=jane"}, content)))

    assert (call.answer.status, call.answer.content, call.answer.headers) == (502, kept, {"content-type": "text/html"})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_json_in_another_encoding_is_redacted_and_stays_json(encoding: str) -> None:
    content = '{"members":[{"name":"Jané"}]}'.encode(encoding)
    (call,) = calls_of(OFFSET, (get(), Answer(200, {"content-type": "application/json; charset=iso-8859-1"}, content)))

    assert call.answer.content == b'\xef\xbb\xbf{"members":[{"name":"text-0001"}]}'
    used = Assumptions()
    assert decoded(call.answer, used)[1] is None
    assert list(used.used) == ["answer.encoding"]


def test_secrets_are_names_in_urls_headers_and_bodies() -> None:
    secrets = OneSecret("KEY", "s3cr3t-s3cr3t")
    request = Request("POST", f"{ADDRESS}?key=s3cr3t-s3cr3t", (("X-Key", "s3cr3t-s3cr3t"),), {"auth": ["s3cr3t-s3cr3t"]})
    came = answer({"next": f"{ADDRESS}?key=s3cr3t-s3cr3t&page=2", "s3cr3t-s3cr3t": [{"echo": "s3cr3t-s3cr3t"}]})
    (call,) = redacted([Exchange(request, came)], source(POINTER), secrets)

    assert call.request == Request("POST", f"{ADDRESS}?key=%24%7BKEY%7D", (("x-key", "${KEY}"),), {"auth": ["${KEY}"]})
    assert decode(call.answer.content) == {"next": f"{ADDRESS}?key=%24%7BKEY%7D&page=2", "${KEY}": [{"echo": "${KEY}"}]}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("Basic dXNlcjphYmM=", "Basic ***"),
        ("Bearer s3cr3t-s3cr3t", "Bearer ${KEY}"),
        ("Basic user:s3cr3t-s3cr3t", "Basic ${KEY}"),
        ("s3cr3t-s3cr3t", "${KEY}"),
        ("bare", "***"),
    ],
)
def test_a_credential_keeps_only_its_scheme_and_names(value: str, kept: str) -> None:
    (call,) = redacted(
        [Exchange(get("", ("Authorization", value)), answer({}))], source(OFFSET), OneSecret("KEY", "s3cr3t-s3cr3t")
    )

    assert call.request.headers == (("authorization", kept),)


def test_a_title_in_the_place_of_an_address_does_not_become_one() -> None:
    assert body_of({"next": "Page two", "title": "Page one"}, POINTER) == {"next": "text-0001 …", "title": "text-0002"}
    assert body_of({"next": "Page two"}, {**POINTER, "pointerPath": "$.next[*]"}) == {"next": "text-0001"}


def test_an_address_with_a_user_keeps_that_it_has_one() -> None:
    assert body_of({"next": "https://jane:pw@api.example.net/?a=1"}, POINTER) == {"next": "https://user@api.example.net/?a=1"}


def test_an_address_that_is_not_valid_is_replaced() -> None:
    assert body_of({"next": "https://[::1/jane"}, POINTER) == {"next": "https://example.com/1"}


def test_an_answer_that_is_nested_too_deeply_cannot_be_recorded() -> None:
    deep: Json = 1
    for _ in range(101):
        deep = [deep]

    with pytest.raises(Unrecordable, match="answer 1 is nested deeper than 100 levels"):
        body_of(deep)


@given(ROWS, ROWS, st.sampled_from([OFFSET, TOKEN, POINTER]))
def test_no_text_of_a_row_is_in_the_file(one: Json, two: Json, pagination: dict[str, Any]) -> None:
    answers = [answer({"members": rows, "total": len(rows), "after": _some_text(rows), "next": None}) for rows in (one, two)]
    after = _some_text(one)
    requests = [
        get("limit=2"),
        Request("GET", ADDRESS, (), {"limit": 2, "offset": 2} if pagination == OFFSET else {"after": after}),
    ]
    data = cassette_bytes(cassette([*zip(requests, answers, strict=True)]), source(pagination), NoSecrets()).decode()

    texts = {encode(text).decode() for text in (*_texts(one), *_texts(two))}
    escaped = {text if text[1:-1].isdecimal() else text[1:-1] for text in texts}
    assert [text for text in escaped if text in data] == []


@given(ROWS)
def test_the_bytes_depend_on_neither_the_run_nor_the_order_of_fields(rows: list[dict[str, Json]]) -> None:
    turned = [dict(reversed(row.items())) for row in rows]
    first, second = (
        cassette_bytes(cassette([(get("limit=2"), answer({"members": given}))]), source(OFFSET), NoSecrets())
        for given in (rows, turned)
    )

    assert first == second


@given(st.lists(SCALARS, max_size=8))
def test_equal_values_stay_equal_and_different_ones_different(values: list[Json]) -> None:
    made = body_of(values)

    equal = [[encode(one) == encode(other) for one in values] for other in values]
    assert [[encode(one) == encode(other) for one in made] for other in made] == equal


def _texts(value: Json) -> list[str]:
    if isinstance(value, str):
        return [value]
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for child in children for text in _texts(child)]


def _some_text(rows: Json) -> str | None:
    return next(iter(_texts(rows)), None)
