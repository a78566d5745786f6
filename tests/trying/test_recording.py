from __future__ import annotations

import pytest

from reconciler.sources.messages import Answer, NoAnswer, Request
from reconciler.trying.cassette import Unrecordable
from reconciler.trying.cassette_reading import read_cassette
from reconciler.trying.recording import Recorder, cassette_bytes, raw_cassette_bytes
from tests.trying.exchanges import OFFSET, NoSecrets, OneSecret, answer, cassette, get, source


class Careless(NoSecrets):
    """Notices a secret that it did not replace."""

    def finds(self, text: str) -> str | None:
        return "KEY" if "members" in text else None


def test_a_recorder_passes_answers_on_and_keeps_them() -> None:
    answers: list[Answer | NoAnswer] = [answer({}), NoAnswer("no-answer", "timed out"), answer([])]
    recorder = Recorder(lambda _: answers.pop(0))

    came = [recorder(get(f"page={number}")) for number in range(3)]

    assert [exchange.answer for exchange in recorder.exchanges] == [came[0], came[2]]
    assert recorder.unanswered == [(2, NoAnswer("no-answer", "timed out"))]


def test_answers_that_are_too_large_together_are_not_held_in_memory() -> None:
    large = Answer(200, {}, b" " * 25_000_000)
    recorder = Recorder(lambda _: large)
    recorder(get())
    recorder(get())

    with pytest.raises(Unrecordable, match="more than 50,000,000 bytes"):
        recorder(get())


def test_a_recording_is_one_line_for_each_call_after_its_header() -> None:
    data = cassette_bytes(
        cassette([(get("limit=2", ("Accept", "*/*")), answer({"members": [{"name": "Jane"}]}))]), source(OFFSET), NoSecrets()
    )

    header, call = data.decode().splitlines()
    assert header == (
        '{"format_version":1,"kind":"Cassette","key":"members","spec_digest":"0123456789abcdef",'
        '"recorded_at":"2026-11-27T10:00:00Z","redacted":true}'
    )
    assert call == (
        '{"n":1,"request":{"method":"GET","url":"https://api.example.net/v1/lists/9f1ab3/members","query":[["limit","2"]],'
        '"headers":{"accept":"*/*"}},"answer":{"status":200,"headers":{"content-type":"application/json"},'
        '"body":{"members":[{"name":"text-0001"}]}},"ms":1000}'
    )


@pytest.mark.parametrize(
    ("took", "written"), [(0, 0), (1, 1), (2, 10), (10, 10), (11, 100), (312, 1000), (1000, 1000), (1001, 10000)]
)
def test_times_are_rounded_so_that_recordings_are_alike(took: int, written: int) -> None:
    data = cassette_bytes(cassette([(get(), Answer(200, {}, b"", took))]), source(OFFSET), NoSecrets())

    assert data.endswith(b'"ms":%d}\n' % written)


def test_nothing_recorded_is_an_error() -> None:
    with pytest.raises(Unrecordable, match="no request was answered"):
        cassette_bytes(cassette([]), source(OFFSET), NoSecrets())


def test_a_recording_that_is_too_large_says_how_many_calls_fit() -> None:
    page = answer({"members": [{"id": number, "name": f"Jane {number}"} for number in range(10_000)]})
    calls = [(get(f"limit=2&offset={number}"), page) for number in range(5)]

    with pytest.raises(Unrecordable, match=r"in 5 calls; the limit is 1,000,000 bytes and 1,000 calls") as caught:
        cassette_bytes(cassette(calls), source(OFFSET), NoSecrets())
    assert caught.value.hint == "3 calls would fit: use --pages 3, or a --window with fewer records"
    assert not isinstance(read_cassette(cassette_bytes(cassette(calls[:3]), source(OFFSET), NoSecrets()), "x"), tuple)


def test_one_call_that_is_too_large_asks_for_smaller_pages() -> None:
    with pytest.raises(Unrecordable) as caught:
        cassette_bytes(cassette([(Request("GET", get().url), answer([{"name": "x"}] * 90_000))]), source(OFFSET), NoSecrets())
    assert caught.value.hint == "not even the first call fits: request smaller pages (limitValue), or fewer records"


def test_too_many_calls_say_how_many_fit() -> None:
    with pytest.raises(Unrecordable) as caught:
        cassette_bytes(cassette([(get(f"page={number}"), answer([])) for number in range(1001)]), source(OFFSET), NoSecrets())
    assert caught.value.hint == "1,000 calls would fit: use --pages 1000, or a --window with fewer records"


def test_a_recording_that_could_not_be_read_again_is_not_written() -> None:
    with pytest.raises(Unrecordable, match="the recording could not be read again: line 2: the file has more than 100,000 keys"):
        cassette_bytes(cassette([(get(), answer([0] * 100_001))]), source(OFFSET), NoSecrets())


def test_a_recording_with_a_secret_left_in_it_is_not_written() -> None:
    with pytest.raises(Unrecordable, match="the recording would contain the secret KEY, so it was not written"):
        cassette_bytes(cassette([(get(), answer({}))]), source(OFFSET), Careless())


def test_a_raw_recording_keeps_data_and_leaves_out_secrets() -> None:
    calls = [
        (get("key=s3cr3t-s3cr3t"), answer({"members": [{"name": "Jane", "key": "s3cr3t-s3cr3t"}]})),
        (get(), Answer(502, {}, b"<p>Jane s3cr3t-s3cr3t</p>")),
    ]
    text = raw_cassette_bytes(cassette(calls), OneSecret("KEY", "s3cr3t-s3cr3t")).decode()

    assert '"redacted":false' in text
    assert '{"key":"${KEY}","name":"Jane"}' in text
    assert '"text":"<p>Jane ${KEY}</p>"' in text
    assert "s3cr3t-s3cr3t" not in text
