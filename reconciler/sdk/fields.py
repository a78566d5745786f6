"""The definition of a body field, used by lint, schemas, comparisons and new files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from reconciler.documents.pointer import Segments


class Shape(Enum):
    """The type of a field's value."""

    TEXT = auto()
    """A string."""
    NAME = auto()
    """A non-empty string that is compared or sent verbatim."""
    NUMBER = auto()
    """An integer. Published bodies also write it as a string."""
    FLAG = auto()
    """A boolean."""
    NAMES = auto()
    """A list of strings."""
    IDS = auto()
    """A list of ids of connection specs."""
    SCHEMA = auto()
    """A JSON Schema."""
    BLOCK = auto()
    """A mapping with the field's own `fields`; without any, the author chooses the keys."""
    BLOCKS = auto()
    """A list of such mappings."""
    ANY = auto()
    """Any value."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name and what the documentation says about it.

    New files show the first sentence of `about` as a comment. `values` are the allowed values, each with its meaning; with `is_open` the
    service may accept more. `required_by` and `optional_in` are types of the enclosing block.
    """

    name: str
    about: str
    shape: Shape = Shape.TEXT
    examples: tuple[str | int, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    is_open: bool = False
    least: int = 0
    """The minimum of a number."""
    is_usual: bool = False
    """Whether new files include it although it is optional."""
    fields: tuple[Field, ...] = ()
    is_required: bool = False
    required_by: tuple[str, ...] = ()
    optional_in: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    """Other spellings on published pages."""
    only: str | None = None
    """The only type of source that has it."""
    page: str | None = None
    """The page of the guide that documents it."""

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and its other spellings."""
        return (self.name, *self.also)

    @property
    def summary(self) -> str:
        """The first sentence of `about`."""
        return f"{self.about.partition('. ')[0].removesuffix('.')}."


@dataclass(frozen=True, slots=True)
class Form:
    """The fields that a block of one type has in addition to `type`."""

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
    """The fields and all nested fields, each with its path; fields in a list have the path of the list."""
    for item in fields:
        yield (*path, item.name), item
        yield from paths(item.fields, (*path, item.name))


def blocks(fields: tuple[Field, ...]) -> dict[Segments, Field]:
    """Every mapping with fields of its own that is not in a list, by path."""
    found = dict(paths(fields))
    lists = {path for path, item in found.items() if item.shape is Shape.BLOCKS}
    return {
        path: item
        for path, item in found.items()
        if item.shape is Shape.BLOCK and item.fields and not any(path[: len(place)] == place for place in lists)
    }
