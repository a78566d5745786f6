"""Similarity: whether two specs may be the same, by name, endpoint or body."""

from __future__ import annotations

import difflib
import functools
from typing import Final

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.json_text import Document, Json, encode_readable, encode_sorted
from reconciler.documents.names import name_claim
from reconciler.documents.semantics import ID_LISTS, sections
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.comparing.difference import comparable_live

_NEARLY: Final = 0.95
"""Share of two files that must be equal for one to count as the successor of the other."""
_MOSTLY: Final = 0.8
"""Share of a file and a live spec that must be equal. A mistake here creates a duplicate that cannot be deleted."""
_HALF: Final = 0.5
_LINES: Final = 2_000
"""Maximum number of lines of a body that are compared."""
_TELL_NOTHING: Final = frozenset({"name", "providerId", "version", "attributes", *ID_LISTS})
"""Sections that do not describe the requests of a source."""


def is_nearly(one: Document, other: Document, least: float = _NEARLY) -> bool:
    """Whether at least this share of the lines of two bodies is equal."""
    first, second = _lines(one), _lines(other)
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    return matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least and matcher.ratio() >= least


def may_be(desired: DesiredSpec, live: LiveSpec) -> bool:
    """Whether a file to create may be this live spec, which lost its file or its marker, by provider and body."""
    return desired.provider_id.lower() == live.provider_id.lower() and is_body_of(desired, live, _MOSTLY)


def may_be_namesake(desired: DesiredSpec, live: LiveSpec) -> bool:
    """Whether a live spec with the name and provider of the file also has at least half of its body."""
    return name_claim(desired) == name_claim(live) and is_body_of(desired, live, _HALF)


def is_body_of(desired: DesiredSpec, live: LiveSpec, least: float) -> bool:
    """Whether a live spec shares at least this part of the file's body.

    If both declare an endpoint, they are alike if it is the same: other common parts may come from a template. Without endpoints, the given
    share of the lines that the file owns must be equal. Two bodies without any content are alike.
    """
    ours, theirs = _endpoint_of(desired), _endpoint_of(live)
    if ours is not None and theirs is not None:
        return ours == theirs
    written, there = desired.body, comparable_live(live.body)
    return is_nearly(_substance(written, written), _substance(there, written), least)


def _substance(body: Document, owned: Document) -> Document:
    names = {section for section, _ in sections(owned)} - _TELL_NOTHING
    return {section: body[field] for section, field in sections(body) if section in names and body[field] is not None}


@functools.lru_cache(maxsize=10_000)
def _endpoint_of(spec: DesiredSpec | LiveSpec) -> tuple[str, str] | None:
    """Host and path with parameters of the endpoint of a batch source; None if the body declares none.

    Cached, because each create is compared with every candidate.
    """
    value: Json = spec.body
    for name in ("sourceSpec", "attributes", "urlParams"):
        value = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, dict):
        return None
    host, path, query = (value.get(name) for name in ("host", "path", "queryParams"))
    if not isinstance(host, str) or not isinstance(path, str) or not host:
        return None
    return host.lower().rstrip("/"), f"{path.strip('/')}?{encode_sorted(query).decode()}"


def _lines(body: Document) -> list[str]:
    return encode_readable(body).splitlines()[:_LINES]
