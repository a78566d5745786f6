"""Whether live certainly is as its file says, from the text of both: most specs of a plan are, and need no tree to show it.

A section whose text is that of the file is equal, and one whose text is that of the file once the keys of both are sorted. All else, such
as `ignore`, a recorded difference, or an id list, is left to `difference.compare`. Where live has all of the body word for word, not even
the members of the body are told apart; they are for the second target of a run, since that helps all further ones.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from itertools import chain, repeat
from typing import Final

import msgspec

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.json_text import NotJson, decode, encode, encode_sorted
from reconciler.documents.semantics import ID_LISTS, OF_SEVERAL_NAMES, SERVER_MANAGED, section_of
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.comparing.ownership import MARKER_FIELD, Marker
from reconciler.sdk.section_texts import ATTRIBUTE_OF, SectionTexts
from reconciler.texts.exact_json import decode_exact
from reconciler.texts.raw_json import compact_members

_ABSENT: Final = frozenset({b"", b"null", b"[]", b"{}"})
"""The texts of a section that counts as absent."""
_value_decoder: Final = msgspec.json.Decoder(msgspec.Raw)
_NOT_BY_TEXT: Final = OF_SEVERAL_NAMES | frozenset(ID_LISTS)
"""Fields whose text may not show whether live is the same."""
_BY_KEY: Final = {field.encode(): name for field, name in ATTRIBUTE_OF.items()}
_KEY: Final = re.compile(rb'"(\w+)":')
_MARKER: Final = b',"%s":' % MARKER_FIELD.encode()
_KEPT: Final = 2_048
"""Files whose texts are kept for the next target."""


class _Attributes(msgspec.Struct, frozen=True):
    """What a file writes into `attributes`: its text, and its members as far as they are compact.

    `before_marker` is how the text in live begins, up to the marker, where a marker follows what the file writes; None if only the members
    show that.
    """

    text: bytes
    members: Mapping[str, msgspec.Raw] | None
    before_marker: bytes | None


class _Written(msgspec.Struct, frozen=True):
    """What a file writes: sections by the attribute of `SectionTexts`, unknown ones by field, and names; None for one that it lacks."""

    attributes: _Attributes | None
    texts: tuple[tuple[str, msgspec.Raw], ...]
    unknown: Mapping[str, msgspec.Raw]
    name: str | None
    provider_id: str | None


def is_unchanged(live: LiveSpec, desired: DesiredSpec, marker: Marker | None) -> bool:
    """Whether `compare` certainly finds nothing: no change, and no recorded difference of this marker. False means only perhaps not."""
    texts = live.texts
    if texts is None or desired.ignore or (marker is not None and marker.settled):
        return False
    written = None if next(_is_first(desired.body_json)) else _written(desired.body_json)
    if written is None and _has_word_for_word(live, texts, desired.body_json):
        return True
    written = written or _written(desired.body_json)
    if written is None or written.name not in (None, live.name) or written.provider_id not in (None, live.provider_id):
        return False
    if written.unknown and not written.unknown.items() <= (compact_members(live.body_json) or {}).items():
        return False
    try:
        for name, text in written.texts:
            there = getattr(texts, name)
            if there != text and not _is_equal(bytes(there), bytes(text)):
                return False
        return written.attributes is None or _is_equal_beside_marker(bytes(texts.attributes), written.attributes)
    except NotJson:
        return False


def _has_word_for_word(live: LiveSpec, texts: SectionTexts, body: bytes) -> bool:
    """Whether each member of this body, which is compact JSON, is the text that live has there. False means only perhaps not.

    A text in live is a whole JSON value or empty, so where the body has it, up to a comma or to its end, it is the value of the member.
    """
    at = 1
    while key := _KEY.match(body, at):
        there = _text_of(key[1], live, texts)
        if not body.startswith(there, key.end()):
            return False
        at = key.end() + len(there)
        if body[at : at + 1] != b",":
            return at == len(body) - 1
        at += 1
    return False


def _text_of(key: bytes, live: LiveSpec, texts: SectionTexts) -> bytes:
    """The text of a member of live as a file writes it, without the marker; empty for one that needs a closer look."""
    if key == b"attributes":
        text = bytes(texts.attributes)
        before, found, marker = text.rpartition(_MARKER)
        return before + b"}" if found and _is_one_value(marker[:-1]) else text
    if key in {b"name", b"providerId"}:
        name = live.name if key == b"name" else live.provider_id
        return encode(name) if name else b""
    attribute = _BY_KEY.get(key)
    return bytes(getattr(texts, attribute)) if attribute else b""


@functools.lru_cache(maxsize=_KEPT)
def _is_first(_body_json: bytes) -> Iterator[bool]:
    """Whether this text of a file is compared for the first time: True once."""
    return chain([True], repeat(False))


@functools.lru_cache(maxsize=_KEPT)
def _written(body_json: bytes) -> _Written | None:
    """None for a body with a list of ids, a section that it or live may have under another name, or a name that is no string or empty."""
    members = compact_members(body_json)
    if members is None:
        return None
    names = [_name(members.pop(field, None)) for field in ("name", "providerId")]
    texts = {field: text for field, text in members.items() if field not in SERVER_MANAGED}
    if "" in names or any(
        field in ID_LISTS or _may_be_renamed(field, texts[field]) for field in _NOT_BY_TEXT.intersection(texts)
    ):
        return None
    unknown = {field: text for field, text in texts.items() if field not in ATTRIBUTE_OF}
    attributes = texts.pop("attributes", None)
    known = tuple((ATTRIBUTE_OF[field], text) for field, text in texts.items() if field in ATTRIBUTE_OF)
    return _Written(None if attributes is None else _attributes(bytes(attributes)), known, unknown, *names)


def _may_be_renamed(field: str, text: msgspec.Raw) -> bool:
    """Whether live may have the section under another name: the file uses an alias, or empties what live may have under one."""
    return section_of(field) != field or bytes(text) in _ABSENT


def _attributes(text: bytes) -> _Attributes:
    members = {} if text in _ABSENT else compact_members(text)
    if members is None or MARKER_FIELD in members:
        return _Attributes(text, members, None)
    return _Attributes(text, members, (text[:-1] + b"," if members else b"{") + b'"%s":' % MARKER_FIELD.encode())


def _name(text: msgspec.Raw | None) -> str | None:
    """The string; empty for any other value, and None without one."""
    value = None if text is None else decode(bytes(text))
    return value if text is None or isinstance(value, str) else ""


def _is_equal(there: bytes, written: bytes) -> bool:
    if written in _ABSENT or there in _ABSENT:
        return written in _ABSENT and there in _ABSENT
    return _sorted(written) == encode_sorted(decode_exact(there))


def _is_equal_beside_marker(there: bytes, written: _Attributes) -> bool:
    start = written.before_marker
    if there == written.text or (start is not None and there.startswith(start) and _is_one_value(there[len(start) : -1])):
        return True
    members = compact_members(there)
    if members is not None:
        members.pop(MARKER_FIELD, None)
        if members == written.members:
            return True
    value = decode_exact(there) if there else None
    rest = {key: item for key, item in value.items() if key != MARKER_FIELD} if isinstance(value, dict) else value
    if written.text in _ABSENT or rest in (None, [], {}):
        return written.text in _ABSENT and rest in (None, [], {})
    return _sorted(written.text) == encode_sorted(rest)


def _is_one_value(text: bytes) -> bool:
    try:
        _value_decoder.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return False
    return True


@functools.lru_cache(maxsize=_KEPT)
def _sorted(text: bytes) -> bytes:
    return encode_sorted(decode(text))
