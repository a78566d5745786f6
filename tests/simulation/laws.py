"""What must hold, whatever happened."""

from __future__ import annotations

from collections import Counter

from reconciler.applying.outcome import ApplyReport, OutcomeName, Result
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.json_text import decode
from reconciler.errors import Refused
from reconciler.planning.plan import ActionName, Plan
from tests.simulation.actors import ANOTHER, FLOWS, SPECS
from tests.simulation.process import SECRET, Run
from tests.simulation.promises import differences, folded, hold
from tests.simulation.scenario import Scenario
from tests.simulation.service import OURS

WROTE = {OutcomeName.CREATED: "POST", OutcomeName.UPDATED: "PUT", OutcomeName.ATTACHED: "PUT", OutcomeName.DETACHED: "PUT"}


STALE = frozenset({"stale-gets", "lagging-gets", "replicas", "partial-gets"})
REPEATED = frozenset({"lying-posts", "late-landing"})
"""Habits with which a PUT is done twice that was announced once: the same body again, after an answer that asks for that."""
TWINS_HAPPEN = frozenset({"lying-posts", "late-landing", "two-applies", "long-list-lag"})
"""Habits with which nobody can promise that there are no twins: then they are told."""


def check_run(scenario: Scenario, run: Run) -> None:
    """What holds for each single run, killed or not."""
    if run.error is not None and isinstance(run.error, Refused):
        hold(not run.writes, "a refusal writes nothing", run.writes, run.error)
    if run.error is not None and run.report is None:
        hold(not run.writes, "an error before the apply writes nothing", run.writes, run.error)
    lost = [write for write in run.writes if write.lost]
    hold(not lost, "no field is lost by a write of ours", lost)
    hold(not scenario.wire.impatient, "nothing goes out while the service asks to wait", scenario.wire.impatient)
    _every_write_is_in_the_journal(run, ("POST",) if scenario.has & REPEATED else ("POST", "PUT"))
    if run.plan is not None and run.report is not None:
        _every_spec_is_named_once(run.plan, run.report)
        for result in run.report.results:
            _the_report_is_true(scenario, run, result)
            _an_attachment_lasts(scenario, run, result)
        if not run.faults and run.alone:
            _only_what_was_planned_is_overwritten(scenario, run)
            _the_number_of_writes_is_exact(run, run.plan, run.report)


def check_end(scenario: Scenario) -> None:
    """What holds when the faults have stopped and two more runs are done."""
    names = Counter((folded(spec.body["name"]), spec.body["providerId"]) for spec in scenario.model.collections[SPECS].values())
    twins = {key: ids for key, ids in scenario.ours().items() if len(ids) > 1}
    plan = scenario.plan()
    if twins and scenario.has & TWINS_HAPPEN:
        told = repr(plan.problems)
        unsaid = [spec_id for ids in twins.values() for spec_id in ids if spec_id not in told]
        hold(not unsaid, "twins are named by every plan", unsaid, plan.problems)
        _no_secret_is_told(scenario)
        return
    hold(max(names.values(), default=1) == 1, "no two live specs of one name and provider", names)
    hold(not twins, "no two live objects for one key", twins)
    hold(not plan.errors, "the last plan has no error", plan.errors)
    hold(not plan.actions, "the last plan is quiet", [(action.key, action.action, action.changes) for action in plan.actions])
    missing = scenario.rivals.attached - scenario.held()
    hold(not missing, "the last runs take nothing from anybody", missing)
    for desired in scenario.files:
        _live_is_what_the_file_says(scenario, desired)
    _no_secret_is_told(scenario)


def check_waits(scenario: Scenario) -> None:
    """Nothing waits longer than it may: a call its deadline, a read-back its settling time, a lost answer the timeout."""
    network = scenario.network
    longest = max(network.deadline, network.timeout, 2 * network.settle, network.consistency_window)
    hold(scenario.clock.longest_sleep <= longest, "nothing waits longer than the deadline", scenario.clock.longest_sleep, longest)


def _every_spec_is_named_once(plan: Plan, report: ApplyReport) -> None:
    named = Counter((result.kind, result.key or result.name) for result in report.results)
    planned = {(action.kind, action.key or action.name) for action in plan.actions}
    in_sync = {(spec.kind, spec.key) for spec in plan.specs if spec.state.value == "in_sync"}
    hold(set(named) == planned | in_sync, "the report names every spec", set(named) ^ (planned | in_sync))
    hold(max(named.values(), default=1) == 1, "the report names every spec once", named)


def _the_report_is_true(scenario: Scenario, run: Run, result: Result) -> None:
    """What the service's own log says of a spec that the report calls written, untouched, or failed."""
    collection = SPECS if result.kind.value == "ConnectionSpec" else FLOWS
    writes = run.writes if run.alone else [write for write in scenario.model.log if write.client == OURS]
    done = [write for write in writes if write.collection == collection and write.spec_id == result.id]
    if not run.alone and result.outcome not in WROTE:
        return
    if result.outcome in WROTE:
        hold(WROTE[result.outcome] in {write.method for write in done}, "what is reported as written was written", result, done)
    if result.outcome in (OutcomeName.IN_SYNC, OutcomeName.SKIPPED):
        hold(not done, "what is reported as left alone was left alone", result, done)
    if result.outcome is OutcomeName.FAILED and not result.requests:
        hold(not done, "what is reported as never sent was not done", result, done)
    if (
        result.outcome is OutcomeName.FAILED
        and not scenario.has & REPEATED
        and all(request.status is not None and request.status < 500 for request in result.requests)
    ):
        hold(
            not done or any(request.status == 200 for request in result.requests), "a definite failure was not done", result, done
        )
    hold(
        result.outcome is not OutcomeName.CREATED
        or bool(scenario.has & TWINS_HAPPEN)
        or run.repository == ANOTHER
        or scenario.ours().get(f"{collection} {result.key}", [result.id]) == [result.id],
        "a created spec is there once",
        result,
    )


