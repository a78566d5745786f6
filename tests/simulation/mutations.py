"""Guards, broken one at a time and on purpose: the simulation must notice each. Small patches, applied in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from unittest import mock

from msgspec import structs

from reconciler.applying import bodies, confirming, creating, engine, evidence, readings, replacing, twins
from reconciler.documents import names
from reconciler.documents.semantics import SOURCES
from reconciler.flowservice import client, session, specs, verdicts
from reconciler.flowservice.error_answers import service_error
from reconciler.http import retrying
from reconciler.http.retrying import PASSING, Again
from reconciler.journal import writing as journal
from reconciler.observing import prepare as preparation
from reconciler.planning.actions import specs as spec_actions
from reconciler.planning.comparing import difference, identity
from reconciler.planning.comparing.ownership import Marker


@dataclass(frozen=True)
class Mutation:
    """What is broken, and which attributes are replaced by what.

    `seed` is one that noticed it: the first to be tried. `habits` are those of the service, or of its users, that the guard is against.
    """

    name: str
    patches: tuple[tuple[Any, str, Any], ...]
    seed: int = 0
    habits: frozenset[str] = frozenset()

    @contextmanager
    def applied(self) -> Iterator[None]:
        with ExitStack() as stack:
            for owner, attribute, replacement in self.patches:
                stack.enter_context(mock.patch.object(owner, attribute, replacement))
            yield


def _after(owner: Any, attribute: str, change: Callable[..., Any]) -> tuple[Any, str, Any]:
    """The true function, with what it gives changed."""
    true = getattr(owner, attribute)
    return owner, attribute, lambda *args, **rest: change(true(*args, **rest), *args)


def _without_others(body: dict[str, Any], action: Any, live: Any, *_: Any) -> dict[str, Any]:
    """A PUT of the shared list with nothing but our own ids: the mistake of the vendor's own example."""
    added = [item for item in body.get(SOURCES) or () if item not in live.source_connection_spec_ids]
    return body | {SOURCES: added} if added and action.key is None else body


def _owned_only(body: dict[str, Any], action: Any, *_: Any) -> dict[str, Any]:
    """A PUT of nothing but what the file says."""
    if action.desired is None:
        return body
    return {name: value for name, value in body.items() if name in action.desired.body or name in ("attributes", SOURCES)}


def _post_again(task: Any) -> list[Any]:
    task.post(bodies.body_to_create(task.action, task.ids, task.site.clock.now()))
    return [task.site.service.get_spec(task.action.kind, task.spec_id)]


def _repeat_server_errors(call: Any, outcome: Any, decode: Any) -> Any:
    status = getattr(outcome, "status", None)
    if status in PASSING:
        return Again(service_error(call, outcome))
    return verdicts.judge_write(call, outcome, decode)


def _repeat_lost_answers(call: Any, outcome: Any, decode: Any) -> Any:
    if getattr(outcome, "sent", False):
        return verdicts.judge_read(call, outcome, decode)
    return verdicts.judge_write(call, outcome, decode)


def _trust(task: Any, _written: Any, spec_id: str) -> Any:
    return confirming.done(task, task.site.service.get_spec(task.action.kind, spec_id))


def _no_second_try(task: Any, written: Any, live: Any) -> Any:
    return confirming.confirm(task, written, live.id)


def _tell_the_token(true: Callable[..., None]) -> Callable[..., None]:
    def start(self: Any, plan: Any, *more: Any) -> None:
        true(self, replace(plan, repository="s3cret-unspeakable"), *more)

    return start


def _no_marker_digests(marker: Marker | None, *_: Any) -> Marker | None:
    return structs.replace(marker, key="another") if marker else None


def _exact_claim(spec: Any) -> Any:
    return spec.kind, spec.name, spec.provider_id


def _strictly(kind: Any, item: Any, _position: int) -> Any:
    return specs.live_spec(kind, item)


_NO_LOOK = ((creating, "namesakes_now", lambda *_: ()), (twins.LastLook, "namesakes", lambda *_: ()))
_RUN: Any = vars(engine)["_Run"]


