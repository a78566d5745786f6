"""The outline of a plan as the text of a check run. Parsing is strict, because the outline is evidence of a review."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Final, TypeVar

import msgspec

from reconciler.documents.canonical import SHORT_DIGEST_LENGTH
from reconciler.documents.json_text import Json, encode
from reconciler.planning.plan import PlanTarget
from reconciler.reports.plan.outline import ActionOutline, Outline
from reconciler.reports.sinks.escaping import for_json

MAX_LENGTH: Final = 60_000
"""Maximum number of characters; a check run's text may have 65,535."""
_INTRODUCTION: Final = (
    "What `apply --expect-reviewed` compares its plan with: each action with digests in the place of values.\n\n"
)
_FENCED: Final = re.compile(r"```json\n(?P<json>[^`]*)\n```\s*\Z")
_FORMAT: Final = 1
_SHORT: Final = SHORT_DIGEST_LENGTH + 3
"""Characters of a short digest in JSON, with its quotes and comma."""


T = TypeVar("T")


class NotARecord(ValueError):
    """The text contains no outline."""


class _Record(msgspec.Struct, forbid_unknown_fields=True):
    format: int
    target: PlanTarget
    digest: str
    left_out: int
    shorts: frozenset[str]
    actions: tuple[ActionOutline, ...]
    base: str | None = None


def record_of(outline: Outline, limit: int = MAX_LENGTH) -> str:
    """The text that stores this outline, of at most that many characters.

    Actions that do not fit are stored as short digests, as many as fit. Actions with references come first, because a short digest cannot
    represent them.
    """
    room = limit - len(_text(outline, (), (), len(outline.actions)))
    shorts = [action.short for action in outline.actions][: max(room // _SHORT, 0)]
    room -= len(shorts) * _SHORT
    kept: dict[int, str] = {}
    for index in sorted(range(len(outline.actions)), key=lambda index: not outline.actions[index].is_flow_spec):
        written = one_line(msgspec.structs.astuple(outline.actions[index]))
        room -= len(written) + 2 - (_SHORT if index < len(shorts) else 0)
        if room < 0:
            break
        kept[index] = written
    rest = tuple(short for index, short in enumerate(shorts) if index not in kept)
    return _text(outline, tuple(kept[index] for index in sorted(kept)), rest, len(outline.actions) - len(kept))


def read_record(text: str) -> Outline:
    """Parse the outline in this text. Raises NotARecord."""
    record = json_in(text, _Record)
    if record.format != _FORMAT:
        raise NotARecord(f"it has format {record.format}, but this reconciler reads {_FORMAT}")
    return Outline(record.target, record.digest, record.actions, record.left_out, record.shorts, record.base)


def json_in(text: str, shape: type[T]) -> T:
    """The JSON of this shape in the code block at the end of a check run's text. Raises NotARecord."""
    found = _FENCED.search(text.replace("\r\n", "\n"))
    if found is None:
        raise NotARecord("there is none in it")
    try:
        return msgspec.json.decode(found["json"], type=shape)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise NotARecord(str(error)) from None


def _text(outline: Outline, actions: tuple[str, ...], shorts: tuple[str, ...], left_out: int) -> str:
    place = asdict(outline.target)
    head = one_line(
        {"format": _FORMAT, "target": place, "digest": outline.digest, "left_out": left_out, "shorts": shorts}
        | ({"base": outline.base} if outline.base else {})
    ).removesuffix("}")
    listed = ",\n".join(actions)
    return f'{_INTRODUCTION}```json\n{head},"actions":[\n{listed}\n]}}\n```\n'


def one_line(value: Json) -> str:
    """JSON on one line, escaped so that it cannot end its fence."""
    return for_json(encode(value).decode()).replace("`", "\\u0060")
