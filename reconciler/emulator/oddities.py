"""Malformed list elements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.emulator.switches.habits import BadElement

_LEVELS = 3_000
_DIGITS = 5_000


def _spec(number: int, field: str) -> str:
    named = f'"id":"{_id(number)}","name":"Odd {number}","providerId":"odd","version":"1.0"'
    return f"{{{named},{field}}}"


def _id(number: int) -> str:
    return f"0dd00000-0000-4000-8000-{number:012d}"


_ODD_FIELDS: Mapping[BadElement, str] = {
    "lone_surrogate": '"description":"half an emoji: \\ud83d"',
    "huge_number": f'"weight":{"9" * _DIGITS}',
    "infinite_number": '"weight":1e400',
    "deep": f'"attributes":{"[" * _LEVELS}{"]" * _LEVELS}',
    "duplicate_key": '"version":"2.0"',
    "object_in_ids": f'"sourceConnectionSpecIds":["{_id(7)}",{{"id":"{_id(8)}"}},null]',
}
_BY_ID = {_id(number): name for number, name in enumerate(_ODD_FIELDS, start=1)}
_ELEMENTS: Mapping[BadElement, str] = {
    "null": "null",
    "text": '"a spec"',
    "no_id": '{"name":"Odd, without an id","providerId":"odd"}',
    "number_id": '{"id":17,"name":"Odd, with a number for an id","providerId":"odd"}',
    **{name: _spec(number, field) for number, (name, field) in enumerate(_ODD_FIELDS.items(), start=1)},
}


def elements(names: Iterable[BadElement]) -> list[bytes]:
    """The JSON of each element."""
    return [_ELEMENTS[name].encode() for name in names]


def element_by_id(names: Iterable[str], object_id: str) -> bytes | None:
    """The element with this id, if there is one."""
    name = _BY_ID.get(object_id)
    return _ELEMENTS[name].encode() if name is not None and name in names else None
