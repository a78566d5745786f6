"""The shape of answers: a list, a single spec, pages, etags, and ids that this credential cannot see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.diagnosis.gates import gate_of, why_not
from reconciler.diagnosis.live import Live, live_specs
from reconciler.diagnosis.probing import FIRST, Seen
from reconciler.diagnosis.report import Check
from reconciler.diagnosis.subject import Subject
from reconciler.documents.json_text import Json, NotJson, decode
from reconciler.documents.kinds import Kind
from reconciler.errors import count
from reconciler.flowservice.answers import read_one, read_page
from reconciler.flowservice.messages import Call
from reconciler.flowservice.paths import is_spec_id, spec_path
from reconciler.http.bodies import WrongShape

_REPORT: Final = "report it to Adobe with the request id: apply needs this answer in the documented form"
_MOST_ASKED: Final = 3
"""Ids without access that are asked for one by one."""


def check_answers(subject: Subject) -> Iterator[Check]:
    """List, pages, single spec, etags, ids without access."""
    live = live_specs(subject)
    yield _list_shape(subject.probe.ask(FIRST))
    yield _paging(live, subject)
    spec = next(iter(live.of(Kind.FLOW_SPEC) + live.of(Kind.CONNECTION_SPEC)), None)
    if spec is None:
        for name in ("single-answer", "etags"):
            yield Check(name, "unknown", "no live spec is known that could be asked for", asked="GET of one spec", due=False)
    else:
        call = Call("GET", spec_path(spec.kind, spec.id), one_spec=True)
        seen = subject.probe.ask(call)
        yield _single_shape(seen)
        yield _etags(seen, subject.probe.ask(call, again=True) if seen.is_success else seen)
    yield _hidden(live, subject)


def _list_shape(seen: Seen) -> Check:
    if seen.answer is None or not seen.is_success:
        return _unanswered("list-answer", seen)
    try:
        page = read_page(seen.answer)
    except (NotJson, WrongShape) as error:
        return Check("list-answer", "fail", f"a list has an unexpected form: {error}", _REPORT, seen.asked)
    counted = "without a count" if page.count is None else f"with count {page.count}"
    more = "with a link to the next page" if page.next_href else "without a next page"
    return Check(
        "list-answer", "ok", f"items with {count(len(page.items), 'entry', 'entries')}, {counted}, {more}", asked=seen.asked
    )


def _paging(live: Live, subject: Subject) -> Check:
    asked = "GET /connectionSpecs and GET /flowSpecs, all pages"
    if live.errors:
        error = next(iter(live.errors.values()))
        seen = subject.probe.knock()
        if not seen.is_success or seen.withheld:
            return Check("paging", "unknown", error.message, asked=asked)
        return Check("paging", "fail", error.message, error.hint, asked)
    listings = live.listings.values()
    strange = [item for listing in listings for item in listing.strange]
    total = count(len(live.specs), "spec")
    if not all(listing.complete for listing in listings):
        said = (
            f"the lists are incomplete: the service counts more specs than the {total} it lists, or pages shift between requests"
        )
        hint = "run again; if it stays so, request the access labels of all specs from an administrator, or report it to Adobe"
        return Check("paging", "fail", said, hint, asked)
    if strange:
        said = f"{total} read to the end; {count(len(strange), 'entry', 'entries')} cannot be read as a spec: {strange[0].reason}"
        return Check("paging", "warn", said, "ask Adobe to correct or remove it: plan reports it and leaves it alone", asked)
    return Check("paging", "ok", f"{total} read to the end of both lists", asked=asked)


def _single_shape(seen: Seen) -> Check:
    if seen.answer is None or not seen.is_success:
        return _unanswered("single-answer", seen)
    try:
        body = decode(bytes(read_one(seen.answer)))
        outer = decode(seen.answer.content)
    except (NotJson, WrongShape) as error:
        return Check("single-answer", "fail", f"one spec has an unexpected form: {error}", _REPORT, seen.asked)
    if not isinstance(body, dict) or not isinstance(body.get("id"), str):
        return Check("single-answer", "fail", "one spec has no id", _REPORT, seen.asked)
    form = "bare" if isinstance(outer, dict) and "id" in outer else "wrapped in items"
    return Check("single-answer", "ok", f"one spec is {form}; both are read", asked=seen.asked)


def _etags(seen: Seen, second: Seen) -> Check:
    if not seen.is_success or not second.is_success:
        return _unanswered("etags", second if seen.is_success else seen)
    tags, others = _tags(seen), _tags(second)
    if not tags and not others:
        said = "specs have no etag: a PUT replaces whatever is there, so apply compares with a fresh GET just before"
        return Check("etags", "ok", said, asked=seen.asked)
    odd = _oddness(tags, others)
    if odd is not None:
        hint = "report it to Adobe; until then a PUT may be refused with 412 although nothing changed: run apply again then"
        return Check("etags", "warn", odd, hint, seen.asked)
    return Check("etags", "ok", f"specs have an etag ({' and '.join(sorted(tags))}): apply sends If-Match", asked=seen.asked)


def _oddness(tags: Mapping[str, str], others: Mapping[str, str]) -> str | None:
    if tags != others:
        return "two GETs of one spec have different etags, although nothing changed"
    if any(tag.startswith("W/") for tag in tags.values()):
        return "the etag of a spec is weak (W/): If-Match never matches it, so it is not sent"
    if len(set(tags.values())) > 1:
        return "the etag in the header and that in the body differ"
    if any(not (tag.startswith('"') and tag.endswith('"') and len(tag) > 1) for tag in tags.values()):
        return "the etag of a spec has no double quotes of its own, which If-Match requires"
    return None


def _tags(seen: Seen) -> dict[str, str]:
    """The etags of one answer, by where they are."""
    if seen.answer is None:
        return {}
    found = {"in the header": seen.answer.headers.get("etag")}
    try:
        body: Json = decode(bytes(read_one(seen.answer)))
    except (NotJson, WrongShape):
        body = None
    tag = body.get("etag") if isinstance(body, dict) else None
    found["in the body"] = tag if isinstance(tag, str) else None
    return {where: value for where, value in found.items() if value}


def _hidden(live: Live, subject: Subject) -> Check:
    """Ids that a flow spec lists and the list of connection specs does not have."""
    asked = "ids in sourceConnectionSpecIds that GET /connectionSpecs does not list"
    if live.errors:
        return Check("hidden-ids", "unknown", "the lists could not be read", asked=asked)
    listed = {spec.id.casefold() for spec in live.of(Kind.CONNECTION_SPEC)}
    named = (spec_id for spec in live.of(Kind.FLOW_SPEC) for spec_id in spec.source_connection_spec_ids)
    hidden = list(dict.fromkeys(spec_id for spec_id in named if spec_id.casefold() not in listed))
    if not hidden:
        return Check("hidden-ids", "ok", "every id that a flow spec lists is visible", asked=asked)
    statuses = {_status(spec_id, subject) for spec_id in hidden[:_MOST_ASKED]}
    said = (
        f"{count(len(hidden), 'id')} in flow specs without a visible spec (asked by id: {', '.join(sorted(statuses))}):"
        " hidden by an access label, in another sandbox, or gone; apply keeps them"
    )
    return Check("hidden-ids", "ok", said, asked=asked)


def _status(spec_id: str, subject: Subject) -> str:
    if not is_spec_id(spec_id):
        return "not an id"
    seen = subject.probe.ask(Call("GET", spec_path(Kind.CONNECTION_SPEC, spec_id), one_spec=True))
    return str(seen.status) if seen.status is not None else "no answer"


def _unanswered(name: str, seen: Seen) -> Check:
    hint = None if gate_of(seen) or seen.withheld else seen.error.hint
    return Check(name, "unknown", why_not(seen), hint, seen.asked)
