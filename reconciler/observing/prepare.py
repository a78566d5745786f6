"""Read live, and make the current plan."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

from reconciler.documents.kinds import Kind
from reconciler.errors import count
from reconciler.flowservice.client import SpecReader
from reconciler.flowservice.specs import Usage
from reconciler.observing.hidden_ids import hidden_attachments, hidden_problem, look_at_hidden, with_hidden
from reconciler.observing.live import Observation, observe, usage_of
from reconciler.observing.progress import Progress
from reconciler.observing.proofs import with_proofs
from reconciler.observing.remembered import Remembering, remembered_creates
from reconciler.observing.spec_files import with_files
from reconciler.observing.trials import with_trials
from reconciler.observing.unfinished import interrupted_by_kill, unfinished_problems
from reconciler.observing.users import asking_users
from reconciler.observing.workspace import Workspace
from reconciler.planning.context import Situation
from reconciler.planning.guards.safety import usage_problems
from reconciler.planning.plan import Options, Plan
from reconciler.planning.planner import make_plan
from reconciler.planning.usage import changed_specs


def prepare(
    workspace: Workspace,
    reader: SpecReader,
    options: Options,
    progress: Progress,
    *,
    users: bool = False,
    trials: bool = False,
    certain: bool = False,
    now: float | None = None,
) -> Plan:
    """The plan that apply would carry out now.

    Reads both lists. If specs are created, also reads the ids in their flow specs that no list shows; if specs are detached, also what uses
    them. Reports what a killed run left unfinished. With `users`, each action has the users of the spec, which costs a query each. With
    `trials`, each action that needs a trial has its evidence. With `certain`, which a create needs, a paged list without a total count is
    read until two readings agree. `now` is the time in seconds since the epoch; the default is the system time.

    Raises ServiceError if live cannot be read, UsageError for an unknown key.
    """
    concurrency = workspace.network.concurrency
    progress.step("reading connection specs and flow specs")
    observation = observe(reader, workspace.desired, concurrency, certain=certain)
    creates = remembered_creates(workspace, time.time() if now is None else now)
    listed = _identities(observation)
    unlisted = sorted({create.identity for create in creates if create.identity} - listed)
    observation = with_hidden(observation, look_at_hidden(reader, unlisted, concurrency))
    plan = make_plan(situation_of(workspace, reader, observation, options))
    hidden = hidden_attachments(observation, plan)
    if hidden:
        progress.step(f"reading {count(len(hidden), 'attached spec')} that the list does not show")
        looked = look_at_hidden(reader, hidden, concurrency)
        observation = with_hidden(observation, looked)
        plan = make_plan(situation_of(workspace, reader, observation, options))
    guarded: Mapping[str, Usage | str] = {}
    if plan.detached_ids and not options.allow_in_use:
        progress.step(f"checking what uses {count(len(plan.detached_ids), 'spec')} to detach")
        guarded = usage_of(reader, plan.detached_ids, concurrency)
    specs = changed_specs(plan) if users else ()
    if specs:
        progress.step("checking who uses the changed specs")
    with asking_users(reader, specs, guarded, concurrency) as with_users:
        plan = with_files(plan, workspace.rules)
        if hidden and hidden_attachments(observation, plan) and (problem := hidden_problem(looked)):
            plan = replace(plan, problems=(*plan.problems, problem))
        window, read_at = workspace.network.consistency_window, time.time() if now is None else now
        remembering = Remembering(creates, listed, _identities(observation), window, read_at, certain)
        unfinished = unfinished_problems(workspace, observation.live, reader.client_id)
        plan = replace(plan, problems=(*plan.problems, *remembering.problems(plan), *unfinished))
        if guarded:
            plan = replace(plan, problems=(*usage_problems(plan, guarded), *plan.problems))
        if trials:
            plan = with_trials(plan, workspace.evidence, progress)
        plan = with_proofs(plan, workspace.desired.specs, workspace.proofs, workspace.proof_max_age, read_at)
        return with_users(plan) if specs else plan


def _identities(observation: Observation) -> frozenset[tuple[Kind, str]]:
    return frozenset((spec.kind, spec.id) for spec in observation.live)


def situation_of(workspace: Workspace, reader: SpecReader, observation: Observation, options: Options) -> Situation:
    """The input of planning, from this observation."""
    return Situation(
        desired=workspace.desired,
        live=observation.live,
        complete=observation.complete,
        strange=observation.strange,
        target=workspace.plan_target,
        owner=workspace.owner,
        keeps_markers=workspace.target.ownership == "marker",
        client_id=reader.client_id,
        history=workspace.history,
        commit=workspace.commit,
        options=options,
        retired=workspace.retired,
        max_retired=workspace.max_retired,
        uncommitted=workspace.uncommitted,
        needs_git=workspace.needs_git,
        gating=workspace.gating,
        served_at=observation.served_at,
        was_interrupted=interrupted_by_kill(workspace),
    )
