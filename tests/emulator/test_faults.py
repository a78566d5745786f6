from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.emulator import Behaviour, Fault, load_faults
from reconciler.errors import SettingsError
from tests.emulator.world import FORM, REST, SPEC, TOKENS, World

MakeWorld = Callable[..., World]

EVERYTHING = """
behaviour: {pages: 50, etags: true}
faults:
  - {method: post, path: /connectionSpecs, after: 1, times: 2, status: 429, retry_after: 3}
  - {path: "/flowSpecs/*", status: 503, retry_after: "Wed, 21 Oct 2026 07:28:00 GMT"}
  - {path: "*", wait: 1.5}
  - {path: /ims/token/v3, break: after}
  - {path: "/flowSpecs*", truncate: true}
  - {path: "/flows", body: "<html>", committed: true}
"""


def with_fault(make_world: MakeWorld, path: str = "*", **fault: Any) -> World:
    return make_world(faults=[Fault(path=path, **fault)])


def statuses(world: World, count: int) -> list[int]:
    return [world.client.get("/flowSpecs").status_code for _ in range(count)]


def test_a_fault_answers_in_the_place_of_the_service(make_world: MakeWorld) -> None:
    world = with_fault(make_world, status=503)
    answer = world.client.post("/connectionSpecs", json=SPEC)
    assert (answer.status_code, answer.json()["type"]) == (503, "https://ns.adobe.com/aep/errors/FLOW-1103-503")
    assert answer.json()["report"]["request-id"] == answer.headers["x-request-id"]
    world.emulator.service.faults.set(())
    assert "mailchimp" not in world.names("/connectionSpecs")


def test_a_429_is_worded_by_the_gateway(make_world: MakeWorld) -> None:
    answer = with_fault(make_world, status=429).client.get("/flowSpecs")
    assert answer.json() == {"error_code": "429000", "message": "Too many requests"}
    assert "retry-after" not in answer.headers


@pytest.mark.parametrize("value", [2, 0, "Wed, 21 Oct 2026 07:28:00 GMT", "soon", -1, 0.5])
def test_retry_after_is_sent_as_it_is_written(make_world: MakeWorld, value: float | str) -> None:
    answer = with_fault(make_world, status=503, retry_after=value).client.get("/flowSpecs")
    assert answer.headers["retry-after"] == str(value)


def test_a_fault_can_happen_a_number_of_times_after_a_number_of_requests(make_world: MakeWorld) -> None:
    assert statuses(with_fault(make_world, after=1, times=2, status=500), 5) == [200, 500, 500, 200, 200]


def test_the_first_rule_that_is_due_happens_and_the_next_does_not_see_the_request(make_world: MakeWorld) -> None:
    world = make_world(faults=[Fault(path="*", times=1, status=500), Fault(path="*", times=1, status=503)])
    assert statuses(world, 3) == [500, 503, 200]


def test_a_fault_matches_by_method_and_by_path_below_the_service_or_whole(make_world: MakeWorld) -> None:
    world = with_fault(make_world, method="put", path="/flowSpecs/*", status=500)
    assert world.client.get(f"/flowSpecs/{REST}").status_code == 200
    assert world.client.put(f"/flowSpecs/{REST}", json=SPEC).status_code == 500
    world.emulator.service.faults.set([Fault(path="/ims/*", status=500)])
    assert world.stranger.post(TOKENS, data=FORM).status_code == 500
    world.emulator.service.faults.set([Fault(path="/data/*/flowSpecs", status=500)])
    assert statuses(world, 1) == [500]


def test_a_wait_sleeps_and_then_the_request_goes_on(make_world: MakeWorld) -> None:
    world = with_fault(make_world, wait=1.5)
    assert statuses(world, 1) == [200]
    assert world.clock.slept == [1.5]


def test_a_wait_longer_than_the_client_is_a_timeout_of_a_write_that_happened(make_world: MakeWorld) -> None:
    world = with_fault(make_world, method="POST", wait=60)
    with pytest.raises(httpx.ReadTimeout):
        world.client.post("/connectionSpecs", json=SPEC, timeout=30)
    assert world.clock.slept == [30]
    assert "mailchimp" in world.names("/connectionSpecs")


def test_a_connection_broken_off_before_the_write_leaves_nothing(make_world: MakeWorld) -> None:
    world = with_fault(make_world, method="POST", break_off="before")
    with pytest.raises(httpx.RemoteProtocolError):
        world.client.post("/connectionSpecs", json=SPEC)
    assert "mailchimp" not in world.names("/connectionSpecs")


