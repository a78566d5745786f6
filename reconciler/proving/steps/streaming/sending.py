"""The steps `inlet`, `wait`, `send` and `auth-tests`: where the events go, and what the inlet answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reconciler.dataflows.inlets import Delivery, Inlet, InletRefused, inlet_at
from reconciler.documents.json_text import string_at
from reconciler.errors import JournalError, ReconcilerError, SpecNotFound, count
from reconciler.proofs.streaming.settings import UNAUTHENTICATED
from reconciler.proofs.values import Encoding
from reconciler.proving.steps.work import PROVED, Result, Work
from reconciler.proving.streaming.cases import Signed, cases, plain_headers, signed
from reconciler.proving.streaming.stream import Stream, Tested
from reconciler.proving.waiting import in_words

_INLET_WITHIN: Final = 300.0
"""Seconds in which a new flow must show the address of its inlet."""
_REFUSED: Final = (401, 403)
SENT: Final = "events"
"""The fact that is written before the first event is sent."""


def find_inlet(work: Work) -> Result:
    """The address of the inlet, which the flow shows. It is checked: events go to nobody else."""
    url = _shown(work)
    if url is None:
        return Result("failed", f"the flow showed no options.inletUrl within {in_words(_INLET_WITHIN)}")
    target, stream = work.subject.target, work.streaming
    has_platform_token = stream.auth.mechanism == "oauth"
    local = target.emulated or (work.options.allow_local and not has_platform_token)
    try:
        stream.inlet = inlet_at(url, local=local, service_host=work.events().service_host if target.emulated else None)
    except InletRefused as error:
        hint = "" if has_platform_token or local else "; for a test server on this machine, use --allow-local"
        return Result("failed", f"{error}{hint}")
    work.log.fact("inlet", "host", str(stream.inlet.address.place))
    return PROVED


def _shown(work: Work) -> str | None:
    for flow in work.looked("the inlet of the flow", _INLET_WITHIN, lambda: work.writer.get("flow", work.made["flow"].id)):
        url = string_at(flow.body, "options", "inletUrl") if flow is not None else None
        if url:
            return url
    return None


def wait_for_inlet(work: Work) -> Result:
    """Events that are sent too early may be lost, although the inlet receives them."""
    stream = work.streaming
    if "dataset" not in work.made:
        stream.before = len(_rows(work))
    work.waits.wait_for("the inlet to be ready", stream.wait)
    return PROVED


def _rows(work: Work) -> tuple[object, ...]:
    try:
        return work.writer.dataset_preview(work.dataset)
    except SpecNotFound:
        return ()


def send_events(work: Work) -> Result:
    """Send each event once, signed. An answer says that it was received, and no more."""
    stream, inlet = _with_token(work), _inlet_of(work)
    work.log.fact("send", SENT, len(stream.events))
    for number, event in enumerate(stream.events, start=1):
        name = f"event {number}"
        delivery = _sent(work, inlet, "send", name, signed(stream.auth, _plain(work), event.data))
        if delivery.accepted:
            stream.accepted += 1
            continue
        if delivery.status is None:
            stream.unanswered += 1
            return Result("unknown", f"there was no answer to {name}: {delivery.said}; it may have been received")
        reason = f": {delivery.said}" if delivery.said else ""
        did = "refused" if delivery.status < 500 else "failed on"  # noqa: PLR2004 - the server errors
        return Result(
            "failed", f"the inlet {did} {name} (HTTP {delivery.status}){reason}{_other_encoding(work, inlet, delivery)}"
        )
    return PROVED


def _other_encoding(work: Work, inlet: Inlet, delivery: Delivery) -> str:
    """Whether a refused signature is accepted if it is written in the other encoding; which one Adobe reads is not documented."""
    stream = work.streaming
    if stream.auth.mechanism != "hmac" or delivery.status not in _REFUSED or stream.accepted:
        return ""
    other: Encoding = "hex" if stream.auth.encoding == "base64" else "base64"
    request = signed(stream.auth, _plain(work), stream.events[0].data, other)
    again = _sent(work, inlet, "send", f"event 1, signed in {other}", request)
    if not again.accepted:
        return ""
    stream.extra += 1
    return f"; it accepts the signature in {other}: write streaming.encoding: {other}"


def test_authentication(work: Work) -> Result:
    """Send each case of the table, and compare what the inlet does with what it should do."""
    if work.streaming.auth.mechanism == "none":
        return Result("failed", UNAUTHENTICATED)
    stream = _with_token(work)
    inlet, event = _inlet_of(work), min(stream.events, key=lambda one: len(one.data))
    for case in cases(stream.auth, _plain(work), event):
        if case.request is None:
            stream.tested.append(Tested(case))
            continue
        delivery = _sent(work, inlet, "auth-tests", case.name, case.request)
        stream.extra += delivery.accepted
        stream.unanswered += delivery.status is None
        stream.tested.append(Tested(case, delivery))
        work.log.fact("auth-tests", case.name, delivery.status)
    return _judged(stream)


test_authentication.__test__ = False  # type: ignore[attr-defined]


def _judged(stream: Stream) -> Result:
    wrong = [tested for tested in stream.tested if not tested.is_as_wanted]
    silent = [tested for tested in wrong if tested.delivery is None or tested.delivery.status is None]
    if len(wrong) > len(silent):
        first = next(tested for tested in wrong if tested not in silent)
        status = first.delivery.status if first.delivery else None
        did = "accepted" if first.accepted else "did not refuse" if first.case.wanted == "refused" else "refused"
        more = f", and {count(len(wrong) - 1, 'more case')} failed" if len(wrong) > 1 else ""
        return Result("failed", f"the inlet {did} the case {first.case.name!r} (HTTP {status}){more}")
    if silent:
        return Result("unknown", f"there was no answer to the case {silent[0].case.name!r}")
    left = [tested.case.name for tested in stream.tested if tested.delivery is None]
    if not left:
        return PROVED
    return Result("proved", f"not sent by us: {', '.join(left)}; streaming.tests in proof.yaml can name their variables")


def _with_token(work: Work) -> Stream:
    """The stream, with an access token that has not expired. `find_inlet` has checked that only Adobe, or an emulator, gets it."""
    stream = work.streaming
    if stream.auth.mechanism == "oauth":
        stream.auth = replace(stream.auth, secret=work.events().token())
    return stream


def _inlet_of(work: Work) -> Inlet:
    inlet = work.streaming.inlet
    if inlet is None:
        raise RuntimeError("events are sent before the inlet is known")
    return inlet


def _plain(work: Work) -> dict[str, str]:
    return plain_headers(work.made["flow"].id, work.subject.target.sandbox)


def _sent(work: Work, inlet: Inlet, step: str, name: str, request: Signed) -> Delivery:
    """Send one request, with its intent in the journal before and its status after it. The journal has neither body nor signature."""
    work.waits.check()
    call = work.log.intent(step, "POST", "inlet", name, {"bytes": len(request.body)})
    try:
        delivery = work.events().send(inlet, request.headers, request.body, work.writer.now())
    except JournalError:
        raise
    except ReconcilerError as error:
        work.log.failed(step, call, error)
        raise
    work.log.answered(step, call, delivery.status, delivery.trace)
    return delivery
