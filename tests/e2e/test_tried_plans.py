"""Plans and applies of specs that were tried, or not: the installed command, with a recording of an API over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reconciler.documents.json_text import decode, encode
from reconciler.emulator import build
from reconciler.emulator.http.server import serving
from reconciler.proofs.kept.digests import tried_digest
from tests.e2e.shops import ENVIRON, PAGING, record_shop, write_shop
from tests.e2e.third_party import ThirdParty, by_offset, third_party
from tests.e2e.workplace import SETTINGS, Workplace

REFUSE = SETTINGS + "safety: {untried: refuse}\n"


class Team(Workplace):
    """A repository with one source of an API, and its proof."""

    api: ThirdParty

    def shop(self, paging: dict[str, Any] = PAGING, **sections: Any) -> None:
        write_shop(self, self.api, paging, **sections)

    def record(self) -> None:
        record_shop(self)

    @property
    def cassette(self) -> Path:
        return self.folder / "specs/proofs/shop/cassette.jsonl"

    def tried(self) -> Any:
        (action,) = (action for action in self.plan()["actions"] if action["kind"] == "ConnectionSpec")
        return action["tried"]

    def warned(self) -> list[str]:
        return [problem["message"] for problem in self.plan()["problems"] if problem["code"] == "untried"]


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with build(":memory:") as emulator, serving(emulator.app) as url, third_party(by_offset()) as api:
        made = Team(tmp_path / "checkout", url, emulator)
        made.api = api
        made.shop()
        yield made


def test_a_new_source_that_was_not_tried_is_warned_about_and_created(team: Team) -> None:
    ran = team.run("plan")
    assert ran.code == 0
    assert "\n    permanent: a spec cannot be deleted once created\n    not tried\n" in ran.out
    assert "warning: connection spec 'shop' was not tried [untried]\n" in ran.out
    assert "hint: run `reconciler try shop --record`, then commit specs/proofs/shop/\n" in ran.out
    team.apply()
    assert "shop" in team.live()


def test_where_the_settings_refuse_it_plan_and_apply_exit_with_3_and_write_nothing(team: Team) -> None:
    team.settings(REFUSE)
    assert team.run("plan").code == 3
    applied = team.run("apply", "--yes")
    assert (applied.code, team.writes(), team.live().get("shop")) == (3, [], None)
    assert "apply --allow-untried --expect" in team.run("plan", "--allow-untried").out
    assert team.run("apply", "--yes", "--allow-untried").code == 0


def test_the_hint_leads_out_of_the_refusal(team: Team) -> None:
    team.settings(REFUSE)
    (hint,) = (problem["hint"] for problem in team.plan()["problems"] if problem["severity"] == "error")
    (command,) = re.findall(r"`reconciler (try [^`]+)`", hint)
    assert team.run(*command.split(), "--allow-local", **ENVIRON).code == 0
    assert team.cassette.parent == team.folder / re.findall(r"commit (\S+/)", hint)[0].rstrip(";").rstrip("/")
    assert team.run("apply", "--yes").code == 0


def test_a_tried_source_says_so_in_every_format_and_needs_no_permission(team: Team) -> None:
    team.settings(REFUSE)
    team.record()
    said = f"tried: 237 records in 3 calls, cassette of {datetime.now(UTC):%Y-%m-%d}"
    saved = team.folder / "plan.json"
    ran = team.run("plan", "--out", str(saved))
    assert (ran.code, "[untried]" in ran.out) == (0, False)
    assert f"\n    permanent: a spec cannot be deleted once created\n    {said}\n" in ran.out
    for words in (("plan", "--format", "html"), ("plan", "--format", "markdown"), ("show", str(saved))):
        assert said in team.run(*words).out
    recorded = team.tried()
    assert recorded.pop("recorded_at").startswith(f"{datetime.now(UTC):%Y-%m-%d}T")
    assert recorded == {"outcome": "held", "records": 237, "calls": 3, "reason": None, "stub": False}
    assert team.run("apply", "--yes", "--plan", str(saved)).code == 0


def test_another_pagination_was_not_tried_and_the_same_request_again_was(team: Team) -> None:
    team.record()
    team.shop(PAGING | {"offSetName": "start"})
    assert team.tried()["outcome"] == "not_tried"
    (message,) = team.warned()
    assert "connection spec 'shop' was not tried: the spec has changed since it was recorded on " in message
    team.shop()
    assert (team.tried()["outcome"], team.warned()) == ("held", [])


def test_a_forged_digest_does_not_make_another_pagination_tried(team: Team) -> None:
    team.record()
    header, _, rest = team.cassette.read_bytes().partition(b"\n")
    team.shop(PAGING | {"offSetName": "start"})
    digest = tried_digest(decode((team.folder / "specs/sources/shop/connection-spec.yaml").read_bytes())["spec"])
    team.cassette.write_bytes(re.sub(rb'"spec_digest":"[^"]+"', b'"spec_digest":"%s"' % digest.encode(), header) + b"\n" + rest)
    assert team.tried()["outcome"] != "held"
    assert "request 1 asks start=0" in team.tried()["reason"]


def test_a_name_or_an_appearance_needs_no_new_trial(team: Team) -> None:
    team.settings(REFUSE)
    team.record()
    team.shop(name="Shop (all)", description="Members of a shop")
    assert team.tried()["outcome"] == "held"
    team.apply()
    team.shop(name="Shop (all)", description="Members")
    assert (team.tried(), team.run("plan").code) == (None, 0)
    team.shop(PAGING | {"limitValue": "50"}, name="Shop (all)")
    assert (team.tried()["outcome"], team.run("plan").code) == ("not_tried", 3)


def test_a_trial_that_fails_on_its_recording_is_told_with_its_first_finding(team: Team) -> None:
    team.record()
    proof = team.folder / "specs/proofs/shop/proof.yaml"
    proof.write_bytes(encode(decode(proof.read_bytes()) | {"expect": {"records": 238}}))
    tried = team.tried()
    assert (tried["outcome"], tried["records"], tried["calls"]) == ("failed", 237, 3)
    assert "expected 238" in tried["reason"]
    assert team.warned() == [f"connection spec 'shop' was tried, and it failed: {tried['reason']}"]


@pytest.mark.parametrize("content", [b"", b"{}\n", b"\xff\n", b"[" * 100_000, b'{"kind":"Cassette"}\n'])
def test_a_recording_that_cannot_be_read_is_one_problem_and_stops_nothing(team: Team, content: bytes) -> None:
    team.cassette.write_bytes(content)
    ran = team.run("plan")
    assert (ran.code, ran.out.count("[untried]")) == (0, 1)
    assert "was not tried: its recording is not valid: line 1: " in ran.out


def test_a_saved_plan_of_a_tried_spec_is_refused_without_its_recording(team: Team) -> None:
    team.settings(REFUSE)
    team.record()
    saved = team.folder / "plan.json"
    assert team.run("plan", "--out", str(saved)).code == 0
    digest = team.plan()["digest"]
    team.cassette.unlink()
    assert team.plan()["digest"] == digest
    for words in (("--plan", str(saved)), ("--expect", digest)):
        assert (team.run("apply", "--yes", *words).code, team.live().get("shop")) == (3, None)


def test_drift_and_status_say_nothing_about_trials(team: Team) -> None:
    team.settings(REFUSE)
    for words in (("status",), ("drift",)):
        ran = team.run(*words)
        assert "tried" not in ran.out + ran.err
