"""A POST, which can never be taken back and is never repeated blindly."""

from __future__ import annotations

from reconciler.applying.bodies import body_to_create
from reconciler.applying.confirming import Written, confirm
from reconciler.applying.outcome import Failure, OutcomeName, Result
from reconciler.applying.site import Task, failure_of
from reconciler.errors import AnswerLost, ServiceError
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.identity import describe
from reconciler.planning.ownership import own_marker


def create(task: Task) -> Result:
    """Create one spec and confirm it. Raises IdsMissing before anything is sent."""
    body = body_to_create(task.action, task.ids, task.site.clock.now())
    try:
        spec_id = task.post(body)
    except AnswerLost as lost:
        found = _look_for_it(task)
        if isinstance(found, Result):
            return found
        if len(found) != 1:
            return task.ended(OutcomeName.FAILED if found else OutcomeName.UNKNOWN, _lost(lost, found))
        spec_id = task.spec_id = found[0].id
    except ServiceError as error:
        return task.given_up(error)
    return confirm(task, Written(body, None), spec_id)


def _look_for_it(task: Task) -> list[LiveSpec] | Result:
    """The live specs that are what was sent, looked for as long as a new object may take to show up in lists."""
    site = task.site
    until = site.clock.monotonic() + site.network.consistency_window
    while True:
        try:
            listed = site.service.list_specs(task.action.kind).specs
        except ServiceError as error:
            return task.ended(OutcomeName.UNKNOWN, failure_of(error, "answer-lost"))
        found = [spec for spec in listed if _is_it(task, spec)]
        if found or site.clock.monotonic() >= until:
            return found
        site.clock.sleep(max(site.network.consistency_window / 5, 0.1))


def _is_it(task: Task, spec: LiveSpec) -> bool:
    desired = task.action.desired
    if task.site.keeps_markers:
        marker = own_marker(spec)
        return task.site.owner.owns(marker) and marker is not None and marker.key == task.action.key
    if desired is None or spec.created_client != task.site.service.client_id:
        return False
    return (spec.name, spec.provider_id) == (desired.name, desired.provider_id)


def _lost(lost: AnswerLost, found: list[LiveSpec]) -> Failure:
    if not found:
        return Failure(
            "answer-lost",
            f"whether it was created is not known: {lost.message}",
            "run plan again in a while: it finds the spec by its marker if it is there",
            lost.status,
            lost.server_code,
            lost.request_id,
        )
    listed = "; ".join(describe(spec) for spec in found)
    return Failure(
        "twins", f"{len(found)} live specs have this key: {listed}", "pin the right one in the file: `ids: {<target>: <id>}`"
    )
