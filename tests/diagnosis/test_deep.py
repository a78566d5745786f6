"""`doctor --deep`: one draft, made only where it may be, and gone at the end whatever happened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.diagnosis.deep.means import Deep
from reconciler.emulator import Behaviour, Fault
from reconciler.errors import Refused
from reconciler.sessions.diagnosing import listed_targets
from tests.diagnosis.drafts import FOREIGN, Connections
from tests.diagnosis.world import Patient, repository
from tests.flowservice.simulated import SimulatedClock, answer


class Looked:
    """A deep diagnosis of a target whose connections behave as given."""

    def __init__(
        self, folder: Path, *, agreed: bool = True, stopped: bool = False, behaviour: Behaviour | None = None, **habits: Any
    ) -> None:
        self.shown: list[tuple[str, ...]] = []
        self.service: Connections | None = None

        def wire(inner: httpx.BaseTransport, clock: SimulatedClock) -> httpx.BaseTransport:
            self.service = Connections(inner, clock, **habits)
            return self.service

        def agree(lines: tuple[str, ...]) -> bool:
            self.shown.append(lines)
            self.stop.now = stopped
            return agreed

        self.stop = _Stop()
        self.found = Patient(folder, wire=wire, deep=Deep(agree, "stage"), stop=self.stop, behaviour=behaviour)

    @property
    def connections(self) -> Connections:
        assert self.service is not None
        return self.service

    @property
    def writes(self) -> list[str]:
        return [line for line in self.connections.sent if not line.startswith("GET")]


class _Stop:
    def __init__(self) -> None:
        self.now = False

    def is_set(self) -> bool:
        return self.now


def test_a_draft_is_made_looked_at_and_gone(tmp_path: Path) -> None:
    looked = Looked(tmp_path)
    assert {
        looked.found.outcome(name) for name in ("deep-draft", "deep-list-lag", "deep-etag", "deep-if-match", "deep-delete")
    } == {"ok"}
    assert list(looked.connections.live) == [FOREIGN]
    assert looked.writes[0] == "POST ?mode=draft"
    assert looked.writes[-1].startswith("DELETE /22222222")
    assert not any(FOREIGN in line for line in looked.writes)
    assert (
        "refused (400 FLOW-1403-400); with another etag: refused (412); with the right one: accepted"
        in looked.found["deep-if-match"].said
    )


def test_what_is_made_and_what_stays_is_shown_before_anything_is_made(tmp_path: Path) -> None:
    shown: list[str] = []
    service: list[Connections] = []

    def wire(inner: httpx.BaseTransport, clock: SimulatedClock) -> httpx.BaseTransport:
        service.append(Connections(inner, clock))
        return service[0]

    def agree(lines: tuple[str, ...]) -> bool:
        assert [line for line in service[0].sent if not line.startswith("GET")] == []
        shown.extend(lines)
        return False

    with pytest.raises(Refused, match="not agreed to"):
        Patient(tmp_path, wire=wire, deep=Deep(agree, "stage"))
    assert [line for line in service[0].sent if not line.startswith("GET")] == []
    assert "makes 1 draft of a base connection" in shown[0]
    assert "reconciler-proof/doctor/" in shown[0]
    assert "cannot be removed" in shown[2]


def test_a_target_that_no_proof_file_lists_is_refused_before_any_request(tmp_path: Path) -> None:
    def handle(_request: httpx.Request) -> httpx.Response:
        pytest.fail("something was sent")

    with pytest.raises(Refused, match="no proof file lists the target 'stage'") as refused:
        Patient(tmp_path, wire=httpx.MockTransport(handle), deep=Deep(lambda _lines: True))
    assert "--allow-target stage" in str(refused.value.hint)


def test_a_target_that_a_proof_file_lists_is_allowed(tmp_path: Path) -> None:
    specs = repository(tmp_path / "listed")
    folder = specs / "proofs" / "orders"
    folder.mkdir(parents=True)
    (folder / "proof.yaml").write_text("kind: Proof\ntargets: [stage]\n")
    assert listed_targets(specs) == {"stage"}


@pytest.mark.parametrize(
    ("details", "why"),
    [({"dev": {"type": "production"}}, "is a production sandbox"), ({"dev": {"type": ""}}, "is not known")],
)
def test_a_sandbox_that_may_be_a_production_one_is_refused(tmp_path: Path, details: Any, why: str) -> None:
    looked = Looked(tmp_path, behaviour=Behaviour(sandbox_details=details))
    assert looked.writes == []
    assert looked.shown == []
    assert why in looked.found["deep"].said
    assert not looked.found["deep"].is_in_order


def test_a_target_that_is_not_in_order_is_refused(tmp_path: Path) -> None:
    looked = Looked(tmp_path, behaviour=Behaviour(clock_skew=7200))
    assert looked.writes == []
    assert "not in order (clock)" in looked.found["deep"].said


def test_a_list_that_lags_more_than_the_window_is_a_warning_with_the_setting(tmp_path: Path) -> None:
    looked = Looked(tmp_path, lag=20.0)
    assert looked.found.outcome("deep-list-lag") == "warn"
    assert "consistency_window" in looked.found.hint("deep-list-lag")


def test_a_draft_that_no_list_shows_is_deleted_by_its_id(tmp_path: Path) -> None:
    looked = Looked(tmp_path, lag=10_000.0)
    assert looked.found.outcome("deep-list-lag") == "unknown"
    assert list(looked.connections.live) == [FOREIGN]


def test_a_draft_whose_answer_was_lost_is_found_by_name_and_deleted(tmp_path: Path) -> None:
    looked = Looked(tmp_path, lost="POST", lag=15.0)
    assert looked.found.outcome("deep-draft") == "unknown"
    assert looked.found.outcome("deep-delete") == "ok"
    assert list(looked.connections.live) == [FOREIGN]


def test_a_draft_whose_answer_was_lost_and_that_no_list_shows_may_be_left(tmp_path: Path) -> None:
    looked = Looked(tmp_path, lost="POST", lag=10_000.0)
    assert looked.found.outcome("deep-delete") == "fail"
    assert "prove --cleanup all --target stage" in looked.found.hint("deep-delete")


def test_a_lost_deletion_is_looked_at_and_done_again(tmp_path: Path) -> None:
    looked = Looked(tmp_path, lost="DELETE")
    assert looked.found.outcome("deep-delete") == "ok"
    assert list(looked.connections.live) == [FOREIGN]


@pytest.mark.parametrize("habits", [{"broken": "DELETE"}, {"delete_lag": 10_000.0}])
def test_a_draft_that_cannot_be_deleted_is_a_failure_with_the_next_step(tmp_path: Path, habits: Any) -> None:
    looked = Looked(tmp_path, **habits)
    assert looked.found.outcome("deep-delete") == "fail"
    assert "prove --cleanup all --target stage" in looked.found.hint("deep-delete")


def test_etags_that_guard_nothing_are_a_warning(tmp_path: Path) -> None:
    looked = Looked(tmp_path, guards=False)
    assert looked.found.outcome("deep-if-match") == "warn"
    assert "guard nothing" in looked.found["deep-if-match"].said


@pytest.mark.parametrize(("etag", "outcome"), [(None, "warn"), ("1", "warn"), ('"1"', "ok")])
def test_the_form_of_an_etag(tmp_path: Path, etag: str | None, outcome: str) -> None:
    assert Looked(tmp_path, etag=etag).found.outcome("deep-etag") == outcome


def test_a_service_without_drafts_leaves_nothing(tmp_path: Path) -> None:
    looked = Looked(tmp_path, makes_drafts=False)
    assert looked.found.outcome("deep-draft") == "warn"
    assert looked.found["deep-delete"].said == "no draft was made, and none is left"
    assert list(looked.connections.live) == [FOREIGN]


def test_a_stop_leaves_nothing(tmp_path: Path) -> None:
    looked = Looked(tmp_path, stopped=True, lag=10_000.0)
    assert looked.found["deep-list-lag"].said.startswith("not asked")
    assert "deep-mapping-body" not in {check.id for check in looked.found.diagnosis.checks}
    assert "a stop was requested" in looked.found["deep-etag"].said
    assert list(looked.connections.live) == [FOREIGN]


def test_an_error_of_the_program_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reconciler.dataflows.drafting.DraftMaker.describe", broken)
    service: list[Connections] = []

    def wire(inner: httpx.BaseTransport, clock: SimulatedClock) -> httpx.BaseTransport:
        service.append(Connections(inner, clock))
        return service[0]

    with pytest.raises(KeyboardInterrupt):
        Patient(tmp_path, wire=wire, deep=Deep(lambda _lines: True, "stage"))
    assert list(service[0].live) == [FOREIGN]


def test_without_a_spec_that_supports_drafts_nothing_is_made(tmp_path: Path) -> None:
    service: list[Connections] = []

    def wire(inner: httpx.BaseTransport, clock: SimulatedClock) -> httpx.BaseTransport:
        service.append(Connections(inner, clock))
        return service[0]

    found = Patient(
        tmp_path, wire=wire, deep=Deep(lambda _lines: True, "stage"), faults=[Fault(path="/connectionSpecs", body='{"items":[]}')]
    )
    assert "supports drafts" in found["deep"].said
    assert [line for line in service[0].sent if not line.startswith("GET")] == []


@pytest.mark.parametrize("path", ["either", "slash", "no_slash"])
def test_on_the_emulator_everything_is_in_order_and_nothing_is_left(tmp_path: Path, path: Any) -> None:
    requests: list[str] = []

    def wire(inner: httpx.BaseTransport, _clock: SimulatedClock) -> httpx.BaseTransport:
        def handle(request: httpx.Request) -> httpx.Response:
            response = inner.handle_request(request)
            if "/connections" in request.url.path:
                requests.append(f"{request.method} {response.status_code}")
            return response

        return httpx.MockTransport(handle)

    found = Patient(tmp_path, wire=wire, deep=Deep(lambda _lines: True, "stage"), behaviour=Behaviour(delete_path=path))
    assert found.failed == set()
    assert {found.outcome(name) for name in ("deep-draft", "deep-list-lag", "deep-etag", "deep-if-match", "deep-delete")} == {
        "ok"
    }
    assert "POST 201" in requests
    assert "DELETE 204" in requests
    assert requests[-1] == "GET 404"


@pytest.mark.parametrize(("refused", "outcome"), [((), "ok"), ((b"xdmSchema",), "ok"), ((b"xdmSchema", b"outputSchema"), "warn")])
def test_the_bodies_of_a_mapping_set_that_the_validation_refuses_are_named(
    tmp_path: Path, refused: tuple[bytes, ...], outcome: str
) -> None:
    schema = {"$id": "https://ns.adobe.com/acme/schemas/1", "meta:altId": "_acme.schemas.1", "title": "t", "version": "1.0"}

    def wire(inner: httpx.BaseTransport, _clock: SimulatedClock) -> httpx.BaseTransport:
        def handle(request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/tenant/schemas"):
                return answer(200, {"results": [schema], "_page": {"count": 1}})
            if any(word in request.read() for word in refused):
                return answer(400, {"title": "no", "status": 400, "detail": "no"})
            return inner.handle_request(request)

        return httpx.MockTransport(handle)

    found = Patient(tmp_path, wire=wire, deep=Deep(lambda _lines: True, "stage"))
    assert found.outcome("deep-mapping-body") == outcome
    said = found["deep-mapping-body"].said
    assert said.startswith("validation only: xdmSchema and destinationXdmPath: ")
    assert said.count("refused (400)") == len(refused)


def test_a_stop_ends_the_wait_for_a_list(tmp_path: Path) -> None:
    stop = _Stop()
    service: list[Connections] = []

    class Stopping(Connections):
        def _handle(self, request: httpx.Request, wanted: str) -> httpx.Response:
            if request.method == "GET" and self.made_at.keys() > {FOREIGN}:
                stop.now = True
            return super()._handle(request, wanted)

    def wire(inner: httpx.BaseTransport, clock: SimulatedClock) -> httpx.BaseTransport:
        service.append(Stopping(inner, clock, lag=10_000.0))
        return service[0]

    found = Patient(tmp_path, wire=wire, deep=Deep(lambda _lines: True, "stage"), stop=stop)
    assert found["deep-list-lag"].said == "no list showed the draft before a stop was requested"
    assert list(service[0].live) == [FOREIGN]
