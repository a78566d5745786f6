"""`try` as its users run it: the installed command against an API over HTTP."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.third_party import Asked, Said, ThirdParty, by_offset, third_party
from tests.e2e.workplace import COMMAND, PATIENCE, SETTINGS, Ran, Workplace

SECRET = "hunter2-and-more"
ENVIRON = {"RECONCILER_PROOF_USER": "jane-doe", "RECONCILER_PROOF_PASSWORD": SECRET, "RECONCILER_PROOF_HOSTS": "127.0.0.1"}
PAGING = {
    "type": "OFFSET",
    "limitName": "limit",
    "limitValue": "100",
    "offSetName": "offset",
    "endConditionName": "$.hasMore",
    "endConditionValue": "Const:false",
}
SCHEDULE = {
    "scheduleStartParamName": "since",
    "scheduleEndParamName": "until",
    "scheduleStartParamFormat": "yyyy-MM-ddTHH:mm:ssK",
    "scheduleEndParamFormat": "yyyy-MM-ddTHH:mm:ssK",
}
BROKEN = "kind: ConnectionSpec\nspec: {name: Broken\n"


@pytest.fixture
def api() -> Iterator[ThirdParty]:
    with third_party(by_offset()) as party:
        yield party


@pytest.fixture
def shop(tmp_path: Path, api: ThirdParty) -> Shop:
    return Shop(tmp_path, api)


class Shop:
    """A specs folder with a source that reads the API, and its proof file."""

    def __init__(self, folder: Path, api: ThirdParty) -> None:
        self.api = api
        self.folder = folder / "checkout"
        self._place = Workplace(self.folder, "http://127.0.0.1:1", emulator=None)  # type: ignore[arg-type]
        self._place.settings(SETTINGS)
        self.source()
        self.proof()

    def source(self, key: str = "shop", **attributes: Any) -> Path:
        """The source, with these attributes in the place of its own."""
        entry = {
            "name": "Basic Authentication",
            "type": "BasicAuthentication",
            "spec": {
                "type": "object",
                "properties": {"username": {"type": "string"}, "password": {"type": "string", "format": "password"}},
                "required": ["username", "password"],
            },
        }
        known = {
            "urlParams": {"host": self.api.url, "path": "/v1/members", "method": "GET"},
            "contentPath": {"path": "$.members"},
            "paginationParams": PAGING,
        }
        return self._place.source(key, authSpec=[entry], sourceSpec={"attributes": known | attributes, "spec": {}})

    def proof(self, key: str = "shop", **content: Any) -> Path:
        params = {"username": {"env": "USER"}, "password": {"env": "PASSWORD"}}
        return self._place.file(f"proofs/{key}/proof.yaml", {"kind": "Proof", "auth": {"params": params}} | content)

    def file(self, path: str, text: str) -> Path:
        return self._place.file(path, text)

    def run(self, *words: str, **environ: str) -> Ran:
        return self._place.run("try", *words, "--allow-local", **(ENVIRON | environ))

    def without_secrets(self, *words: str) -> Ran:
        return self._place.run("try", *words)


def codes(ran: Ran) -> list[str]:
    return [finding["code"] for finding in ran.json["findings"]]


def after_the_first(said: Said) -> Any:
    """The API by offset, whose second answer is this one."""
    pages = by_offset()
    return lambda asked: pages(asked) if asked.query["offset"] == "0" else said


def test_a_right_spec_reads_every_record(shop: Shop) -> None:
    ran = shop.run("shop")
    assert ran.code == 0, ran.err
    assert "237 records in 3 requests" in ran.out
    assert [asked.query["offset"] for asked in shop.api.asked] == ["0", "100", "200"]


def test_a_wrong_name_of_the_offset_fails_at_its_line(shop: Shop) -> None:
    shop.source(paginationParams=PAGING | {"offSetName": "start"})
    ran = shop.run("shop", "--format", "json")
    assert ran.code == 4
    assert ran.json["outcome"] == "failed"
    found = next(finding for finding in ran.json["findings"] if finding["code"] == "same-page")
    assert found["level"] == "error"
    assert found["file"].endswith("specs/sources/shop/connection-spec.yaml")
    assert found["line"] == 1


def test_a_recording_of_a_stub_asks_nobody(shop: Shop) -> None:
    paging = "{style: offset, limit: {name: limit, max: 100}}"
    shop.file(
        "proofs/shop/provider.yaml",
        "kind: Provider\npath: /v1/members\nrecords: {count: 110, each: {id: '{n}'}}\n"
        f"answer: {{records: members, more: hasMore}}\npaging: {paging}\n",
    )
    ran = shop.without_secrets("shop", "--stub", "--record")
    assert ran.code == 0, ran.err
    assert "wrote specs/proofs/shop/cassette.jsonl" in ran.out
    assert "provider.yaml" not in ran.out
    assert shop.api.asked == []
    assert shop.without_secrets("shop", "--replay").code == 0


def test_without_a_stub_the_third_party_is_asked_and_a_stub_and_a_recording_are_written(shop: Shop) -> None:
    ran = shop.run("--all", "--stub", "--record")
    assert ran.code == 0, ran.err
    assert [line for line in ran.out.splitlines() if line.startswith("wrote")] == [
        f"wrote specs/proofs/shop/{name}" for name in ("cassette.jsonl", "provider.yaml", "records.jsonl")
    ]
    assert len(shop.api.asked) == 5
    for origin in ("--stub", "--replay"):
        assert "237 records in 3 requests" in shop.without_secrets("shop", origin).out


def test_a_recording_of_the_third_party_is_not_replaced_by_one_of_a_stub(shop: Shop) -> None:
    shop.run("shop", "--stub", "--record")
    ran = shop.without_secrets("shop", "--stub", "--record")
    assert (ran.code, ran.out) == (1, "")
    assert "specs/proofs/shop/cassette.jsonl is a recording of the third party, and one of a stub would replace it" in ran.err
    assert "delete the recording first" in ran.err
    (shop.folder / "specs/proofs/shop/cassette.jsonl").write_text("broken")
    assert shop.without_secrets("shop", "--stub", "--record").code == 0
    assert shop.without_secrets("shop", "--stub", "--record").code == 0


def test_no_output_shows_the_password(shop: Shop, tmp_path: Path) -> None:
    for form in ("text", "json", "markdown", "html"):
        report = tmp_path / f"report-{form}.json"
        ran = shop.run("shop", "--curl", "-v", "--format", form, "--report", str(report))
        assert ran.code == 0
        for text in (ran.out, ran.err, report.read_text()):
            assert SECRET not in text
            assert b64encode(f"jane-doe:{SECRET}".encode()).decode() not in text


def test_a_missing_page_fails_with_its_status(shop: Shop) -> None:
    shop.api.answers = after_the_first(Said({"error": "gone"}, status=404))
    ran = shop.run("shop", "--format", "json")
    assert ran.code == 4
    assert [call["status"] for call in ran.json["calls"]] == [200, 404]
    assert (ran.json["findings"][0]["code"], ran.json["findings"][0]["call"]) == ("http-status", 2)


def test_a_page_to_sign_in_is_not_json(shop: Shop) -> None:
    shop.api.answers = lambda _: Said(b"<html>\x1b[31msign in</html>", headers={"content-type": "text/html"})
    ran = shop.run("shop")
    assert ran.code == 4
    assert "[not-json]" in ran.out
    assert "\x1b" not in ran.out


def test_too_many_requests_are_reported_and_not_repeated(shop: Shop) -> None:
    shop.api.answers = after_the_first(Said(status=429, headers={"retry-after": "1"}))
    ran = shop.run("shop", "--format", "json")
    assert ran.code == 4
    assert {"http-status", "rate-limited"} <= set(codes(ran))
    assert len(shop.api.asked) == 2


def test_a_compressed_answer_is_read(shop: Shop) -> None:
    pages = by_offset()

    def zipped(asked: Asked) -> Said:
        return Said(pages(asked).body, zipped=True)

    shop.api.answers = zipped
    ran = shop.run("shop", "--format", "json")
    assert (ran.code, ran.json["records"]) == (0, 237)


def test_an_api_without_an_end_is_read_up_to_the_limit(shop: Shop) -> None:
    shop.api.answers = endless
    ran = shop.run("shop", "--pages", "7", "--format", "json")
    assert ran.json["records"] == 700
    assert "page-budget" in codes(ran)
    assert len(shop.api.asked) == 7


def endless(asked: Asked) -> Said:
    offset = int(asked.query["offset"])
    return Said({"members": [{"id": number} for number in range(offset, offset + 100)], "hasMore": True})


def test_an_api_that_closes_every_connection_has_no_answer(shop: Shop) -> None:
    shop.api.answers = lambda _: Said(reset=True)
    ran = shop.run("shop", "--format", "json")
    assert ran.code == 1
    assert codes(ran) == ["no-answer"]
    assert ran.json["calls"][0]["status"] is None


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_slow_trial_with_what_is_known(shop: Shop, sent: signal.Signals) -> None:
    pages, waiting, done = by_offset(), threading.Event(), threading.Event()

    def slow(asked: Asked) -> Said:
        if asked.query["offset"] != "0":
            waiting.set()
            done.wait(PATIENCE)
        return pages(asked)

    shop.api.answers = slow
    words = [str(COMMAND), "try", "shop", "--allow-local", "--record", "--format", "json"]
    process = subprocess.Popen(  # noqa: S603 - the command under test
        words, cwd=shop.folder, env={"PATH": os.environ["PATH"]} | ENVIRON, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert waiting.wait(PATIENCE)
    process.send_signal(sent)
    out, _ = process.communicate(timeout=PATIENCE)
    done.set()
    assert process.returncode == 128 + sent
    report = Ran(process.returncode, out.decode(), "").json
    assert report["interrupted"]
    assert report["outcome"] == "failed"
    assert "nothing was recorded, because the trial was interrupted" in [item["message"] for item in report["findings"]]
    assert report["records"] == 100
    assert [call["status"] for call in report["calls"]] == [200, None]


def test_no_host_gets_a_secret_unless_the_environment_names_it(shop: Shop) -> None:
    ran = shop.run("shop", RECONCILER_PROOF_HOSTS="api.example.com")
    assert ran.code == 3
    assert shop.api.asked == []
    assert ran.out == ""
    assert "RECONCILER_PROOF_HOSTS" in ran.err


def test_a_dry_run_calls_nobody_and_needs_no_secret(shop: Shop) -> None:
    ran = shop.without_secrets("shop", "--dry-run")
    assert ran.code == 0
    assert shop.api.asked == []
    assert f"GET {shop.api.url}/v1/members?limit=100&offset=0" in ran.out
    assert "Authorization: Basic ${USER}:${PASSWORD}" in ran.out


def test_a_curl_line_sends_the_same_request(shop: Shop) -> None:
    ran = shop.run("shop", "--curl", "--pages", "1", "--format", "json")
    sent = shop.api.asked[0]
    line = ran.json["calls"][0]["curl"]
    subprocess.run(["sh", "-c", line], env={"PATH": os.environ["PATH"]} | ENVIRON, check=True, capture_output=True)  # noqa: S603, S607
    again = shop.api.asked[-1]
    assert len(shop.api.asked) == 2
    assert (again.method, again.path, again.query) == (sent.method, sent.path, sent.query)
    assert again.headers["authorization"] == sent.headers["authorization"]


def test_what_the_proof_expects_is_compared(shop: Shop) -> None:
    proof = shop.proof(expect={"records": 238, "unique": "name.first", "fields": ["id", "phone"], "pages": {"min": 4}})
    ran = shop.run("shop", "--format", "json")
    assert ran.code == 4
    assert codes(ran) == ["expected-records", "expected-pages", "expected-fields", "expected-unique"]
    assert all(finding["file"] == f"specs/{proof.relative_to(shop.folder / 'specs')}" for finding in ran.json["findings"])


def test_time_ranges_show_a_parameter_that_the_api_ignores(shop: Shop) -> None:
    shop.source(scheduleParams=SCHEDULE)
    ran = shop.run("shop", "--windows", "--format", "json")
    assert ran.code == 4
    assert [window["records"] for window in ran.json["windows"]] == [237, 237, 237, 237]
    assert codes(ran).count("window-ignored") == 2
    assert ran.json["more_calls"] == 9


def test_other_assumptions_share_the_requests_and_show_what_changes(shop: Shop) -> None:
    shop.source(paginationParams={name: PAGING[name] for name in ("type", "limitName", "limitValue", "offSetName")})
    ran = shop.run("shop", "--assumptions", "--pages", "6", "--format", "json")
    rows = {row["key"]: row for row in ran.json["assumed"]}
    assert rows["offset.no-end"]["changes_outcome"] is True
    assert rows["row.wrapped"]["changes_outcome"] is False
    assert len(shop.api.asked) == len(ran.json["calls"]) + ran.json["more_calls"]
    sent = [(asked.path, tuple(asked.query.items()), asked.headers.get("authorization")) for asked in shop.api.asked]
    assert len(set(sent)) == len(sent)


def test_a_recording_replays_without_network_and_secret(shop: Shop) -> None:
    made = shop.run("--record", "shop")
    assert made.code == 0
    assert "wrote specs/proofs/shop/cassette.jsonl" in made.out
    asked = len(shop.api.asked)
    ran = shop.without_secrets("shop", "--replay", "--format", "json")
    assert (ran.code, ran.json["source"], ran.json["records"]) == (0, "cassette", 237)
    assert len(shop.api.asked) == asked
    cassette = (shop.folder / "specs/proofs/shop/cassette.jsonl").read_text()
    assert SECRET not in cassette
    assert "c0@example.com" not in cassette


def test_a_trial_that_failed_is_not_recorded(shop: Shop) -> None:
    shop.source(paginationParams=PAGING | {"offSetName": "start"})
    ran = shop.run("shop", "--record")
    assert ran.code == 4
    assert "nothing was recorded" in ran.out
    assert not (shop.folder / "specs/proofs/shop/cassette.jsonl").exists()


def test_all_recordings_are_tried_and_one_broken_source_stops_no_other(shop: Shop) -> None:
    shop.run("shop", "--record")
    shop.source("unrecorded")
    shop.file("sources/broken/connection-spec.yaml", BROKEN)
    ran = shop.without_secrets("--all", "--replay", "--format", "json")
    assert ran.code == 1
    assert [(trial["key"], trial["outcome"]) for trial in ran.json["trials"]] == [("shop", "held")]
    assert [(one["key"], one["problems"][0]["code"]) for one in ran.json["not_tried"]] == [
        ("broken", "syntax"),
        ("unrecorded", "no-recording"),
    ]
    shop.source(paginationParams=PAGING | {"limitValue": "50"})
    changed = shop.without_secrets("--all", "--replay", "--format", "markdown")
    assert changed.code == 4
    assert "asks <code>limit&#61;50</code>, recorded was <code>limit&#61;100</code>" in changed.out
    assert "| <code>unrecorded</code> |  |  | no recording |  |" in changed.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("shoop",), "did you mean 'shop'?"),
        ((), "pass the key of a source, or --all"),
        (("shop", "--all"), "--all and KEY exclude each other"),
        (("shop", "--replay"), "reconciler try shop --record"),
        (("shop", "--stub"), "has no provider.yaml"),
        (("shop", "--set", "password=x"), "it is a secret"),
        (("shop", "--set", "password"), "--set requires NAME=VALUE"),
        (("shop", "--assume", "offset.no-ende=never"), "did you mean 'offset.no-end'?"),
        (("shop", "--assume", "offset.no-end=nevr"), "did you mean 'never'?"),
        (("shop", "--window", "2026-01-02..2026-01-01"), "--window ends before it starts"),
        (("shop", "--window", "yesterday..today"), "write ISO 8601 in UTC"),
        (("shop", "--window", "2026-01-01"), "--window requires FROM..TO"),
        (("shop", "--preview", "--backfill"), "exclude each other"),
        (("shop", "--replay", "--record"), "exclude each other"),
        (("shop", "--replay", "--windows"), "exclude each other"),
        (("shop", "--auth", "OAuth"), "Basic Authentication"),
        (("shop", "--proof", "nowhere.yaml"), "cannot read nowhere.yaml"),
    ],
)
def test_what_cannot_be_tried_is_an_error_with_a_next_step(shop: Shop, words: tuple[str, ...], message: str) -> None:
    ran = shop.run(*words)
    assert ran.code == 1
    assert message in ran.err
    assert "hint: " in ran.err
    assert shop.api.asked == []


def test_a_signal_during_all_trials_keeps_those_that_ended(shop: Shop) -> None:
    shop.source("later", urlParams={"host": shop.api.url, "path": "/v1/later", "method": "GET"})
    shop.proof("later")
    pages, waiting, done = by_offset(), threading.Event(), threading.Event()

    def slow(asked: Asked) -> Said:
        if asked.path == "/v1/members":
            waiting.set()
            done.wait(PATIENCE)
        return pages(asked)

    shop.api.answers = slow
    words = [str(COMMAND), "try", "--all", "--allow-local", "--format", "json"]
    process = subprocess.Popen(  # noqa: S603 - the command under test
        words, cwd=shop.folder, env={"PATH": os.environ["PATH"]} | ENVIRON, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert waiting.wait(PATIENCE)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=PATIENCE)
    done.set()
    report = Ran(process.returncode, out.decode(), "").json
    assert (process.returncode, report["interrupted"], report["outcome"]) == (130, True, "failed")
    assert [(trial["key"], trial["interrupted"]) for trial in report["trials"]] == [("later", False), ("shop", True)]
