"""A field of a body: one line of a table, from which lint, schemas, comparisons and new files know it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from reconciler.documents.pointer import Segments


class Shape(Enum):
    """What a field holds."""

    TEXT = auto()
    """A string."""
    NAME = auto()
    """A string that is compared or sent character by character, and is never empty."""
    NUMBER = auto()
    """An integer. Published bodies write it as a string, too."""
    FLAG = auto()
    """A boolean."""
    NAMES = auto()
    """A list of strings."""
    IDS = auto()
    """A list of ids of connection specs."""
    SCHEMA = auto()
    """A JSON Schema."""
    BLOCK = auto()
    """A mapping of the field's own `fields`; without any, its keys are the author's."""
    BLOCKS = auto()
    """A list of such mappings."""
    ANY = auto()
    """Any value."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field by its name, and what the documentation says about it.

    New files have the first sentence of `about` as a comment. `values` are those it may have, each
    with its meaning; if `is_open`, the service may know more. `required_by` and `optional_in` are types of the block that it is in.
    """

    name: str
    about: str
    shape: Shape = Shape.TEXT
    examples: tuple[str | int, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    is_open: bool = False
    least: int = 0
    """The least number."""
    is_usual: bool = False
    """Whether new files have it although it is optional."""
    fields: tuple[Field, ...] = ()
    is_required: bool = False
    required_by: tuple[str, ...] = ()
    optional_in: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    """Other spellings that published pages have."""
    only: str | None = None
    """The type of source that alone has it."""
    page: str | None = None
    """The page of the guide that documents it."""

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and other spellings."""
        return (self.name, *self.also)

    @property
    def summary(self) -> str:
        """The first sentence about it."""
        return f"{self.about.partition('. ')[0].removesuffix('.')}."


@dataclass(frozen=True, slots=True)
class Form:
    """The fields that a block of one type has besides `type`."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.required, *self.optional)


def by_name(fields: tuple[Field, ...]) -> dict[str, Field]:
    """The fields by their names, in order."""
    return {item.name: item for item in fields}


def forms(types: Mapping[str, str], fields: tuple[Field, ...]) -> dict[str, Form]:
    """The fields of each type."""
    return {
        name: Form(
            tuple(item.name for item in fields if name in item.required_by),
            tuple(item.name for item in fields if name in item.optional_in),
        )
        for name in types
    }


def paths(fields: tuple[Field, ...], path: Segments = ()) -> Iterator[tuple[Segments, Field]]:
    """The fields and all fields in them, each with its path; in a list, with that of the list."""
    for item in fields:
        yield (*path, item.name), item
        yield from paths(item.fields, (*path, item.name))


def blocks(fields: tuple[Field, ...]) -> dict[Segments, Field]:
    """By path, every mapping with fields of its own that is in no list."""
    found = dict(paths(fields))
    lists = {path for path, item in found.items() if item.shape is Shape.BLOCKS}
    return {
        path: item
        for path, item in found.items()
        if item.shape is Shape.BLOCK and item.fields and not any(path[: len(place)] == place for place in lists)
    }
