"""Third parties in memory: 237 records, pages of 20 by default and of 100 at most, one style each."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from reconciler.sources.messages import Answer, Fetch, Request

HOST = "https://api.example.com"
PATH = "/v1/things"
Body = dict[str, Any]


def answer(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, {"content-type": "application/json", **(headers or {})}, json.dumps(body).encode())


def records(count: int) -> list[Body]:
    return [{"id": number, "email": f"c{number}@example.com"} for number in range(1, count + 1)]


@dataclass(slots=True)
class Api:
    """One API; it ignores parameters that it does not know, as real ones do."""

    count: int = 237
    default: int = 20
    cap: int = 100
    requests: list[Request] = field(default_factory=list)

    def fetch(self, style: str) -> Fetch:
        handler: Callable[[Request, dict[str, str]], Answer] = getattr(self, f"_{style}")

        def send(request: Request) -> Answer:
            self.requests.append(request)
            return handler(request, dict(request.query))

        return send

    def _limit(self, query: Mapping[str, str]) -> int:
        return max(1, min(int(query.get("limit", self.default)), self.cap))

    def _part(self, start: int, limit: int) -> list[Body]:
        return records(self.count)[max(0, start) : max(0, start) + limit]

    def _offset(self, _request: Request, query: Mapping[str, str]) -> Answer:
        limit, start = self._limit(query), int(query.get("offset", 0))
        more = start + limit < self.count
        return answer({"members": self._part(start, limit), "hasMore": more, "total_items": self.count, "meta": {"v": 1}})

    def _offset404(self, request: Request, query: Mapping[str, str]) -> Answer:
        if int(query.get("offset", 0)) >= self.count:
            return answer({"error": "past the end"}, 404)
        return self._offset(request, query)

    def _page(self, _request: Request, query: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Answer:
        limit, page = self._limit(query), max(1, int(query.get("page", 1)))
        return answer({"items": self._part((page - 1) * limit, limit)}, headers=headers)

    def _page400(self, request: Request, query: Mapping[str, str]) -> Answer:
        return self._page(request, query) if int(query.get("page", 1)) >= 1 else answer({"error": "page must be 1 or more"}, 400)

    def _pagehead(self, request: Request, query: Mapping[str, str]) -> Answer:
        return self._page(request, query, headers={"x-pagecount": str(-(-self.count // self._limit(query)))})

    def _linked(self, query: Mapping[str, str], address: str, *, keep_last: bool = False) -> Answer:
        limit, start = self._limit(query), int(query.get("start", 0))
        following = start + limit if start + limit < self.count else start if keep_last else None
        paging = {} if following is None else {"next": f"{address}?{urlencode({'limit': limit, 'start': following})}"}
        return answer({"results": self._part(start, limit), "paging": paging})

    def _pointer(self, _request: Request, query: Mapping[str, str]) -> Answer:
        return self._linked(query, HOST + PATH)

    def _pointerrel(self, _request: Request, query: Mapping[str, str]) -> Answer:
        return self._linked(query, PATH)

    def _pointerself(self, _request: Request, query: Mapping[str, str]) -> Answer:
        return self._linked(query, HOST + PATH, keep_last=True)

    def _pointerkey(self, _request: Request, query: Mapping[str, str]) -> Answer:
        return self._linked(query, HOST + PATH) if query.get("key") == "k" else answer({"error": "no key"}, 401)

    def _token(self, _request: Request, query: Mapping[str, str]) -> Answer:
        return self._cursor(query, query.get("page[after]"))

    def _tokenlast(self, _request: Request, query: Mapping[str, str]) -> Answer:
        return self._cursor(query, query.get("page[after]"), on_last=True)

    def _tokenhead(self, request: Request, query: Mapping[str, str]) -> Answer:
        return self._cursor(query, dict(request.headers).get("x-cursor"))

    def _cursor(self, query: Mapping[str, str], token: str | None, *, on_last: bool = False) -> Answer:
        limit, start = self._limit(query), int(base64.b64decode(token)) if token else 0
        after = start + limit
        more = after < self.count or (on_last and start < self.count)
        cursor = base64.b64encode(str(after).encode()).decode() if more else None
        return answer({"results": self._part(start, limit), "meta": {"after_cursor": cursor}})
