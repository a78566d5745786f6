"""The Flow Service endpoints that are read and written.

A `SpecReader` has no write methods, so code that holds only one cannot write. Both are thread-safe.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from itertools import islice
from typing import Final, Self

import msgspec

from reconciler.documents.json_text import Document, encode
from reconciler.documents.kinds import Kind
from reconciler.documents.names import folded_name
from reconciler.errors import ServiceError
from reconciler.flowservice.answers import SpecPage, changed_at, created_id, read_anything, read_one, read_page, read_spec_page
from reconciler.flowservice.messages import Call, Receipt
from reconciler.flowservice.pages import P, all_pages
from reconciler.flowservice.paths import (
    COLLECTIONS,
    FLOW_SPEC_FILTER,
    FLOWS,
    FLOWS_OF_FLOW_SPEC_FILTER,
    SOURCE_CONNECTION_FILTER,
    SOURCE_CONNECTIONS,
    checked_id,
    property_query,
    spec_path,
)
from reconciler.flowservice.session import FlowServiceSession
from reconciler.flowservice.specs import Listing, LiveSpec, StrangeItem, Usage, live_spec, spec_or_strange, spec_with_fields
from reconciler.flowservice.usage import Users, connections_of, flow_is_of, flow_uses, source_connection_uses, using_flow
from reconciler.http.ahead import Ahead
from reconciler.http.bodies import WrongShape
from reconciler.http.messages import Answer, RequestRecord

_ID_FILTER: Final = "id"
_NAME_FILTER: Final = "name"
_FILTER_SAFE: Final = re.compile(r"[^,\"'=<>!&?#\x00-\x1f\x7f]+")
"""Values that a filter compares literally: a comma means `or`, and quotes and operators are special (docs: sort and filter)."""
_NO_SUCH_FILTER: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.NOT_IMPLEMENTED})

_SHOWN_PAGES: Final = 10
"""Maximum pages read of a list that does not have to be complete."""


def specs_in(kind: Kind, page: SpecPage, start: int) -> Iterator[LiveSpec | StrangeItem]:
    """The specs of a page, of which the first is at this position of the list."""
    if page.fields is None:
        return (spec_or_strange(kind, item, position) for position, item in enumerate(page.items, start))
    return (spec_with_fields(kind, one, partial(page.text, at), start + at) for at, one in enumerate(page.fields))


class SpecReader:
    """Read-only access to one sandbox with one credential."""

    def __init__(self, session: FlowServiceSession) -> None:
        self._session = session
        self._ahead = Ahead[Kind, Listing]()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def client_id(self) -> str:
        """Our client id, which is `createdClient` and `updatedClient` of specs that we wrote."""
        return self._session.client_id

    @property
    def requests(self) -> tuple[RequestRecord, ...]:
        """All requests that were sent or attempted: each retry separately, token requests included."""
        return self._session.requests

    def served_now(self) -> float | None:
        """The time now by the clock of the service, in seconds since the epoch; None if its answers so far do not say."""
        return self._session.served_now()

    def begin_lists(self, concurrency: int) -> None:
        """Begin to read both lists, beside each other unless `concurrency` is 1: the next `list_specs` of each kind returns what comes."""
        self._ahead.begin(self._whole_list, Kind, self.calls_at_once(concurrency))

    def calls_at_once(self, wanted: int) -> int:
        """How many of these calls to make at once: fewer beside other sessions with the same client."""
        return self._session.calls_at_once(wanted)

    def list_specs(self, kind: Kind) -> Listing:
        """All specs of one kind, from all pages. If an id is listed twice, the later entry wins.

        Raises ServiceError if a page cannot be fetched or parsed. An entry that cannot be parsed is returned as a strange item instead.
        """
        begun = self._ahead.take(kind)
        return self._whole_list(kind) if begun is None else begun

    def _whole_list(self, kind: Kind) -> Listing:
        return self._listing(Call("GET", COLLECTIONS[kind]), kind)

    def _listing(self, call: Call, kind: Kind) -> Listing:
        found: dict[str, LiveSpec] = {}
        strange: list[StrangeItem] = []
        pages = listed = counted = 0
        served_at: float | None = None
        for page in self._pages(call, read_spec_page):
            pages += 1
            served_at = page.served_at if pages == 1 else served_at
            counted = max(counted, page.count or 0)
            for spec in specs_in(kind, page, listed + 1):
                listed += 1
                if isinstance(spec, StrangeItem):
                    strange.append(spec)
                else:
                    found[spec.id] = spec
        shown = len(found) + len(strange)
        whole = shown >= counted and not (pages > 1 and shown < listed) and bool(found or not strange)
        counted_all = pages == 1 or shown == counted
        return Listing(tuple(found.values()), complete=whole, counted=counted_all, served_at=served_at, strange=tuple(strange))

    def get_spec(self, kind: Kind, spec_id: str) -> LiveSpec:
        """The current state of one spec. Raises SpecNotFound if the service says that it does not exist, ServiceError for other errors."""

        def the_spec(answer: Answer) -> LiveSpec:
            spec = live_spec(kind, read_one(answer), etag=answer.headers.get("etag"))
            if spec.id.casefold() != spec_id.casefold():
                raise WrongShape(f"it is {kind.words} {spec.id}, a different one")
            return spec

        return self._session.read(Call("GET", spec_path(kind, spec_id), one_spec=True), the_spec)

    def listed_spec(self, kind: Kind, spec_id: str) -> LiveSpec | None:
        """One spec as the list shows it, which may differ from a GET by id; None if it is not listed.

        Filters by that id, or fetches the whole list if the service does not support the filter. Raises ServiceError.
        """
        return next(
            (spec for spec in self._matching(kind, _ID_FILTER, spec_id) if spec.id.casefold() == spec_id.casefold()), None
        )

    def named_specs(self, kind: Kind, name: str) -> tuple[LiveSpec, ...]:
        """The listed specs with this name; names are compared in normalized form. Raises ServiceError.

        Filters by that name, or fetches the whole list if the name or the service does not allow the filter.
        """
        wanted = folded_name(name)
        return tuple(spec for spec in self._matching(kind, _NAME_FILTER, name) if folded_name(spec.name) == wanted)

    def _matching(self, kind: Kind, field: str, value: str) -> tuple[LiveSpec, ...]:
        """The specs of a filtered list, or of the whole list if the filter is not supported. Callers compare the values again."""
        if _FILTER_SAFE.fullmatch(value):
            try:
                return self._listing(Call("GET", COLLECTIONS[kind], property_query(field, value)), kind).specs
            except ServiceError as error:
                if error.status not in _NO_SUCH_FILTER:
                    raise
        return self.list_specs(kind).specs

    def usage_of(self, connection_spec_id: str) -> Usage:
        """How many flows and source connections use a connection spec. Raises ServiceError if the counts are not certain."""
        spec_id = checked_id(Kind.CONNECTION_SPEC, connection_spec_id)
        connections = Call("GET", SOURCE_CONNECTIONS, property_query(SOURCE_CONNECTION_FILTER, spec_id))
        flows = Call("GET", FLOWS, property_query(FLOW_SPEC_FILTER, spec_id))
        using_connections = self._all_of(connections, lambda item: source_connection_uses(item, spec_id))
        using_flows = self._all_of(flows, lambda item: flow_uses(item, spec_id))
        seen = tuple(using_flow(item, spec_id) for item in using_flows)
        sources, bases = connections_of(using_connections)
        users = Users(seen, source_connections=sources, base_connections=bases, asked_connections=True)
        return Usage(flows=len(using_flows), source_connections=len(using_connections), users=users)

    def users_of(self, kind: Kind, spec_id: str) -> Users:
        """The flows that use a spec, from the first pages of a filtered list. Raises ServiceError.

        Intended for display. To make sure that nothing uses a connection spec, use `usage_of`.
        """
        is_source = kind is Kind.CONNECTION_SPEC
        field, uses = (FLOW_SPEC_FILTER, flow_uses) if is_source else (FLOWS_OF_FLOW_SPEC_FILTER, flow_is_of)
        call = Call("GET", FLOWS, property_query(field, checked_id(kind, spec_id)))
        pages = tuple(islice(self._pages(call, read_page), _SHOWN_PAGES))
        items = [item for page in pages for item in page.items]
        is_whole = pages[-1].next_href is None and max(page.count or 0 for page in pages) <= len(items)
        source = spec_id if is_source else None
        return Users(tuple(using_flow(item, source) for item in items if uses(item, spec_id)), is_whole)

    def close(self) -> None:
        """Close the connections. The client cannot be used afterwards."""
        self._session.close()

    def _pages(self, call: Call, read: Callable[[Answer], P]) -> Iterator[P]:
        session = self._session
        return all_pages(lambda page_call: session.read(page_call, read), call, session.base_url, session.time_for_a_list())

    def _all_of(self, call: Call, matches: Callable[[msgspec.Raw], bool]) -> list[msgspec.Raw]:
        """The matching items of a whole list. Raises ServiceError if the service counts more items than it lists."""
        pages = tuple(self._pages(call, read_page))
        items = [item for page in pages for item in page.items]
        counted = max(page.count or 0 for page in pages)
        if counted > len(items):
            raise ServiceError(
                f"{call}: the service counts {counted} but lists {len(items)}, so its usage is unknown",
                hint="some may be hidden by an access label: request permission to view them, and run again",
            )
        return [item for item in items if matches(item)]


class SpecWriter(SpecReader):
    """Read and write access to one sandbox with one credential. No write is repeated without a check."""

    def create_spec(self, kind: Kind, body: Document) -> Receipt:
        """POST a new spec. Only a GET shows what the service stored.

        Raises AnswerLost if it may have been created, RefusedForNow if it may be sent again after a check, and ServiceError if it was not
        created.
        """
        call = Call("POST", COLLECTIONS[kind], body=encode(body))
        return self._session.write(call, lambda answer: _receipt(answer, created_id(answer)))

    def replace_spec(
        self, kind: Kind, spec_id: str, body: Document, etag: str | None, *, send_within: float | None = None
    ) -> Receipt:
        """PUT the whole body of a spec; `etag`, with its own double quotes, becomes `If-Match`.

        `send_within` limits the seconds until the body is sent, because the GET that it is based on becomes stale; TooLate is raised after
        that. Raises VersionMismatch if the spec was changed since, SpecNotFound, RefusedForNow if it may be sent again after a check,
        AnswerLost if it may have been replaced, and ServiceError if it was not.
        """
        call = Call("PUT", spec_path(kind, spec_id), body=encode(body), if_match=etag, one_spec=True)

        def receipt(answer: Answer) -> Receipt:
            read_anything(answer)
            return _receipt(answer, spec_id)

        return self._session.write(call, receipt, send_within)


def _receipt(answer: Answer, spec_id: str) -> Receipt:
    return Receipt(spec_id, answer.status, answer.request_id, changed_at(answer))
