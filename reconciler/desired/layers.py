"""The overlays that apply to a target, and where a spec belongs."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.documents.json_text import Document, Json
from reconciler.documents.merge import overlay
from reconciler.documents.pointer import Segments
from reconciler.documents.variables import may_hold_variables, with_values
from reconciler.errors import MOST_TARGETS
from reconciler.sdk.patterns import VARIABLE_NAME
from reconciler.settings.targets import Settings
from reconciler.wording.guesses import did_you_mean_one_of


@dataclass(frozen=True, slots=True)
class Layers:
    """The names that stand for one target in spec files.

    `order` are its groups, its fleet and itself, general ones first: the order of overlays. `names` are all names that a file may use in
    `overlays` and `only`; if empty, names are not checked.
    """

    order: tuple[str, ...]
    names: Collection[str] = ()
    variables: Mapping[str, Json] = field(default_factory=dict, hash=False)
    """The values of its variables."""
    others: Mapping[str, Layers] = field(default_factory=dict, hash=False)
    """Those of all targets of the settings, for the message about a variable that some of them lack."""

    @classmethod
    def in_settings(cls, settings: Settings, target: str) -> Layers:
        """Those of a target of the settings."""
        return next(cls.of_several(settings, (target,)))[1]

    @classmethod
    def of_several(cls, settings: Settings, targets: Iterable[str]) -> Iterator[tuple[str, Layers]]:
        """Each of these targets of the settings, with its layers."""
        others = {name: cls(settings.layers(name), (), one.vars) for name, one in settings.targets.items()}
        names = settings.overlay_names
        for target in targets:
            own = others[target].variables if target in others else {}
            yield target, cls(settings.layers(target), names, own, others)

    @classmethod
    def of_target(cls, name: str, targets: Collection[str] = ()) -> Layers:
        """A target without groups or fleet."""
        return cls((name,), targets)

    def includes(self, only: Collection[str]) -> bool:
        """Whether a spec with this `only` belongs to the target."""
        return not only or not frozenset(only).isdisjoint(self.order)

    def lacking(self, name: str, only: Collection[str], overlay_of: str | None = None) -> tuple[str, ...]:
        """The targets without this variable among those where a spec with this `only` belongs; the target itself if no other is known.

        With `overlay_of`, only those count to which the overlay of this name applies.
        """
        found = tuple(
            other
            for other, layers in self.others.items()
            if layers.includes(only) and name not in layers.variables and (overlay_of is None or overlay_of in layers.order)
        )
        return found or (self.order[-1],)

    def undefined(self, name: str, only: Collection[str], overlay_of: str | None = None) -> tuple[str, str]:
        """The message about a variable that targets lack, which lists them as in `lacking`, and the hint."""
        without = self.lacking(name, only, overlay_of)
        message = f"variable {name[:80]!r} is not defined for {_listed(without)}"
        near = did_you_mean_one_of(name[:80], self.shared(without))
        if near is None and not re.fullmatch(VARIABLE_NAME, name):
            return message, "a name has up to 64 letters, digits and '_', a letter first"
        return message, near or f"write vars: {{{name}: …}} for each of them in reconciler.yaml"

    def shared(self, targets: Collection[str]) -> frozenset[str]:
        """The variables that each of these targets has."""
        known = [self.others[name].variables if name in self.others else self.variables for name in targets]
        return frozenset(known[0]).intersection(*known[1:]) if known else frozenset()

    def applied(
        self, body: Document, overlays: Mapping[str, Document], missing: Callable[[Segments, str], None] = lambda _, __: None
    ) -> Document:
        """The body with each overlay of the target, in order, and the values of its variables.

        `missing` gets the path in the file and the name of each variable that the target lacks.
        """
        result = self._valued(body, ("spec",), missing)
        for name in self.order:
            if overlays.get(name):
                result = overlay(result, self._valued(overlays[name], ("overlays", name), missing))
        return result

    def _valued(self, body: Document, place: Segments, missing: Callable[[Segments, str], None]) -> Document:
        if not may_hold_variables(body):
            return body
        return with_values(body, self.variables, lambda path, name: missing((*place, *path), name))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:MOST_TARGETS])
    more = f" and {len(names) - MOST_TARGETS} more" if len(names) > MOST_TARGETS else ""
    return f"{'target' if len(names) == 1 else 'targets'} {shown}{more}"
