"""The JSON of an answer, in whatever encoding it is."""

from __future__ import annotations

import codecs
import re
from typing import Final

from reconciler.documents.json_text import Json, NotJson, decode
from reconciler.sources.answers.jsonpath import MISSING, Missing
from reconciler.sources.evidence import Assumptions
from reconciler.sources.messages import Answer

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET: Final = re.compile(r"charset\s*=\s*\"?\s*([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
_ENCODINGS: Final = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "windows-1252": "cp1252",
    "us-ascii": "ascii",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf-32": "utf-32",
}
"""Encodings that answers are read in besides UTF-8."""
_MOST_VALUES: Final = 6_000_000
"""Values of an answer, by its commas and brackets: in memory, a small one has up to 50 times its size."""
_GZIP: Final = b"\x1f\x8b"


def decoded(answer: Answer, assumed: Assumptions) -> tuple[Json | Missing, str | None]:
    """The value of an answer, or the reason why it has none, as the end of a sentence."""
    content = answer.content
    if len(content) > _MOST_VALUES and sum(content.count(sign) for sign in (b",", b"[", b"{")) > _MOST_VALUES:
        return MISSING, f"has more than {_MOST_VALUES:,} values, which is the limit"
    try:
        return decode(content), None
    except NotJson as error:
        reason = str(error)
    text = _in_its_encoding(answer)
    if text is not None and assumed.of("answer.encoding") == "declared":
        try:
            return decode(text), None
        except NotJson as error:
            reason = str(error)
    return MISSING, _why(answer, reason)


def _in_its_encoding(answer: Answer) -> str | None:
    """The text of an answer with a byte order mark, or with another charset than UTF-8; None for any other answer."""
    mark, encoding = next(((mark, name) for mark, name in _MARKS if answer.content.startswith(mark)), (b"", ""))
    if not encoding:
        declared = _CHARSET.search(answer.headers.get("content-type", ""))
        encoding = _ENCODINGS.get(declared[1].lower(), "") if declared else ""
    if not encoding:
        return None
    try:
        return answer.content[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        return None


def _why(answer: Answer, reason: str) -> str:
    start = answer.content[:200].lstrip()
    if not start:
        return "is empty, not JSON"
    if start.startswith(_GZIP):
        return "is compressed, although no header says so"
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if start.startswith(b"<"):
        return (
            "is HTML, not JSON"
            if b"<html" in start.lower() or b"<!doctype html" in start.lower() or "html" in kind
            else "is XML, not JSON"
        )
    if "nested too deep" in reason:
        return "is nested too deep to be read"
    return "is not valid JSON" if not start.startswith((b"{", b"[")) else "is not valid JSON, or not complete"