def test_a_connection_broken_off_after_the_write_leaves_it_and_is_logged_without_a_status(make_world: MakeWorld) -> None:
    world = with_fault(make_world, method="POST", break_off="after")
    with pytest.raises(httpx.RemoteProtocolError):
        world.client.post("/connectionSpecs", json=SPEC)
    assert world.emulator.store.requests()[-1].status is None
    assert "mailchimp" in world.names("/connectionSpecs")


def test_a_status_can_come_after_the_write(make_world: MakeWorld) -> None:
    world = with_fault(make_world, method="POST", status=504, committed=True)
    assert world.client.post("/connectionSpecs", json=SPEC).status_code == 504
    assert "mailchimp" in world.names("/connectionSpecs")


def test_a_truncated_answer_is_the_first_half_of_the_true_one(make_world: MakeWorld) -> None:
    world = with_fault(make_world, times=1, truncate=True)
    half, whole = world.client.get("/flowSpecs").content, world.client.get("/flowSpecs").content
    assert half == whole[: len(whole) // 2]


def test_a_body_is_answered_as_it_stands(make_world: MakeWorld) -> None:
    answer = with_fault(make_world, body="<h1>Bad gateway</h1>", status=502).client.get("/flowSpecs")
    assert (answer.status_code, answer.text) == (502, "<h1>Bad gateway</h1>")
    assert with_fault(make_world, body="hello").client.get("/flowSpecs").status_code == 200


def test_administration_is_never_hit(make_world: MakeWorld) -> None:
    world = with_fault(make_world, status=500)
    assert world.stranger.get("https://platform.adobe.io/_emulator/behaviour").status_code == 200


def test_a_file_holds_switches_and_faults(tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text(EVERYTHING)
    behaviour, faults = load_faults(file)
    assert behaviour == Behaviour(pages=50, etags=True)
    assert faults == (
        Fault(method="post", path="/connectionSpecs", after=1, times=2, status=429, retry_after=3),
        Fault(path="/flowSpecs/*", status=503, retry_after="Wed, 21 Oct 2026 07:28:00 GMT"),
        Fault(path="*", wait=1.5),
        Fault(path="/ims/token/v3", break_off="after"),
        Fault(path="/flowSpecs*", truncate=True),
        Fault(path="/flows", body="<html>", committed=True),
    )


def test_a_file_can_be_json(tmp_path: Path) -> None:
    file = tmp_path / "faults.json"
    file.write_text('{"faults": [{"path": "*", "status": 500}]}')
    assert load_faults(file) == (Behaviour(), (Fault(path="*", status=500),))


def test_an_empty_file_is_the_plain_service(tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text("# nothing yet\n")
    assert load_faults(file) == (Behaviour(), ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "the file must be a mapping"),
        ("fault: []", "fault is not a valid key (valid keys are behaviour, faults)"),
        ("behaviour: [1]", "behaviour must be a mapping"),
        ("behaviour: {page: 1}", "behaviour.page is not a valid key (did you mean 'pages'?)"),
        ("faults: {}", None),
        ("faults: {path: x}", "faults must be a list of rules"),
        ("faults: [1]", "faults[0] must be a mapping"),
        ("faults: [{status: 500}]", "faults[0] has no path"),
        ('faults: [{path: "*", stats: 500}]', "faults[0].stats is not a valid key (did you mean 'status'?)"),
        ('faults: [{path: "*", status: "500"}]', "faults[0].status does not fit: Expected `int | null`, got `str`"),
        ('faults: [{path: "*", break: later}]', "faults[0].break does not fit: Invalid enum value 'later'"),
        ('faults: [{path: "*", status: 500}, {path: "*"}]', "faults[1] has no effect"),
        ('faults: [{path: "*", status: 500, truncate: true}]', "faults[0] ends a request in two ways"),
        ('faults: [{path: "*", truncate: true, committed: true}]', "faults[0] has committed without a status or body"),
        ('faults: [{path: "*", body: x, retry_after: 1}]', "faults[0] has retry_after without a status"),
        ('faults: [{path: "*", times: 0, status: 500}]', "faults[0].times does not fit: Expected `int` >= 1"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_the_place(tmp_path: Path, text: str, said: str | None) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text(text)
    if said is None:
        assert load_faults(file)[1] == ()
        return
    with pytest.raises(SettingsError) as caught:
        load_faults(file)
    assert f"cannot use the faults file {file}: {said}" in caught.value.message
    assert caught.value.problems[0].file == str(file)


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text("quux: 1\nbehaviour: {page: 1}\nfaults: [1, {}]\n")
    with pytest.raises(SettingsError) as caught:
        load_faults(file)
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize("content", [b"a: [", b"a: 1\na: 2", b"\xff\xfe\xff", b"[" * 5_000])
def test_a_file_that_is_not_yaml_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "faults.yaml"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match="cannot read"):
        load_faults(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot read"):
        load_faults(tmp_path / "missing.json")
