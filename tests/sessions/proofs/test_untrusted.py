"""Proofs against a service, a repository and a sandbox that cannot be trusted: no secret gets out, and nobody else's data is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.proving.guards.before import ProofRefused
from reconciler.proving.planned import PlannedProof
from reconciler.proving.report import ProveReport
from reconciler.reports.proving.cleaned import cleaned_json
from reconciler.reports.proving.json import prove_json
from tests.sessions.proofs.laptop import KEY, PROOF, Laptop, Wire, laptop

SECRET = "hunter2Sword"
ENVIRON = {
    "RECONCILER_PROOF_USER": "ada-at-acme",
    "RECONCILER_PROOF_PASSWORD": SECRET,
    "RECONCILER_PROOF_HOSTS": "api.acme.example",
}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Laptop]:
    with laptop(tmp_path) as opened:
        yield opened


class Rewritten(Wire):
    """A service whose answers are other ones: `instead` gets the request and, after it was sent, the answer."""

    def __init__(self, here: Laptop, instead: Callable[[httpx.Request, httpx.Response | None], httpx.Response | None]) -> None:
        super().__init__(here.emulator)
        self._instead = instead

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        first = self._instead(request, None)
        if first is not None:
            return first
        answer = super().handle_request(request)
        answer.read()
        return self._instead(request, answer) or answer


def changed(answer: httpx.Response, change: Callable[[Any], None]) -> httpx.Response:
    body = answer.json()
    change(body)
    headers = {name: value for name, value in answer.headers.items() if name not in ("content-length", "content-encoding")}
    return httpx.Response(answer.status_code, headers=headers, content=json.dumps(body).encode())


def step(report: ProveReport, name: str) -> tuple[str, str]:
    return next((one.outcome, one.why) for one in report.steps if one.id == name)


def in_profile(request: httpx.Request, answer: httpx.Response | None) -> httpx.Response | None:
    if answer is None or request.method != "GET" or "/dataSets" not in request.url.path or answer.status_code != 200:
        return None

    def enable(body: dict[str, Any]) -> None:
        for entry in body.values():
            entry["tags"] = {"unifiedProfile": ["enabled:true"]}

    return changed(answer, enable)


KEEPS = PROOF + "cleanup: {keep: [schema, dataset]}\n"


def named_dataset(here: Laptop) -> None:
    """Make proof.yaml name the schema and the dataset of an earlier proof."""
    store = here.emulator.store
    (_, dataset), *_ = store.everywhere("dataSets")
    schema = json.loads(dataset.body)["schemaRef"]["id"]
    target = f"target: {{schema: {{id: {json.dumps(schema)}}}, dataset: {{id: {json.dumps(dataset.id)}}}, mapping: none}}\n"
    (here.specs / f"proofs/{KEY}/proof.yaml").write_text(PROOF + target)


def test_a_dataset_that_is_enabled_for_profile_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with laptop(tmp_path, proof=KEEPS) as here:
        assert here.prove().outcome == "proved"
        named_dataset(here)
        here.wire = Rewritten(here, in_profile)
        with pytest.raises(ProofRefused) as refused:
            here.prove()
        assert [problem.code for problem in refused.value.problems] == ["profile-enabled"]
        assert not [sent for sent in here.wire.sent if sent[0] == "POST" and "token" not in sent[1]]


def test_a_dataset_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with laptop(tmp_path, proof=KEEPS) as here:
        assert here.prove().outcome == "proved"
        named_dataset(here)
        file = here.specs / f"proofs/{KEY}/proof.yaml"
        (_, dataset), *_ = here.emulator.store.everywhere("dataSets")
        file.write_text(file.read_text().replace(dataset.id, "5e0000000000000000000000"))
        with pytest.raises(ProofRefused) as refused:
            here.prove()
        assert [problem.code for problem in refused.value.problems] == ["no-dataset"]


def test_a_dataset_of_somebody_else_is_written_to_and_never_deleted(tmp_path: Path) -> None:
    with laptop(tmp_path, proof=KEEPS) as here:
        assert here.prove().outcome == "proved"
        named_dataset(here)
        report = here.prove()
        assert report.outcome == "proved", report.steps
        here.clean_up()
        assert {name: here.left()[name] for name in ("dataSets", "schemas", "fieldgroups")} == {
            "dataSets": 1,
            "schemas": 1,
            "fieldgroups": 1,
        }


def test_without_the_permission_to_read_a_dataset_the_report_says_what_is_not_known(tmp_path: Path) -> None:
    with laptop(tmp_path, proof=KEEPS) as here:
        assert here.prove().outcome == "proved"
        named_dataset(here)

        def forbidden(request: httpx.Request, _: httpx.Response | None) -> httpx.Response | None:
            hidden = request.method == "GET" and "/dataSets/" in request.url.path
            return httpx.Response(403, json={"title": "no"}) if hidden else None

        here.wire = Rewritten(here, forbidden)
        assert step(here.prove(), "dataset") == (
            "skipped",
            "proof.yaml names a dataset, which this credential may not read, so whether it is enabled for Profile is not known",
        )


def test_a_kept_dataset_that_was_enabled_for_profile_since_is_not_written_to(tmp_path: Path) -> None:
    with laptop(tmp_path, proof=KEEPS) as here:
        assert here.prove().outcome == "proved"
        here.wire = Rewritten(here, in_profile)
        report = here.prove()
        assert (report.outcome, step(report, "dataset")[0]) == ("failed", "failed")
        assert "is enabled for Profile" in step(report, "dataset")[1]


def test_a_refusal_to_delete_that_repeats_a_password_gives_it_to_nobody(here: Laptop) -> None:
    (here.specs / f"proofs/{KEY}/provider.yaml").unlink()
    here.environ = ENVIRON

    def repeating(request: httpx.Request, _: httpx.Response | None) -> httpx.Response | None:
        if request.method != "DELETE":
            return None
        return httpx.Response(400, json={"errorCode": "FLOW-1418-400", "errorMessage": f"used with {SECRET}", "message": SECRET})

    here.wire = Rewritten(here, repeating)
    report = here.prove(no_try=True)
    cleaned = here.clean_up(wire=here.wire)
    assert report.left
    assert cleaned.cleaned.left
    texts = [prove_json(report), cleaned_json(cleaned), *here.progress.steps, *(file.read_text() for file in here.journals())]
    assert not [text for text in texts if SECRET in text]


def test_metrics_and_words_of_a_run_that_repeat_a_password_are_shown_without_it(here: Laptop) -> None:
    (here.specs / f"proofs/{KEY}/provider.yaml").unlink()
    here.environ = ENVIRON

    def repeating(request: httpx.Request, answer: httpx.Response | None) -> httpx.Response | None:
        if answer is None or not request.url.path.endswith("/runs") or request.method != "GET":
            return None

        def repeat(body: dict[str, Any]) -> None:
            for run in body["items"]:
                run["metrics"]["note"] = f"signed in with {SECRET}"
                for activity in run["activities"]:
                    activity["statusSummary"]["extensions"] = {"adf/run/id": SECRET, "batchId": SECRET}

        return changed(answer, repeat)

    here.wire = Rewritten(here, repeating)
    proven = here.proven(no_try=True)
    assert isinstance(proven.report, ProveReport)
    shown = prove_json(proven.report)
    assert "${PASSWORD}" in shown
    proven.check({shown})
    assert not [text for text in (shown, *(file.read_text() for file in here.journals())) if SECRET in text]


def test_a_live_spec_that_was_changed_after_the_question_gets_no_credentials(here: Laptop) -> None:
    def change() -> None:
        place, row = next(
            (place, row)
            for place, row in here.emulator.store.everywhere("connectionSpecs")
            if "api.acme.example" in str(row.body)
        )
        body = str(row.body, "utf-8").replace("api.acme.example", "evil.example")
        here.emulator.store.replace("connectionSpecs", place, row.id, lambda _: json.loads(body))

    here.asked = Asked(change)
    report = here.prove()
    assert (report.outcome, step(report, "spec")[0]) == ("refused", "refused")
    assert "differs from its file" in step(report, "spec")[1]
    assert here.left() == {}


class Asked(list[PlannedProof]):
    """The question, during which something happens."""

    def __init__(self, happens: Callable[[], None]) -> None:
        super().__init__()
        self._happens = happens

    def extend(self, plans: Iterable[PlannedProof]) -> None:
        super().extend(plans)
        self._happens()


@pytest.mark.parametrize(
    "path", ["/connections", "/sourceConnections", "/dataSets", "/targetConnections", "/mappingSets", "/flows"]
)
@pytest.mark.parametrize("content", [b"", b"[]", b'{"id": "../../etc"}', b"[" * 50_000], ids=["empty", "list", "path", "deep"])
def test_after_an_answer_without_a_usable_id_nothing_more_is_made(here: Laptop, path: str, content: bytes) -> None:
    def odd(request: httpx.Request, _: httpx.Response | None) -> httpx.Response | None:
        hit = request.method == "POST" and request.url.path.endswith(path)
        return httpx.Response(200, content=content, headers={"content-type": "application/json"}) if hit else None

    here.wire = Rewritten(here, odd)
    report = here.prove()
    name = {"/dataSets": "dataset", "/mappingSets": "mapping"}.get(path, path[1:].removesuffix("Connections").removesuffix("s"))
    later = [one.outcome for one in report.steps[[one.id for one in report.steps].index(name) + 1 :]]
    assert (report.outcome, step(report, name)[0]) == ("unknown", "unknown")
    assert set(later[:-1]) <= {"skipped"}
    assert not [sent for sent in here.wire.sent if ".." in sent[1]]
    assert set(here.left()) <= {"mappingSets"}


def test_what_a_list_shows_and_a_read_does_not_is_not_told_to_be_gone(here: Laptop) -> None:
    def hidden(request: httpx.Request, _: httpx.Response | None) -> httpx.Response | None:
        hit = request.method == "GET" and "/connections/" in request.url.path and request.url.path.count("/") == 5
        return httpx.Response(200, json={"items": []}) if hit else None

    here.wire = Rewritten(here, hidden)
    report = here.prove()
    assert here.left() == {"connections": 1, "mappingSets": 1}
    assert [(one.type, "a list still shows it" in one.reason) for one in report.left] == [("connection", True)]
