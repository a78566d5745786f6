"""Whatever the service answers: a plan, or an error that the user is told; never another exception, and nothing harmful in the reports."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reconciler.applying.outcome import ApplyReport
from reconciler.documents.json_text import Json, encode
from reconciler.documents.semantics import ID_LISTS
from reconciler.errors import ReconcilerError
from reconciler.flowservice.client import SpecWriter
from reconciler.flowservice.connecting import connect
from reconciler.planning.plan import Plan
from reconciler.reports.apply.json import render_apply_json
from reconciler.reports.apply.text import render_apply_text
from reconciler.reports.drift.text import render_drift_text
from reconciler.reports.drift.view import drift_of
from reconciler.reports.plan.json import render_plan_json
from reconciler.reports.plan.text import render_plan_text
from reconciler.reports.plan.view import view_of
from reconciler.reports.problems.text import render_error_text
from reconciler.reports.status.json import render_status_json
from reconciler.reports.status.text import render_status_text
from reconciler.secret import Secret
from reconciler.settings.values import Network, OAuthCredentials
from tests.applying.world import CLIENT, Tap, World
from tests.closing import closed_here
from tests.fuzz.strategies import SECTIONS, TEXTS, VALUES
from tests.planning.situations import BATCH_FLOW, OURS, PROVIDER, SANDBOX, connection
from tests.reports.sinks.test_escaping import is_harmless

SLOW = settings(max_examples=60, suppress_health_check=list(HealthCheck))

STATUSES = st.sampled_from([200, 201, 204, 206, 301, 302, 304, 400, 401, 403, 404, 409, 412, 422, 429, 500, 502, 503, 504, 599])
ITEMS = st.fixed_dictionaries(
    {"id": st.just(BATCH_FLOW) | VALUES},
    optional={
        "name": st.sampled_from(["members", "RestStorageToAEP"]) | VALUES,
        "providerId": st.just(PROVIDER) | VALUES,
        "sourceConnectionSpecIds": st.lists(st.just(BATCH_FLOW) | VALUES, max_size=2) | VALUES,
        "attributes": st.fixed_dictionaries({"reconciler": VALUES}) | VALUES,
        "updatedAt": VALUES,
        "updatedBy": VALUES,
        "createdClient": st.just(CLIENT) | VALUES,
    },
)
ANSWERS = st.one_of(
    st.binary(max_size=40),
    VALUES.map(encode),
    st.fixed_dictionaries(
        {"items": st.lists(ITEMS | VALUES, max_size=3)},
        optional={
            "_links": st.fixed_dictionaries({"next": st.fixed_dictionaries({"href": VALUES}) | VALUES}) | VALUES,
            "count": VALUES,
        },
    ).map(encode),
    st.fixed_dictionaries({"access_token": TEXTS, "expires_in": VALUES}).map(encode),
    st.dictionaries(
        st.sampled_from(["errorMessage", "error", "error_code", "message", "title", "report", "status", "detailed-message"]),
        VALUES,
    ).map(encode),
)
HEADERS = st.dictionaries(
    st.sampled_from(["retry-after", "x-request-id", "etag", "location", "content-type", "content-encoding"]),
    st.sampled_from(
        ["3", "-1", "1e999", "gzip", "identity", "Wed, 21 Oct 2015 07:28:00 GMT", "::error::x", '"v1"', "##[error]x"]
    ),
    max_size=3,
)


class Rewritten(httpx.BaseTransport):
    """The wire to the emulator, on which the n-th answer is another."""

    def __init__(self, wire: Tap, number: int, status: int, content: bytes, headers: dict[str, str]) -> None:
        self._wire = wire
        self._left = number
        self._other = (status, content, headers)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._wire.handle_request(request)
        self._left -= 1
        status, content, headers = self._other
        return httpx.Response(status, content=content, headers=headers) if self._left == -1 else answer


def assert_harmless(*reports: str) -> None:
    assert [line for report in reports for line in report.split("\n") if not is_harmless(line)] == []


def check_plan(plan: Plan) -> None:
    view = view_of(plan)
    assert_harmless(
        render_plan_text(view, verbose=True),
        render_plan_json(view),
        render_drift_text(drift_of(view), verbose=True),
        render_status_text(plan),
        render_status_json(plan),
    )


def check_apply(report: ApplyReport) -> None:
    assert_harmless(render_apply_text(report, verbose=True), render_apply_json(report))


def planned_and_applied(world: World) -> None:
    """Both, or what the user is told instead."""
    try:
        plan = world.plan()
        check_plan(plan)
        check_apply(world.apply(plan))
    except ReconcilerError as error:
        assert_harmless(render_error_text(error))


@SLOW
@given(st.integers(0, 9), STATUSES, ANSWERS, HEADERS)
@example(1, 200, b"[" * 200_000, {})
@example(2, 200, b'{"items":[{"id":"a","x":' + b"[" * 150 + b"]" * 150 + b"}]}", {})
@example(1, 503, b"", {"retry-after": "1e999"})
def test_any_answer_at_any_moment_is_read_or_told(number: int, status: int, content: bytes, headers: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder, closed_here():
        world = World(Path(folder), files=[connection(flow_specs=["RestStorageToAEP"])])
        world.service = connect(
            SpecWriter,
            world.target,
            OAuthCredentials(CLIENT, Secret("hush")),
            Network(concurrency=1, retries=1),
            clock=world.clock,
            rng=random.Random(1),  # noqa: S311 — jitter
            wire=Rewritten(world.tap, number, status, content, headers),
        )
        planned_and_applied(world)


MARKERS: st.SearchStrategy[dict[str, Json]] = st.builds(
    lambda known, other: known | other,
    st.just({"repository": OURS, "sandbox": SANDBOX, "key": "members", "commit": "a" * 40, "digests": {}}),
    st.dictionaries(
        st.sampled_from(["repository", "sandbox", "key", "commit", "digests", "settled", "retired"]), VALUES, max_size=2
    ),
)


@SLOW
@given(st.dictionaries(SECTIONS | st.sampled_from(["name", "updatedBy", "updatedAt"]), VALUES, max_size=3), MARKERS | VALUES)
@example({"authSpec": [{"name": []}, {"name": {}}]}, {})
@example({"updatedAt": 10**30, "updatedBy": 7}, {"repository": OURS, "sandbox": SANDBOX, "key": "members", "commit": 5})
def test_whatever_is_live_can_be_planned_against(fields: dict[str, Json], marker: Json) -> None:
    with tempfile.TemporaryDirectory() as folder, closed_here():
        desired = connection(flow_specs=["RestStorageToAEP"], authSpec=[{"name": "OAuth"}], description="x")
        world = World(Path(folder), files=[desired])
        spec_id = world.post({"name": "members", "providerId": PROVIDER, "version": "1.0"})
        other = {name: value for name, value in fields.items() if name != "id"}
        world.edit(spec_id, lambda body: body | {"attributes": {"reconciler": marker}} | other)
        planned_and_applied(world)


@pytest.mark.parametrize("name", ID_LISTS)
def test_a_live_list_of_ids_may_hold_anything(name: str, tmp_path: Path) -> None:
    world = World(tmp_path, files=[connection(flow_specs=["RestStorageToAEP"], description="x")])
    spec_id = world.post({"name": "members", "providerId": PROVIDER, "version": "1.0"})
    marker = {"repository": OURS, "sandbox": SANDBOX, "key": "members", "commit": "a" * 40, "digests": {}}
    world.edit(spec_id, lambda body: body | {"attributes": {"reconciler": marker}, name: [{}]})
    planned_and_applied(world)


@SLOW
@given(st.dictionaries(SECTIONS | st.just("name"), VALUES, max_size=3))
def test_whatever_a_shared_flow_spec_holds_can_be_attached_to(fields: dict[str, Json]) -> None:
    with tempfile.TemporaryDirectory() as folder, closed_here():
        world = World(Path(folder), files=[connection(flow_specs=["RestStorageToAEP"])])
        other: dict[str, Any] = {name: value for name, value in fields.items() if name != "id"}
        world.edit(BATCH_FLOW, lambda body: body | other)
        planned_and_applied(world)
