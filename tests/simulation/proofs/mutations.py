"""Guards of proofs, broken one at a time and on purpose: the simulation must notice each. Small patches, applied in memory."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from typing import Any

from reconciler.dataflows import reading as reader
from reconciler.dataflows.writing import ProofWriter
from reconciler.errors import ExitCode, ServiceError
from reconciler.flowservice.pages import all_pages
from reconciler.proving import cleaning, leftovers
from reconciler.proving.journal import writing as journal
from reconciler.proving.making.bodies import mapping_set
from reconciler.proving.naming import Ours, named, ours
from reconciler.proving.report import ProveReport
from reconciler.proving.resuming import Resumed
from reconciler.proving.steps import landing, running, targets, windows
from reconciler.proving.steps.schemas import entries_of
from reconciler.proving.steps.work import PROVED, Result, Work
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


def _always_another(work: Work) -> Any:
    """Make a mapping set for each proof."""
    body = mapping_set(work.kept_mark("mapping"), work.schema_uri, entries_of(work))
    work.mapping_id = work.create("mapping", "mappingSet", work.kept_mark("mapping"), body).id
    return PROVED


def _with_the_body(true: Callable[..., int]) -> Callable[..., int]:
    def intent(self: Any, step: str, method: str, path: str, name: str, body: Any) -> int:
        number = true(self, step, method, path, name, body)
        self.fact(step, "body", str(body))
        return number

    return intent


def _only_its_status(state: Any, _wait: float) -> Any:
    return PROVED if state.ended and state.succeeded else Result("failed", "it failed")


MUTATIONS = (
    Mutation("a lost POST is sent again without a look", ((ProofWriter, "_look_for", lambda *_: None),)),
    Mutation("the journal is silent", ((journal.ProofJournal, "intent", lambda *_: 1),)),
    Mutation(
        "a body is written into the journal", ((journal.ProofJournal, "intent", _with_the_body(journal.ProofJournal.intent)),)
    ),
    Mutation("a name alone makes a resource ours", ((leftovers, "ours", _by_name),)),
    Mutation(
        "a description alone makes a resource ours",
        ((leftovers, "ours", _by_description), (leftovers, "may_be_ours", lambda _: True)),
    ),
    Mutation("nothing is cleaned up", ((closing.Ending, "clean", lambda _: ()),)),
    Mutation("a DELETE that was sent counts as done", ((_TRIED, "_tried", _gone_unseen),)),
    Mutation("what cannot be deleted is not reported", ((_TRIED, "_is_left", lambda *_: None),)),
    Mutation(
        "what may still appear is not waited for",
        ((vars(leftovers)["_Search"], "_is_wanted", lambda *_: False),),
        habits=frozenset({"late"}),
    ),
    Mutation(
        "the counts of a run are not compared", ((running, "counted", lambda *_: PROVED), (windows, "counted", lambda *_: PROVED))
    ),
    Mutation(
        "the errors of a successful run are not read",
        ((running, "judged", _only_its_status), (windows, "judged", _only_its_status)),
        habits=frozenset({"errors"}),
    ),
    Mutation(
        "the batch of a run is not read", ((vars(landing)["_Look"], "_of_batch", lambda _: None),), habits=frozenset({"batch"})
    ),
    Mutation(
        "another proof at work does not keep one from beginning",
        ((checks, "other_proofs", lambda *_: ()),),
        habits=frozenset({"careful"}),
    ),
    Mutation(
        "young resources are not spared",
        ((vars(leftovers)["_Search"], "_younger", lambda *_: ""),),
        habits=frozenset({"clean-ups"}),
    ),
    Mutation("what is kept is deleted", ((leftovers.Wanted, "covers", lambda *_: True),)),
    Mutation("only the first page of a list is read", ((reader, "all_pages", lambda *args: islice(all_pages(*args), 1)),)),
    Mutation("every proof has a mapping set of its own", ((targets, "make_mapping", _always_another),)),
    Mutation(
        "what is gone on with is made again",
        ((checks, "still_there", lambda run, *_: Resumed(run.run)),),
        habits=frozenset({"careful"}),
    ),
    Mutation("the exit code is always 0", ((ProveReport, "exit_code", property(_done)),)),
    Mutation("a clean-up is only of its own journals", ((leftovers, "may_be_ours", lambda _: False),)),
)