def _the_number_of_writes_is_exact(run: Run, plan: Plan, report: ApplyReport) -> None:
    """One write an action, and one more for each whose read-back found something new that is not kept; nothing without a difference."""
    good = [sum(request.status in (200, 201) for request in result.requests) for result in report.results]
    settled = sum(max(count - 1, 0) for count in good)
    if report.converged:
        written = sum(result.outcome in WROTE for result in report.results)
        hold(len(run.writes) == written + settled, "the number of writes is exact", run.writes, plan.actions)
    posts = sum(write.method == "POST" for write in run.writes)
    hold(
        posts <= sum(action.action is ActionName.CREATE for action in plan.actions), "no create that was not planned", run.writes
    )


def _live_is_what_the_file_says(scenario: Scenario, desired: DesiredSpec) -> None:
    """But for what this service is known to do to a body: nothing else may pass for it."""
    collection = SPECS if desired.kind.value == "ConnectionSpec" else FLOWS
    (spec_id,) = scenario.ours()[f"{collection} {desired.key}"]
    left = differences(scenario, scenario.model.live(collection, spec_id), desired)
    hold(not left, "live is what the file says", desired.key, left)


def _every_write_is_in_the_journal(run: Run, methods: tuple[str, ...]) -> None:
    """What the service has seen, the journal has announced."""
    journal = run.journal
    lines = [decode(line) for line in journal.read_bytes().splitlines()] if journal is not None and journal.exists() else []
    intents = Counter((line["method"], line["at"]) for line in lines if line["event"] == "intent")
    for method in methods:
        announced = sorted(at for (name, at), times in intents.items() if name == method for _ in range(times))
        done = sorted(write.at for write in run.writes if write.method == method)
        hold(len(announced) >= len(done), "every write is in the journal", announced, done)
        hold(
            all(first <= second for first, second in zip(announced, done, strict=False)),
            "the journal comes first",
            announced,
            done,
        )


def _an_attachment_lasts(scenario: Scenario, run: Run, result: Result) -> None:
    """What is reported as attached was still there when it had settled."""
    if result.outcome is not OutcomeName.ATTACHED or result.id is None:
        return
    last = max((write.at for write in run.writes if write.spec_id == result.id), default=run.ended_at)
    held = set(scenario.model.live(FLOWS, result.id)["sourceConnectionSpecIds"])
    keys = _attached_keys(run, result)
    wanted = {item.id for item in (run.report.results if run.report else ()) if item.key in keys and item.id is not None}
    for spec_id in sorted(wanted - held):
        takers = [write.at for write in scenario.model.log if spec_id in write.gone]
        hold(bool(takers) and takers[-1] >= last + scenario.network.settle, "an attachment lasts until it has settled", spec_id)


def _attached_keys(run: Run, result: Result) -> set[str]:
    """The keys of the sources that are known to be made and that the action attaches."""
    action = next(action for action in (run.plan.actions if run.plan else ()) if action.id == result.id)
    made = {item.key for item in (run.report.results if run.report else ()) if item.outcome in WROTE}
    return {item["ref"] for item in action.sources if isinstance(item, dict)} & {key for key in made if key}


def _only_what_was_planned_is_overwritten(scenario: Scenario, run: Run) -> None:
    """A change that somebody made to an owned section after the plan, and before the GET of our first PUT, is not overwritten."""
    first = {write.spec_id: write for write in reversed(run.writes) if write.method == "PUT" and write.collection == SPECS}
    for write in (one for one in first.values() if one.changed):
        between = [
            other
            for other in scenario.model.log
            if other.client == "jane"
            and other.changed
            and other.spec_id == write.spec_id
            and run.planned_at < other.at < write.read_at
        ]
        hold(not between, "only what was planned is overwritten", write, between)


def check_ids(scenario: Scenario) -> None:
    """When everybody is done: an id of somebody else that is missing was taken out by somebody else.

    To be asked before those others look for their ids again in runs of their own.
    """
    if scenario.has & STALE:
        return  # what a run was not shown it cannot keep; what it was shown, `check_knowledge` asks for
    missing = scenario.rivals.attached - scenario.held()
    for spec_id in missing:
        takers = [write.client for write in scenario.model.log if spec_id in write.gone]
        hold(takers[-1:] != [OURS], "no id of anybody else is missing because of us", spec_id, takers)


def _no_secret_is_told(scenario: Scenario) -> None:
    for text in scenario.texts():
        hold(SECRET not in text, "the client secret is told nowhere")
        hold(not any(token in text for token in scenario.model.tokens), "no token is told anywhere")
