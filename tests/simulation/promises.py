"""What must hold of a run by what it could have known: before each create, in each body, and when it says that it is done."""

from __future__ import annotations

import unicodedata

from reconciler.applying.outcome import OutcomeName, Result
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.json_text import Document
from reconciler.planning.comparing.difference import comparable_live, compare
from reconciler.planning.comparing.ownership import marker_of
from tests.simulation.actors import FLOWS, SPECS
from tests.simulation.process import Run
from tests.simulation.scenario import Scenario
from tests.simulation.service import Spec, Write

A_LOOK = 0.5
"""Seconds that one request takes at most when nothing goes wrong, and a bit."""

JUST_BEFORE = 5.0
"""How long ago the look before a create may be, besides the requests themselves."""
UNCHECKED = "twins-unchecked"


class LawBroken(AssertionError):
    """A promise that was not kept; the message says which, and how."""


def hold(kept: bool, law: str, *facts: object) -> None:
    if not kept:
        raise LawBroken(f"{law}: {' '.join(str(fact) for fact in facts)}")


def check_knowledge(scenario: Scenario, run: Run) -> None:
    """What holds of each run by what it was shown."""
    detached = {change.old for action in run.plan.actions for change in action.detaches} if run.plan else set()
    for write in run.writes:
        hold(not write.forgotten - detached, "no body is built on less than was known", write)
        hold(not write.outdated or _cannot_tell(scenario), "no body is built on a reading from before our own last write", write)
        hold(write.spec_id not in scenario.others.made, "nothing is written to what a colleague has made", write)
        if write.method == "POST" and not run.faults:
            _a_look_came_before(scenario, run, write)
    if run.report is None:
        return
    unknown = {
        result.key for result in run.report.results if result.outcome is OutcomeName.UNKNOWN or _is_lied_about(scenario, result)
    }
    for write in run.writes:
        marker = marker_of(_spec(scenario, write).bodies[0][1])
        if write.method == "POST" and not (marker and marker.key in unknown):
            _its_twins_are_reported(scenario, run, write)
    for result in run.report.results:
        if result.outcome in (OutcomeName.CREATED, OutcomeName.UPDATED, OutcomeName.IN_SYNC):
            _what_is_called_done_is_done(scenario, run, result)


def _is_lied_about(scenario: Scenario, result: Result) -> bool:
    """Whether the service turned a create away for good that it had done: the next plan finds out."""
    return "lying-posts" in scenario.has and result.outcome is OutcomeName.FAILED


def _cannot_tell(scenario: Scenario) -> bool:
    """Whether neither times nor lists tell a reading from before a write of ours from one after a rival's: nobody can then."""
    return scenario.habits.updated_at != "milliseconds" and scenario.habits.list_bodies_lag > 0


def folded(name: str) -> str:
    """A name as people read it."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _a_look_came_before(scenario: Scenario, run: Run, post: Write) -> None:
    """The name was looked at just before the POST, and nobody else's object of that name could be seen then."""
    looks = [at for at in _looks(run, post) if at < post.at]
    late = post.at - max(looks, default=0.0)
    hold(late <= A_LOOK + JUST_BEFORE + 3 * scenario.habits.seconds_per_call, "every create comes right after a look", post, late)
    for spec_id, spec in _namesakes(scenario, post).items():
        seen_from = _visible_from(scenario, spec, post)
        hold(
            seen_from >= max(looks, default=0.0),
            "every create comes after a look that shows nobody else's",
            post,
            f"{spec_id} is shown since {seen_from}, and the last look was at {max(looks, default=0.0)}",
        )


def _its_twins_are_reported(scenario: Scenario, run: Run, post: Write) -> None:
    """Whoever has made one of two says so, when its last look could see the other, or a look would when lists show what was just made."""
    assert run.report is not None
    told = repr((run.report.results, run.report.problems))
    if any(result.id == post.spec_id and result.error and result.error.code == UNCHECKED for result in run.report.results):
        return  # it says that it could not look
    lag = scenario.habits.list_lag if scenario.habits.list_lag <= scenario.network.consistency_window else 0.0
    until = max(*_looks(run, post), post.at + A_LOOK + lag)
    for spec_id, spec in (_namesakes(scenario, post) | _of_one_key(scenario, post)).items():
        if _visible_from(scenario, spec, post) > until:
            continue
        hold(
            spec_id in told and not run.report.converged,
            "two objects of one key or name are reported",
            f"{post.spec_id} of {post.at} and {spec_id} of {spec.born}; the run ended at {run.ended_at}: {told}",
        )


