"""Whether live certainly is as its file says, from the text of both: most specs of a plan are, and need no tree to show it.

A section whose text is that of the file is equal. All else, such as `ignore`, a recorded difference, an id list, or another order of
keys, is left to `difference.compare`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.semantics import ID_LISTS, SERVER_MANAGED, section_of
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.comparing.ownership import MARKER_FIELD, Marker
from reconciler.texts.raw_json import compact_members

_NOTHING: Final = msgspec.Raw()
_ABSENT: Final = frozenset({b"", b"null", b"[]", b"{}"})
"""The texts of a section that counts as absent."""


def is_unchanged(live: LiveSpec, desired: DesiredSpec, marker: Marker | None) -> bool:
    """Whether `compare` certainly finds nothing: no change, and no recorded difference of this marker. False means only perhaps not."""
    if desired.ignore or (marker is not None and marker.settled):
        return False
    there, written = compact_members(live.body_json), compact_members(desired.body_json)
    return there is not None and written is not None and all(_is_equal(there, field, text) for field, text in written.items())


def _is_equal(live: Mapping[str, msgspec.Raw], field: str, text: msgspec.Raw) -> bool:
    if field in SERVER_MANAGED:
        return True
    if field in ID_LISTS or section_of(field) != field:
        return False
    there = live.get(field, _NOTHING)
    if text == there:
        return True
    if bytes(text) in _ABSENT:
        return bytes(there) in _ABSENT
    return field == "attributes" and _are_equal_without_marker(there, text)


def _are_equal_without_marker(live: msgspec.Raw, text: msgspec.Raw) -> bool:
    there, written = compact_members(bytes(live)), compact_members(bytes(text))
    if not there or not written:
        return False
    there.pop(MARKER_FIELD, None)
    return there == written
