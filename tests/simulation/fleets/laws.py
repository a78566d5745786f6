"""What must hold in every run over several targets, and after the last."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from reconciler.applying.waves import TurnState
from reconciler.documents.comparison import Cause
from reconciler.errors import ExitCode
from reconciler.planning.comparing.ownership import marker_of
from reconciler.planning.fleet import fleet_digest
from reconciler.planning.plan import ActionName
from tests.simulation.actors import FLOWS, HELD, SPECS
from tests.simulation.fleets.wire import SANDBOXES, Fate, FleetWire
from tests.simulation.fleets.world import SECRET, Event, FleetRun, World
from tests.simulation.promises import hold
from tests.simulation.service import FlowServiceModel

EDITED = frozenset({Cause.DRIFT, Cause.BOTH, Cause.UNKNOWN, Cause.UNCONFIRMED})
FAILED = frozenset({ExitCode.WRONG, ExitCode.REFUSED, ExitCode.UNFINISHED})


def check_run(world: World, run: FleetRun) -> None:
    """What holds for each run, also for one that was killed."""
    _one_writer_in_an_organization(run)
    _no_turn_begins_that_should_not(world, run)
    _writes_belong_to_a_turn(run)
    _what_was_shown_is_what_is_written(run)
    _no_gate_is_passed_without_evidence(world, run)
    if run.ends is not None:
        _every_target_has_an_end(run)


def _one_writer_in_an_organization(run: FleetRun) -> None:
    for org in set(SANDBOXES.values()):
        spans = sorted((span for span in run.wire.spans if SANDBOXES[span.target] == org), key=lambda span: span.begin)
        writers = [span.target for span in spans]
        turns = [first for first, second in pairwise([*writers, None]) if first != second]
        hold(len(turns) == len(set(turns)), "one target at a time is written in an organization", turns)
        for first, second in pairwise(spans):
            is_apart = first.target == second.target or first.end <= second.begin
            hold(is_apart, "no two writes to two sandboxes of an organization are under way", first, second)
        open_turn: str | None = None
        for event in (event for event in run.events if SANDBOXES[event.target] == org):
            hold(event.code is not None or open_turn is None, "a turn begins when the one before it has ended", event, open_turn)
            open_turn = event.target if event.code is None else None


def _no_turn_begins_that_should_not(world: World, run: FleetRun) -> None:
    wave = {name: world.settings.wave(name) for name in SANDBOXES}
    known = {one.name for one in run.shown if one.plan is None or one.plan.errors}
    begun: set[str] = set()
    ended: dict[str, ExitCode] = {}
    expected = {event.target for event in run.events}
    for event in run.events:
        if event.code is not None:
            ended[event.target] = event.code
            continue
        failures = {name for name, code in ended.items() if code in FAILED}
        failures |= {name for name in known if wave[name] <= wave[event.target]}
        limit = run.max_failures
        hold(limit is None or len(failures) < limit, "no target is begun after max_failures", event, failures)
        earlier = {name for name in expected if wave[name] < wave[event.target]}
        hold(earlier <= ended.keys(), "a wave begins when the one before has ended", event, earlier, ended)
        hold(not _above(world, event.target) & failures, "no target is begun after a failure above it", event, failures)
        hold(event.target not in begun, "a target has one turn", event)
        hold(event.target not in known, "a target whose plan has failed is not written", event)
        stopped = run.wire.stopped_at
        hold(stopped is None or event.at <= stopped, "no target is begun after a stop", event, stopped)
        begun.add(event.target)


def _above(world: World, target: str) -> set[str]:
    direct = set(world.settings.upstreams(target))
    return direct.union(*(_above(world, one) for one in direct))


def _writes_belong_to_a_turn(run: FleetRun) -> None:
    begin: dict[str, Event] = {event.target: event for event in run.events if event.code is None}
    end: dict[str, Event] = {event.target: event for event in run.events if event.code is not None}
    plans = {one.name: one.plan for one in run.shown}
    for span in run.wire.spans:
        hold(span.target in begin and begin[span.target].at <= span.begin, "nothing is written before the turn", span)
        hold(span.target not in end or span.begin <= end[span.target].at, "nothing is written after the turn", span)
        plan = plans[span.target]
        hold(plan is not None and bool(plan.actions) and not plan.errors, "only what was shown to be written is written", span)
    for name, event in end.items():
        wrote = any(span.target == name for span in run.wire.spans)
        hold(event.code is not ExitCode.REFUSED or not wrote, "a refused target is not written", event)
    for name, plan in plans.items():
        creates = sum(action.action is ActionName.CREATE for action in plan.actions) if plan else 0
        carried = [
            write for write in run.wire.wires[name].model.log if write.run == run.wire.wires[name].run and write.method == "POST"
        ]
        hold(len(carried) <= creates, "nothing is created but what was shown", name, carried)


def _what_was_shown_is_what_is_written(run: FleetRun) -> None:
    shown = {one.name: one.plan.digest for one in run.shown if one.plan}
    for start in run.starts:
        name = start["target"]["name"]
        hold(start["digest"] == shown[name], "a target is written with the plan that was shown", name)
        hold(start["fleet"]["digest"] == fleet_digest(run.shown), "the journal has the digest over all", name, start)


def _no_gate_is_passed_without_evidence(world: World, run: FleetRun) -> None:
    """A spec is written where every target before has shown the same content since the turn began, and could be read."""
    began = {event.target: event.at for event in run.events if event.code is None}
    for name, wire in run.wire.wires.items():
        upstreams = world.settings.upstreams(name)
        for write in (one for one in wire.model.log if one.run == wire.run and one.collection == SPECS and upstreams):
            bodies = wire.model.collections[SPECS][write.spec_id].bodies
            body = next(body for at, body in reversed(bodies) if at == write.at)
            marker = marker_of(body)
            for upstream in upstreams:
                hold(upstream not in run.wire.fate.sick, "no gate is passed that could not be asked", name, upstream, write)
                shown = _contents_since(world.models[upstream], marker.key if marker else "", began[name], write.at)
                hold(body["description"] in shown, "no gate is passed without the same content", name, upstream, write, shown)


def _contents_since(model: FlowServiceModel, key: str, since: float, until: float) -> set[str]:
    """What the spec of this key had for a description at some time in between."""
    found = set()
    for spec in model.collections[SPECS].values():
        ends = [*(at for at, _ in spec.bodies[1:]), float("inf")]
        for (at, body), end in zip(spec.bodies, ends, strict=True):
            marker = marker_of(body)
            if at <= until and end >= since and marker and marker.key == key:
                found.add(body["description"])
    return found


def _every_target_has_an_end(run: FleetRun) -> None:
    ends = {end.name: end.end for end in run.ends or ()}
    told = {event.target for event in run.events}
    hold(tuple(ends) == run.names, "every target has an end", ends)
    failed = {name for name, end in ends.items() if end.exit_code in FAILED}
    for name, end in ends.items():
        hold(
            end.state in (TurnState.ENDED, TurnState.BLOCKED, TurnState.NOT_STARTED),
            "every target has come to its end",
            name,
            end,
        )
        if end.state is TurnState.ENDED:
            hold(end.exit_code is not None, "what has ended has an exit code", name)
            continue
        hold(name not in told, "what is blocked or not started had no turn", name, end)
        is_explained = bool(end.because) or run.wire.stopped_at is not None
        hold(is_explained, "what is blocked or not started has a reason", name, end)
        hold(
            set(end.because) <= failed | {n for n, e in ends.items() if e.state is TurnState.BLOCKED},
            "the reason is true",
            name,
            end,
        )


def check_quiet(run: FleetRun) -> None:
    """What holds in a run without faults: what was shown is written, whatever opens or closes on the way."""
    refused = {end.name: end.error for end in run.ends or () if end.end.exit_code is ExitCode.REFUSED}
    hold(not refused, "what was shown is not refused in its turn", refused)


def edited_one_after_another(world: World, run: FleetRun) -> int:
    """The largest number of targets, each before the next, in which this run found the same spec edited and something waits behind them."""
    plans = {one.name: one.plan for one in run.shown if one.plan}

    def above(target: str, key: str) -> int:
        found = [above(one, key) + (key in edited[one]) for one in world.settings.upstreams(target)]
        return max(found, default=0)

    edited = {
        name: {action.key for action in (*plan.actions, *plan.waiting) if action.cause in EDITED} for name, plan in plans.items()
    }
    return max((above(name, key) for name in plans for key in world.bodies), default=0)


def check_end(world: World) -> None:
    """What holds when the faults have stopped and some more runs are done: everything is live once, in its own sandbox."""
    last = world.runs[-1]
    codes = {end.name: end.end.exit_code for end in last.ends or ()}
    hold(set(codes.values()) == {ExitCode.DONE}, "the last run ends well", codes, [end.error for end in last.ends or ()])
    wire = FleetWire(world.models, world.clock, world.rng, "last", Fate())
    (plans,) = world.clock.together([lambda: world.plans(wire, list(SANDBOXES))])
    for one in plans:
        hold(one.plan is not None and not one.plan.errors, "every target can be planned", one.name, one.error)
        hold(one.plan is not None and not one.plan.actions, "the last plan is quiet", one.name, one.plan and one.plan.actions)
    for name, model in world.models.items():
        live = {spec_id: spec.body for spec_id, spec in model.collections[SPECS].items()}
        markers = {spec_id: marker_of(body) for spec_id, body in live.items()}
        keys = Counter(marker.key for marker in markers.values() if marker)
        hold(keys == Counter(list(world.bodies)), "every spec is live once in every sandbox", name, keys, sorted(world.bodies))
        for spec_id, marker in markers.items():
            hold(marker is not None and marker.sandbox == name, "a marker names its own sandbox", name, marker)
            if marker is not None:
                written = {field: live[spec_id].get(field) for field in world.bodies[marker.key]}
                hold(written == world.bodies[marker.key], "live is what the file says", name, written)
        flow = next(iter(model.collections[FLOWS].values())).body
        hold("their-first" in flow[HELD], "no id of anybody else is missing", name, flow)
    said = world.texts()
    hold(SECRET not in said, "the client secret is told nowhere")
    hold(not any(token in said for token in next(iter(world.models.values())).tokens), "no token is told anywhere")
