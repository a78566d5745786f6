"""What separates targets, as values: specs, differences, and the origin of each value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reconciler.documents.json_text import Json
from reconciler.documents.kinds import Kind
from reconciler.documents.places import Missing
from reconciler.errors import Problem


class LayerKind(StrEnum):
    """What a layer of a spec file is."""

    SPEC = "spec"
    GROUP = "group"
    FLEET = "fleet"
    TARGET = "target"


class VariableOf(StrEnum):
    """Where `reconciler.yaml` gives a variable its value."""

    TARGET = "target"
    FLEET = "fleet"
    EXCEPT = "except"


@dataclass(frozen=True, slots=True)
class VariableOrigin:
    """A variable of a target: `{var: name}`. `owner` is the target, or the fleet, that defines it; `line` is in `file`, if known."""

    name: str
    of: VariableOf
    owner: str
    sandbox: str | None
    """The sandbox of the entry in `except`."""
    file: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Origin:
    """The layer that a value comes from, or that removes it. `name` is that of the overlay; None for the spec itself."""

    kind: LayerKind
    name: str | None
    line: int | None
    """In the file of the spec; None if the file has changed."""
    variables: tuple[VariableOrigin, ...] = ()
    """The variables that the value is, or contains."""


@dataclass(frozen=True, slots=True)
class TargetValue:
    """A value at one place, and the targets that have it from the same origins. No origin: no layer writes anything there."""

    targets: tuple[str, ...]
    value: Json | Missing
    origins: tuple[Origin, ...]
    """In the order in which the layers are applied; several for a mapping that is merged from them."""


@dataclass(frozen=True, slots=True)
class PlaceDifference:
    """A place of a body where targets differ. `path` is a JSON Pointer; named entries of lists are given by name."""

    path: str
    values: tuple[TargetValue, ...]


@dataclass(frozen=True, slots=True)
class SpecInTargets:
    """One spec that is not the same in all targets."""

    kind: Kind
    key: str
    name: str
    file: str
    targets: tuple[str, ...]
    """Where it belongs."""
    absent: tuple[str, ...]
    """Where `only` leaves it out."""
    unknown: tuple[str, ...]
    """Where its file has an error, so it was not compared."""
    only_line: int | None
    """The line of `only`; None without one."""
    differences: tuple[PlaceDifference, ...]


@dataclass(frozen=True, slots=True)
class TargetDiff:
    """What separates the bodies of these targets, in the order in which they were named; and the problems of the files."""

    targets: tuple[str, ...]
    specs: tuple[SpecInTargets, ...]
    same: int
    """Specs that are the same in each of the targets."""
    problems: tuple[Problem, ...] = ()
