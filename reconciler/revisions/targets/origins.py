"""The origins of values: the layers of one file, read again for its lines, and the variables of `reconciler.yaml`."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from reconciler.desired.layers import Layers
from reconciler.desired.readings import Readings
from reconciler.desired.tree import SpecTree, Unreadable
from reconciler.disk import Unfit, read_most
from reconciler.documents.pointer import Segments
from reconciler.revisions.targets.layering import Contribution, Layer, contributions, layers_of
from reconciler.revisions.targets.values import LayerKind, Origin, VariableOf, VariableOrigin
from reconciler.settings.loading import FILE_NAME
from reconciler.settings.targets import Settings
from reconciler.texts.locate import Positions, Syntax, locate
from reconciler.texts.reading import MAX_BYTES


@dataclass(frozen=True)
class SettingsVariables:
    """Where the settings of a specs folder define the variables of each target."""

    specs: Path
    settings: Settings

    def origin(self, target: str, name: str) -> VariableOrigin:
        """Where this variable of the target has its value: in the target, in the fleet's `except`, or in the fleet."""
        of, owner, sandbox = self._definition(target, name)
        place = ("fleets", owner) if of is not VariableOf.TARGET else ("targets", owner)
        inside = ("except", sandbox) if of is VariableOf.EXCEPT and sandbox else ()
        found = self._positions.exactly((*place, *inside, "vars", name)) if self._positions else None
        return VariableOrigin(name, of, owner, sandbox, (self.specs / FILE_NAME).as_posix(), found[0] if found else None)

    def _definition(self, target: str, name: str) -> tuple[VariableOf, str, str | None]:
        settings = self.settings.targets[target]
        fleet = self.settings.fleets.get(settings.fleet or "")
        if fleet is None or settings.fleet is None:
            return VariableOf.TARGET, target, None
        own = fleet.exceptions.get(settings.sandbox or "")
        if own is not None and name in own.vars:
            return VariableOf.EXCEPT, settings.fleet, settings.sandbox
        return VariableOf.FLEET, settings.fleet, None

    @cached_property
    def _positions(self) -> Positions | None:
        try:
            return locate(read_most(self.specs / FILE_NAME, MAX_BYTES + 1), Syntax.YAML)
        except (OSError, Unfit):
            return None  # it was read a moment ago: whatever reads it next says why it cannot be


@dataclass(frozen=True)
class FileOrigins:
    """The layers of one spec file for each target."""

    tree: SpecTree
    path: str
    is_artifact: bool
    readings: Readings
    variables: SettingsVariables
    _layers: dict[str, tuple[Layer, ...]] = field(default_factory=dict)

    def origins(self, target: str, place: Segments) -> tuple[Origin, ...]:
        """Which layers decide what is at this place of the target's body. Empty if none does, or if the file cannot be read again."""
        if target not in self._layers:
            self._layers[target] = self._of(target)
        return tuple(self._origin(target, one) for one in contributions(self._layers[target], place))

    def line(self, path: Segments) -> int | None:
        """The line of this place in the file; None if the file does not have it."""
        found = self._positions.exactly(path) if self._positions else None
        return found[0] if found else None

    def _of(self, target: str) -> tuple[Layer, ...]:
        try:
            _, reading = self.readings.of(self.tree, self.path, is_json=self.is_artifact)
        except Unreadable:
            return ()
        return layers_of(reading.value, Layers.in_settings(self.variables.settings, target), is_artifact=self.is_artifact)

    @cached_property
    def _positions(self) -> Positions | None:
        try:
            data, _ = self.readings.of(self.tree, self.path, is_json=self.is_artifact)
        except Unreadable:
            return None
        return locate(data, Syntax.JSON if self.is_artifact else Syntax.YAML)

    def _origin(self, target: str, found: Contribution) -> Origin:
        variables = tuple(self.variables.origin(target, name) for name in found.variables)
        name = found.layer.name
        return Origin(self._kind(name), name, self.line(found.path), variables)

    def _kind(self, name: str | None) -> LayerKind:
        settings = self.variables.settings
        if name is None:
            return LayerKind.SPEC
        if name in settings.groups:
            return LayerKind.GROUP
        return LayerKind.FLEET if name in settings.fleets else LayerKind.TARGET
