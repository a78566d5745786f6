"""Trials of a spec against an API in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from reconciler.documents.pointer import Segments
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding
from reconciler.sources.messages import Fetch, Request
from reconciler.sources.source import Source
from reconciler.sources.trial import Limits, Trial, trial
from tests.sources.apis import HOST, PATH


@dataclass(frozen=True, slots=True)
class First:
    request: Request | None
    findings: tuple[Finding, ...] = ()


def source(pagination: object, content: object = "$.items", **attributes: object) -> Source:
    named = {"contentPath": content, "paginationParams": pagination, **attributes}
    return Source({"sourceSpec": {"attributes": {key: value for key, value in named.items() if value is not None}}})


def request(query: dict[str, str] | None = None, **parts: Any) -> Request:
    return Request("GET", f"{HOST}{PATH}?{urlencode(query)}" if query else HOST + PATH, **parts)


def tried(spec: Source, fetch: Fetch, asked: Request | None = None, pages: int = 25, **assume: str) -> Trial:
    overrides = {key.replace("__", ".").replace("_", "-"): value for key, value in assume.items()}
    found = trial(spec, First(asked or request()), fetch, Limits(pages=pages), Assumptions(overrides))
    nowhere = [item for item in found.findings if item.path is not None and not _is_there(spec, item.path)]
    assert nowhere == [], "a finding leads to a part of the spec that exists"
    return found


def _is_there(spec: Source, path: Segments) -> bool:
    """Whether the spec has this part, or a default or an older name in its place."""
    return path[-1] in spec.mapping(path[:-1]) or path[-1] in ("maximumRequest", "type")


def codes(found: Trial) -> list[str]:
    return [item.code for item in found.findings]