def _of(*names: str) -> frozenset[str]:
    return frozenset(names)


MUTATIONS = (
    Mutation("a lost POST is repeated blindly", ((creating, "_look_for_it", _post_again),), seed=46),
    Mutation("a POST is repeated after a server error", ((session, "judge_write", _repeat_server_errors),), seed=56),
    Mutation("a POST is repeated after a lost answer", ((session, "judge_write", _repeat_lost_answers),), seed=82),
    Mutation(
        "no second look at the lists before the first create",
        ((engine, "_look_again", lambda plan, *_, clock, **__: (plan, clock.monotonic())),),
        seed=21,
    ),
    Mutation("only the first page of a list is read", (_after(client, "all_pages", lambda pages, *_: islice(pages, 1)),)),
    Mutation("a namesake does not keep a spec from being created", ((identity.LiveIndex, "namesakes", lambda *_: []),)),
    Mutation("our marker is not looked for", ((identity, "_marked", lambda *_: []),)),
    Mutation("a PUT of a shared list forgets everybody else's ids", (_after(replacing, "body_to_replace", _without_others),)),
    Mutation("a PUT leaves out what the file does not own", (_after(replacing, "body_to_replace", _owned_only),)),
    Mutation("the fingerprint is not checked", ((replacing, "_is_as_planned", lambda *_: True),), seed=849),
    Mutation("the read-back is trusted blindly", ((creating, "confirm", _trust), (replacing, "confirm", _trust))),
    Mutation("an attachment that was undone is not made again", ((replacing, "_confirm", _no_second_try),), seed=425),
    Mutation("what the service does not keep is not remembered", ((difference, "_is_settled", lambda *_: False),)),
    Mutation("the marker names another key", (_after(spec_actions, "new_marker", _no_marker_digests),)),
    Mutation("Retry-After is not heard", ((retrying, "retry_after", lambda *_: None),)),
    Mutation(
        "a call has no deadline",
        ((retrying.Caller, "_too_long", lambda *_: None), (retrying.Caller, "_wait_out_pause", lambda *_: None)),
    ),
    Mutation("the journal is silent", ((journal.Journal, "intent", lambda *_: None),)),
    Mutation("a secret is in the journal", ((journal.Journal, "start", _tell_the_token(journal.Journal.start)),)),
    Mutation("ids that the list does not show are not looked at", ((preparation, "hidden_attachments", lambda *_: []),), seed=8),
    Mutation("a PUT is built on any reading", ((readings, "_reason_against", lambda *_: None),), habits=_of("stale-gets")),
    Mutation("a PUT is built on a body that shows less", ((evidence, "uncovered", lambda *_: ()),), habits=_of("partial-gets")),
    Mutation(
        "a reading from before our own write passes",
        ((evidence.Evidence, "proof", lambda *_: evidence.Proof.SHOWN),),
        seed=32,
        habits=_of("lagging-gets"),
    ),
    Mutation(
        "an edit just after our write is settled",
        ((confirming, "_changed_since", lambda *_: False),),
        seed=52,
        habits=_of("coarse-times"),
    ),
    Mutation("nobody looks at a name before it is created", _NO_LOOK, habits=_of("two-applies")),
    Mutation("nobody looks for twins after creates", ((_RUN, "_look_for_twins", lambda *_: None),), habits=_of("two-applies")),
    Mutation(
        "a list that shifted counts as whole",
        (_after(client.SpecReader, "_listing", lambda listing, *_: replace(listing, complete=True, counted=True)),),
        seed=55,
        habits=_of("shifting-pages"),
    ),
    Mutation(
        "names are compared letter by letter",
        ((names, "folded_name", lambda name: name), (twins, "name_claim", _exact_claim), (identity, "name_claim", _exact_claim)),
        habits=_of("folded-names"),
    ),
    Mutation("one bad element ends the list", ((client, "spec_or_strange", _strictly),), habits=_of("bad-elements")),
)
