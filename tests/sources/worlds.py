"""Right specs and the APIs that match them, drawn together; and mistakes in one field of a spec."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from hypothesis import strategies as st

from reconciler.sources.messages import Answer, Request
from tests.sources.apis import HOST, PATH, answer

_NAMES = st.text("abcxyz_", min_size=1, max_size=5)


@dataclass(frozen=True, slots=True)
class World:
    """One API and the pagination that reads it. `signs`: whether answers say that there is more, or how many there are."""

    kind: str
    count: int
    limit: int
    default: int
    cap: int
    first: int
    limit_name: str
    turn_name: str
    """The parameter with the offset, the page or the token."""
    more: bool
    total: bool
    in_header: bool
    """Whether the page count or the token is in a header."""
    relative: bool
    absent_at_end: bool
    refuses_before_first: bool
    sent: list[Request] = field(default_factory=list, compare=False, repr=False)

    @property
    def pagination(self) -> dict[str, Any]:
        limited: dict[str, Any] = {"type": self.kind, "limitName": self.limit_name, "limitValue": self.limit}
        if self.kind == "OFFSET":
            ended = {"endConditionName": "$.meta.hasMore", "endConditionValue": "Const:false"} if self.more else {}
            return {**limited, "offSetName": self.turn_name, **ended}
        if self.kind == "PAGE":
            end: dict[str, Any] = {"endPageIndex": self._last} if self.relative else {}
            end = {"endPageIndex": "headers.x-pages"} if self.in_header else end
            return {**limited, "pageParamName": self.turn_name, "initialPageIndex": self.first, **end}
        if self.kind == "POINTER":
            return {**limited, "pointerPath": "$.paging.next"}
        return {
            "type": self.kind,
            "continuationTokenPath": "$.cursor",
            "parameterType": "HEADERPARAM" if self.in_header else "QUERYPARAM",
            "parameterName": self.turn_name,
        }

    @property
    def _last(self) -> int:
        return self.first + -(-self.count // self.limit) - 1

    def fetch(self, request: Request) -> Answer:
        """The answer of the API."""
        query = dict(request.query)
        if self.kind == "OFFSET":
            return self._offset(query)
        if self.kind == "PAGE":
            return self._page(query)
        return self._pointer(query) if self.kind == "POINTER" else self._token(request, query)

    def _size(self, query: dict[str, str]) -> int:
        return min(int(query.get(self.limit_name, self.default)), self.cap)

    def _body(self, start: int, size: int, **beside: Any) -> dict[str, Any]:
        items = [{"id": f"r{number}", "n": number} for number in range(start, min(self.count, start + size))]
        totals = {"total": self.count} if self.total else {}
        flags = {"meta": {"hasMore": start + size < self.count}} if self.more else {}
        return {"things": items, **totals, **flags, **beside}

    def _offset(self, query: dict[str, str]) -> Answer:
        return answer(self._body(int(query.get(self.turn_name, 0)), self._size(query)))

    def _page(self, query: dict[str, str]) -> Answer:
        size, number = self._size(query), int(query.get(self.turn_name, self.first))
        if number < self.first and self.refuses_before_first:
            return answer({"error": "no such page"}, 400)
        start = max(0, number - self.first) * size
        pages = str(self.first + -(-self.count // size) - 1)
        return answer(self._body(start, size), headers={"x-pages": pages} if self.in_header else {})

    def _pointer(self, query: dict[str, str]) -> Answer:
        start, size = int(query.get("s", 0)), self._size(query)
        following = f"{'' if self.relative else HOST}{PATH}?{urlencode({self.limit_name: size, 's': start + size})}"
        if start + size < self.count:
            return answer(self._body(start, size, paging={"next": following}))
        return answer(self._body(start, size, paging={} if self.absent_at_end else {"next": None}))

    def _token(self, request: Request, query: dict[str, str]) -> Answer:
        sent = dict(request.headers) if self.in_header else query
        token = sent.get(self.turn_name)
        start = int(token[1:]) if token else 0
        if start + self.limit < self.count:
            return answer(self._body(start, self.limit, cursor=f"t{start + self.limit}"))
        return answer(self._body(start, self.limit, **({} if self.absent_at_end else {"cursor": None})))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """An API with at least two pages, and a right spec."""
    limit = draw(st.integers(1, 7))
    names = draw(st.lists(_NAMES.filter(lambda name: name != "s"), min_size=2, max_size=2, unique=True))
    flags = draw(st.tuples(*[st.booleans()] * 6))
    return World(
        draw(st.sampled_from(("OFFSET", "PAGE", "POINTER", "CONTINUATION_TOKEN"))),
        draw(st.integers(limit + 1, 30)),
        limit,
        draw(st.integers(1, 9)),
        draw(st.integers(max(limit, 1), 9)),
        draw(st.integers(0, 1)),
        names[0],
        names[1],
        *flags,
    )


def mistakes(world: World) -> dict[str, dict[str, Any]]:
    """The pagination with one field changed, by the name of the mistake."""
    right = world.pagination
    wrong: dict[str, dict[str, Any]] = {}
    for name, value in right.items():
        if isinstance(value, str) and name not in ("type", "parameterType", "endConditionValue"):
            wrong[f"{name} misspelled"] = {**right, name: f"{value}q"}
        if isinstance(value, int):
            wrong[f"{name} higher"] = {**right, name: value + 1}
            wrong[f"{name} much higher"] = {**right, name: value + 20}
            wrong[f"{name} lower"] = {**right, name: value - 1}
        wrong[f"{name} left out"] = {key: item for key, item in right.items() if key != name}
    if "endConditionValue" in right:
        wrong["endConditionValue inverted"] = {**right, "endConditionValue": "Const:true"}
    if "parameterType" in right:
        swapped = "QUERYPARAM" if world.in_header else "HEADERPARAM"
        wrong["parameterType swapped"] = {**right, "parameterType": swapped}
    if world.more or world.total:
        wrong["type NONE"] = {"type": "NONE"}
    return wrong
