"""How runs end: an end condition, an empty page, a short page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from reconciler.documents.json_text import Json, encode
from reconciler.sources.answers.jsonpath import MISSING, Complex, Reply, look_up, parse
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import found
from reconciler.sources.paging.settings import Settings
from reconciler.sources.paging.turn import Stop
from reconciler.sources.source import PAGINATION

_CONSTANT = "const:"


class Met(Enum):
    """What an answer has at the path of an end condition."""

    YES = auto()
    NO = auto()
    ABSENT = auto()


@dataclass(frozen=True, slots=True)
class EndCondition:
    """The run ends when the value at `name` equals `value`."""

    name: str
    value: str

    def met_by(self, reply: Reply, assumed: Assumptions) -> Met:
        """Whether this answer ends the run."""
        value = look_up(self.name, reply, assumed)
        if value is MISSING:
            return Met.ABSENT
        assumed.of("offset.end")
        return Met.YES if as_text(value) == self.value else Met.NO


def end_condition(settings: Settings, assumed: Assumptions) -> EndCondition | None:
    """The end condition of a pagination; None if it has none, or one that is not valid."""
    name, value = settings.text("endConditionName"), settings.block.get("endConditionValue")
    if name is None or value is None:
        return None
    if not readable(name):
        path = (*PAGINATION, "endConditionName")
        message = f"{name[:80]!r} is not a path that names one place of the answer"
        settings.findings.append(found("1314", message, "write a path such as $.hasMore", path))
        settings.refused = True
        return None
    text = as_text(value)
    if text[: len(_CONSTANT)].lower() == _CONSTANT:
        return EndCondition(name, text[len(_CONSTANT) :].strip())
    return EndCondition(name, text) if assumed.of("end-condition.plain") == "value" else None


def readable(expression: str) -> bool:
    """Whether this is `headers.NAME`, or a path that names one place."""
    if expression.strip()[:8].lower() == "headers.":
        return True
    try:
        parse(expression)
    except Complex:
        return False
    return True


def as_text(value: Json) -> str:
    """A value as it is compared with a constant: a string as it is, anything else as JSON."""
    return value if isinstance(value, str) else encode(value).decode()


def without_end(row: str, records: int, limit: int, assumed: Assumptions) -> Stop | None:
    """Why a run without an end of its own ends after this page, by a row of the evidence table; None if it goes on.

    A full page ends no run, so it relies on no row.
    """
    if records >= limit:
        return None
    rule = assumed.of(row)
    if rule != "never" and records == 0:
        return Stop("a page without records", row, by_source=True)
    if rule == "until-short":
        return Stop("a page that is not full", row)
    return None
