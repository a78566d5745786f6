"""Write a provider file and its records from what was seen of an API, so that it can be tried without it.

The records are those of the redacted recording. What one recording does not show is left at its default: time ranges, faults, and what
comes after the last page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from reconciler.documents.json_text import Document, encode
from reconciler.providers.schema import provider_of
from reconciler.sources.evidence import Assumptions
from reconciler.sources.records import records_of
from reconciler.sources.source import PAGINATION, URL_PARAMS, Source
from reconciler.texts.yaml_writing import document_lines
from reconciler.trying.cassette import MAX_BYTES, Cassette, Exchange, Unrecordable
from reconciler.trying.providing.envelope import answer_of, auth_of
from reconciler.trying.providing.paging import paging_of
from reconciler.trying.providing.seen import dotted, dotted_steps, pages_of

RECORDS_FILE: Final = "records.jsonl"
WRITTEN_FROM: Final = "# Written from the answers of "
_HEADER: Final = f"""\
# yaml-language-server: $schema=../../.schemas/provider.schema.json
{WRITTEN_FROM}{{day}}. Check it against the API's documentation: a time range, faults and what
# comes after the last page are not in a recording.
"""
_PLACEHOLDER: Final = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class ProviderFiles:
    """The bytes of `provider.yaml` and of the records beside it."""

    provider: bytes = field(repr=False)
    records: bytes = field(repr=False)


def provider_files(cassette: Cassette, source: Source, probed: Sequence[Exchange] = ()) -> ProviderFiles:
    """The files for a recording that is already redacted, and for the answers to `probes`, redacted with it.

    Raises Unrecordable where no answer has records, or the spec has a path that a provider file cannot describe.
    """
    selected, _ = records_of(source, Assumptions())
    pages = pages_of(cassette.calls, selected)
    if not pages or selected.content is None:
        raise Unrecordable(
            "no answer has records, so there is nothing to write a provider file from", hint="check contentPath first"
        )
    pagination = source.mapping(PAGINATION)
    paging = paging_of(pagination, pages, pages_of(probed, selected))
    following = paging.get("next") or paging.get("token") or {}
    records = dotted_steps(selected.content.steps, "contentPath")
    end = pagination.get("endConditionName")
    answer = answer_of(pages, records, frozenset({following["path"]} if following else ()), _end(end))
    request = pages[0].request
    document: Document = {
        "kind": "Provider",
        "path": _path(request.address, source),
        **({"method": "POST"} if request.method == "POST" else {}),
        "auth": auth_of(request),
        "records": {"file": RECORDS_FILE},
        **({"answer": answer} if answer else {}),
        "paging": paging,
    }
    return ProviderFiles(_text(document, cassette), _lines([row for page in pages for row in page.rows]))


def _end(name: object) -> str | None:
    return dotted(name, "endConditionName") if isinstance(name, str) and name else None


def _path(address: str, source: Source) -> str:
    """The path of the request, with a placeholder for each step that the spec fills in."""
    steps = unquote(urlsplit(address).path).split("/")
    written = source.mapping(URL_PARAMS).get("path")
    wanted = written.strip("/").split("/") if isinstance(written, str) else []
    for index in range(1, min(len(wanted), len(steps)) + 1):
        if found := _PLACEHOLDER.fullmatch(wanted[-index]):
            steps[-index] = f"{{{found[1]}}}"
    return "/".join("{value}" if _PLACEHOLDER.search(step) else step for step in steps)


def _text(document: Document, cassette: Cassette) -> bytes:
    if isinstance(mistakes := provider_of(document), tuple):
        hint = "write provider.yaml by hand; docs/emulator.md lists its keys"
        raise Unrecordable(f"this API cannot be described by a provider file: {mistakes[0].message}", hint=hint)
    lines = "\n".join(document_lines(document))
    return f"{_HEADER.format(day=f'{cassette.recorded_at:%Y-%m-%d}')}{lines}\n".encode()


def _lines(rows: Sequence[Document]) -> bytes:
    data = b"".join(encode(row) + b"\n" for row in rows)
    if len(data) > MAX_BYTES:
        message = f"the records would have {len(data):,} bytes; the limit is {MAX_BYTES:,}"
        raise Unrecordable(message, hint="use --pages N for fewer records")
    return data