def _what_is_called_done_is_done(scenario: Scenario, run: Run, result: Result) -> None:
    """Live was what the file says at the end of the run, but for what others wrote after the last look at it."""
    desired = next((one for one in run.files if (one.kind, one.key) == (result.kind, result.key)), None)
    collection = SPECS if result.kind.value == "ConnectionSpec" else FLOWS
    if desired is None or result.id is None:
        return
    known = scenario.model.knowledge.of(run.name, result.id)
    looked_at = run.began if result.outcome is OutcomeName.IN_SYNC else known.read_at
    spec = scenario.model.collections[collection][result.id]
    lag = max((*scenario.habits.get_replicas, scenario.habits.list_bodies_lag, 4.0 if run.faults else 0.0))
    others = [
        write
        for write in scenario.model.log
        if write.spec_id == result.id and write.run != run.name and looked_at - lag <= write.at <= run.ended_at
    ]
    if others or (scenario.habits.stale_gets and result.outcome is OutcomeName.IN_SYNC):
        return
    body = spec.bodies[spec.version_at(run.ended_at)][1]
    left = differences(scenario, body, desired)
    hold(not left, "what is called done is done", result, left)


def differences(scenario: Scenario, body: Document, desired: DesiredSpec) -> list[object]:
    """Where live is not what the file says, but for what this service is known to do to a body: nothing else may pass for it."""
    wanted = {name: value for name, value in desired.body.items() if name != "sourceConnectionSpecIds"}
    habits = scenario.habits
    excused = {
        ("description",): habits.drops_description,
        ("sourceSpec", "attributes", "authRequired"): habits.defaults_auth_required,
        ("sourceSpec", "attributes", "contentPath"): habits.content_path_string,
    }
    found = compare(comparable_live(body), wanted, (), {}).changes
    left_alone = {tuple(pointer.split("/")[1:]) for pointer in desired.ignore}
    return [change for change in found if not excused.get(change.place) and change.place not in left_alone]


def _looks(run: Run, post: Write) -> list[float]:
    """When the run asked for the list that would show what it posts."""
    return [sent.at for sent in run.sent if sent.method == "GET" and sent.path.endswith(f"/{post.collection}")]


def _spec(scenario: Scenario, write: Write) -> Spec:
    return scenario.model.collections[write.collection][write.spec_id]


def _namesakes(scenario: Scenario, post: Write) -> dict[str, Spec]:
    """The other objects that had the folded name and provider of what was made when it was made, or have it now."""
    made = _spec(scenario, post).bodies[0][1]
    wanted = folded(made["name"]), made["providerId"]
    return {
        spec_id: spec
        for spec_id, spec in scenario.model.collections[post.collection].items()
        if spec_id != post.spec_id
        and any((folded(body["name"]), body["providerId"]) == wanted for at, body in _states(spec, post.at))
    }


def _states(spec: Spec, moment: float) -> list[tuple[float, Document]]:
    """The state of an object at a moment, and all that came later."""
    return spec.bodies[max(spec.version_at(moment), 0) :]


def _of_one_key(scenario: Scenario, post: Write) -> dict[str, Spec]:
    """Other objects that our own client made for the same key of the same repository."""
    mine = marker_of(_spec(scenario, post).body)
    found = {}
    for spec_id, spec in scenario.model.collections[post.collection].items():
        marker = marker_of(spec.body)
        if not mine or not marker or marker.retired or spec_id == post.spec_id or spec_id in scenario.others.made:
            continue
        if (marker.repository, marker.sandbox, marker.key) == (mine.repository, mine.sandbox, mine.key):
            found[spec_id] = spec
    return found


def _visible_from(scenario: Scenario, spec: Spec, post: Write) -> float:
    """From when on every list shows an object under this name."""
    name = folded(_spec(scenario, post).bodies[0][1]["name"])
    named = next((at for at, body in spec.bodies if folded(body["name"]) == name), spec.born)
    return max(scenario.model.visible_from(spec), named + scenario.habits.list_bodies_lag)
