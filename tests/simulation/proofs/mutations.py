"""Guards of proofs, broken one at a time and on purpose: the simulation must notice each. Small patches, applied in memory."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from reconciler.dataflows.writing import ProofWriter
from reconciler.errors import ExitCode, ServiceError
from reconciler.proving import cleaning, leftovers
from reconciler.proving.journal import writing as journal
from reconciler.proving.naming import Ours, named, ours
from reconciler.proving.report import ProveReport
from reconciler.proving.resuming import Resumed
from reconciler.proving.steps import landing, running, targets, windows
from reconciler.proving.steps.work import PROVED, Result
from reconciler.sessions.proofs import checks, closing
from tests.simulation.mutations import Mutation
from tests.simulation.proofs.sources import KEY

_TRIED: Any = vars(cleaning)["_Cleaning"]


def _by_name(resource: Any, *_: Any) -> Ours | None:
    return named(resource.name)


def _by_description(resource: Any, repository: str, sandbox: str) -> Ours | None:
    found = ours(resource, repository, sandbox)
    said = resource.description.partition('"proof":"')[2].partition('"')[0]
    return found or (Ours(said, KEY) if said and repository in resource.description and sandbox in resource.description else None)


def _gone_unseen(self: Any, item: Any) -> bool:
    """A DELETE that was sent counts as one that was done."""
    with suppress(ServiceError):
        self.cleaner.delete(item.resource.type, item.resource.id)
    self._is_gone(item.resource.type, item.resource.id, item.resource.name, "gone")
    return True


def _done(_report: ProveReport) -> ExitCode:
    return ExitCode.DONE


def _with_the_body(true: Callable[..., int]) -> Callable[..., int]:
    def intent(self: Any, step: str, method: str, path: str, name: str, body: Any) -> int:
        number = true(self, step, method, path, name, body)
        self.fact(step, "body", str(body))
        return number

    return intent


def _only_its_status(state: Any, _wait: float) -> Any:
    return PROVED if state.ended and state.succeeded else Result("failed", "it failed")


MUTATIONS = (
    Mutation(
        "a lost POST is sent again without a look",
        ((ProofWriter, "_look_for", lambda *_: None),),
        habits=frozenset({"lost"}),
        seed=4,
    ),
    Mutation("the journal is silent", ((journal.ProofJournal, "intent", lambda *_: 1),), seed=2),
    Mutation(
        "a body is written into the journal",
        ((journal.ProofJournal, "intent", _with_the_body(journal.ProofJournal.intent)),),
        seed=2,
    ),
    Mutation("a name alone makes a resource ours", ((leftovers, "ours", _by_name),), seed=2),
    Mutation(
        "a description alone makes a resource ours",
        ((leftovers, "ours", _by_description), (leftovers, "may_be_ours", lambda _: True)),
        seed=2,
    ),
    Mutation("nothing is cleaned up", ((closing.Ending, "clean", lambda _: ()),), seed=2),
    Mutation("a DELETE that was sent counts as done", ((_TRIED, "_tried", _gone_unseen),), seed=2),
    Mutation("what cannot be deleted is not reported", ((_TRIED, "_is_left", lambda *_: None),), seed=28),
    Mutation(
        "what may still appear is not waited for",
        ((vars(leftovers)["_Search"], "_is_wanted", lambda *_: False),),
        habits=frozenset({"late"}),
        seed=2,
    ),
    Mutation(
        "the counts of a run are not compared",
        ((running, "counted", lambda *_: PROVED), (windows, "counted", lambda *_: PROVED)),
        seed=8,
    ),
    Mutation(
        "the errors of a successful run are not read",
        ((running, "judged", _only_its_status), (windows, "judged", _only_its_status)),
        habits=frozenset({"errors"}),
        seed=2,
    ),
    Mutation(
        "the batch of a run is not read",
        ((vars(landing)["_Look"], "_of_batch", lambda _: None),),
        habits=frozenset({"batch"}),
        seed=2,
    ),
    Mutation(
        "another proof at work does not keep one from beginning",
        ((checks, "other_proofs", lambda *_: ()),),
        habits=frozenset({"careful"}),
        seed=61,
    ),
    Mutation(
        "young resources are not spared",
        ((vars(leftovers)["_Search"], "_younger", lambda *_: ""),),
        habits=frozenset({"clean-ups"}),
        seed=22,
    ),
    Mutation("what is kept is deleted", ((leftovers.Wanted, "covers", lambda *_: True),), seed=19),
    Mutation(
        "every proof has a mapping set of its own",
        ((targets, "kept_by_earlier", lambda *_: None),),
        habits=frozenset({"careful"}),
        seed=5,
    ),
    Mutation(
        "what is gone on with is made again",
        ((checks, "still_there", lambda run, *_: Resumed(run.run)),),
        seed=33,
        habits=frozenset({"careful"}),
    ),
    Mutation("the exit code is always 0", ((ProveReport, "exit_code", property(_done)),)),
    Mutation("a clean-up is only of its own journals", ((leftovers, "may_be_ours", lambda _: False),), seed=6),
)
