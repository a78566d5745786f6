"""The content of a new spec file: its envelope, and the body with a comment above each section."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.documents.semantics import section_of
from reconciler.sdk.fields import Field, Shape
from reconciler.sdk.sections import SECTIONS
from reconciler.texts.yaml_writing import INDENT, entry_lines, flow_text, inline_text, key_head, text_scalar

_GUIDE: Final = "https://experienceleague.adobe.com/en/docs/experience-platform/sources/sdk"
_OWNED_WHOLE: Final = "The file owns the whole list: any other live id is planned as a detach."
_ATTACHED_TO_NONE: Final = (
    "flowSpecs: [] # attached to no flow spec, as it is live; without this line its type would say to which"
)


@dataclass(frozen=True, slots=True)
class NewSpec:
    """The content of a new file. Sections are in the order of `body`."""

    kind: Kind
    key: str
    body: Document
    formerly: tuple[str, ...] = ()
    flow_specs: tuple[str, ...] | None = None
    """None for the defaults of the type."""
    adopt: bool | str = False
    ids: dict[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    """Comment lines at the end: live sections that are not in the file."""


def spec_text(spec: NewSpec) -> bytes:
    """The file as YAML, which reads back as exactly this content."""
    lines = [f"kind: {spec.kind}", f"key: {text_scalar(spec.key)}"]
    if spec.formerly:
        lines.append(f"formerly: {flow_text(list(spec.formerly))}")
    if spec.flow_specs is not None:
        lines += entry_lines("flowSpecs:", list(spec.flow_specs), 0) if spec.flow_specs else [_ATTACHED_TO_NONE]
    if spec.adopt:
        lines.append(f"adopt: {inline_text(spec.adopt)}")
    if spec.ids:
        lines.append(f"ids: {flow_text(spec.ids)} # the live spec that this file is for, by target")
    lines += ["", "spec:" if spec.body else "spec: {}", *_body_lines(spec), *_comment(spec.left_out)]
    return ("\n".join(lines) + "\n").encode()


def comments_of(kind: Kind) -> dict[str, tuple[str, ...]]:
    """The comment lines above each section, by its field."""
    return {section.name: _about(section) for section in SECTIONS[kind]}


def _about(section: Field) -> tuple[str, ...]:
    """The comment lines without `#`; the link is on a line of its own, so that it is never wrapped."""
    if section.shape in {Shape.TEXT, Shape.NAME}:
        return ()
    owned = _OWNED_WHOLE if section.shape is Shape.IDS else ""
    return tuple(line for line in (section.summary, owned, f"{_GUIDE}/{section.page}" if section.page else "") if line)


def _body_lines(spec: NewSpec) -> Iterable[str]:
    comments = comments_of(spec.kind)
    for name, value in spec.body.items():
        yield from _comment(comments.get(section_of(name), ()))
        yield from entry_lines(key_head(name, INDENT), value, INDENT)


def _comment(lines: Iterable[str]) -> list[str]:
    return [f"{' ' * INDENT}# {line}" for line in lines]
