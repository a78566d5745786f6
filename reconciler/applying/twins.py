"""Detects duplicates: checks each name just before its POST, and the whole list after the last one.

The API does not prevent two runs that start at the same time from creating the same spec: each looks, sees nothing, and posts. The
best option is to look as late as possible before a create, and to detect duplicates afterwards, in both runs, before anything is
attached.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from reconciler.applying.outcome import Failure, OutcomeName, Result
from reconciler.documents.kinds import Kind
from reconciler.documents.names import name_claim
from reconciler.errors import ServiceError
from reconciler.flowservice.client import SpecReader
from reconciler.flowservice.paths import COLLECTIONS
from reconciler.flowservice.specs import Listing, LiveSpec
from reconciler.http.clock import Clock
from reconciler.planning.comparing.identity import describe
from reconciler.planning.comparing.ownership import Owner
from reconciler.planning.plan import Action

Made: TypeAlias = tuple[Action, Result]
"""A create, and its result."""

_LOOKS: Final = 8
"""How often a list that does not show a create yet is read."""

_FRESH: Final = 5.0
"""Seconds for which a reading of the whole list can replace a lookup by name."""


@dataclass(slots=True)
class LastLook:
    """The last reading of a whole list, valid for the one create right after it.

    `at` is when (monotonic) that reading began, `specs` are the specs in it that the plan has not seen.
    """

    at: float | None = None
    specs: tuple[LiveSpec, ...] = ()

    def saw(self, specs: tuple[LiveSpec, ...], reader: SpecReader, began: float) -> None:
        """Store a reading, if listing the connection specs was the last request."""
        last = reader.requests[-1] if reader.requests else None
        is_last = last is not None and last.method == "GET" and last.path == COLLECTIONS[Kind.CONNECTION_SPEC]
        self.at, self.specs = (began if is_last else None), specs

    def namesakes(self, action: Action, now: float) -> tuple[LiveSpec, ...] | None:
        """The connection specs with that name in the reading; None if it is too old, or was used already."""
        at, self.at = self.at, None
        if at is None or now - at > _FRESH or action.kind is not Kind.CONNECTION_SPEC:
            return None
        return _of_that_name(action, self.specs)


def namesakes_now(reader: SpecReader, action: Action) -> tuple[LiveSpec, ...]:
    """The live specs with the name and provider of the create. Raises ServiceError."""
    return _of_that_name(action, reader.named_specs(action.kind, action.desired.name)) if action.desired else ()


def _of_that_name(action: Action, specs: Iterable[LiveSpec]) -> tuple[LiveSpec, ...]:
    return tuple(spec for spec in specs if action.desired and name_claim(spec) == name_claim(action.desired))


def taken(action: Action, found: Iterable[LiveSpec]) -> Failure:
    """The failure if a create is not sent: another spec with that name appeared after the plan was made."""
    listed = "; ".join(describe(spec) for spec in found)
    return Failure(
        "namesake",
        f"{action.kind.words} {action.name!r} was not created: a live spec with that name appeared after the plan was made: {listed}",
        "run plan again: it recognizes a spec of this repository by its marker; any other spec you can adopt or pin, or use another name",
    )


TWINS = "twins"
UNCHECKED = "twins-unchecked"


@dataclass(frozen=True, slots=True)
class Lookout:
    """Checks the lists after creates, for specs that another run created."""

    reader: SpecReader
    clock: Clock
    owner: Owner

    def glance(self, made: Sequence[Made], last_look: LastLook) -> dict[str, Result]:
        """The results of creates that have a duplicate in the current list, by id. Ignores a list that cannot be read."""
        judged: dict[str, Result] = {}
        for kind in sorted({action.kind for action, _ in made}):
            with contextlib.suppress(ServiceError):
                began = self.clock.monotonic()
                listing = self.reader.list_specs(kind)
                judged |= self._with_twins(made, listing)
                if listing.complete:
                    last_look.saw(listing.specs, self.reader, began)
        return judged

    def watch(self, made: Sequence[Made], patience: float) -> dict[str, Result]:
        """The results of creates that have a duplicate, or may have one, by id.

        A list counts once it shows all our creates; it is read again for `patience` seconds.
        """
        judged: dict[str, Result] = {}
        for kind in sorted({action.kind for action, _ in made}):
            judged |= self._watch([pair for pair in made if pair[0].kind is kind], kind, self.clock.monotonic() + patience)
        return judged

    def _watch(self, made: list[Made], kind: Kind, until: float) -> dict[str, Result]:
        judged: dict[str, Result] = {}
        pause = max((until - self.clock.monotonic()) / _LOOKS, 0.1)
        while True:
            try:
                listing = self.reader.list_specs(kind)
            except ServiceError as error:
                return judged | _unchecked(made, f"cannot read the list: {error.message}")
            judged |= self._with_twins(made, listing)
            shown = {spec.id.casefold() for spec in listing.specs}
            left = [pair for pair in made if not listing.complete or (pair[1].id or "").casefold() not in shown]
            if not left or self.clock.monotonic() >= until:
                return (
                    _unchecked(left, "the list does not show it yet" if listing.complete else "the list is incomplete") | judged
                )
            self.clock.sleep(pause)

    def _with_twins(self, made: Sequence[Made], listing: Listing) -> dict[str, Result]:
        found: dict[str, Result] = {}
        for action, result in made:
            twins = [spec for spec in listing.specs if not _is(result, spec) and self._is_twin(action, spec)]
            if twins and result.id is not None:
                ours = next((spec for spec in listing.specs if _is(result, spec)), None)
                found[result.id] = replace(result, outcome=OutcomeName.NOT_CONVERGED, error=_twins(action, result, ours, twins))
        return found

    def _is_twin(self, action: Action, spec: LiveSpec) -> bool:
        has_its_name = action.desired is not None and name_claim(spec) == name_claim(action.desired)
        return spec.kind is action.kind and (has_its_name or self.owner.has_marked(spec, action.key))


def _is(result: Result, spec: LiveSpec) -> bool:
    """Whether this is the spec of that result. Ids are UUIDs, so case does not matter."""
    return result.id is not None and spec.id.casefold() == result.id.casefold()


def _twins(action: Action, result: Result, ours: LiveSpec | None, twins: list[LiveSpec]) -> Failure:
    """The failure for duplicates. Both runs report the same: keep the older spec; nothing else is attached."""
    everyone = sorted([*twins, *([ours] if ours else [])], key=lambda spec: (spec.created_at or 0, spec.id))
    keep = everyone[0] if ours else None
    listed = (
        "; ".join(describe(spec) for spec in everyone) if ours else "; ".join(["ours " + str(result.id), *map(describe, twins)])
    )
    is_ours = keep is not None and _is(result, keep)
    attached = "ours is the oldest" if is_ours else "ours is not attached"
    pin = f"`ids: {{<target>: {keep.id}}}`" if keep else "`ids: {<target>: <id>}`"
    return Failure(
        TWINS,
        f"{len(twins) + 1} live specs were created for {action.key!r} at the same time: {listed}; {attached}",
        f"keep the oldest: pin it with {pin} in {action.file or 'its file'}; the duplicate cannot be deleted, but if it belongs to this "
        "repository, you can retire it by id with `retired:` in reconciler.yaml",
        is_older=is_ours,
    )


def _unchecked(made: Iterable[Made], reason: str) -> dict[str, Result]:
    """Successful creates for which it is unknown whether another run created the same spec."""
    judged: dict[str, Result] = {}
    hint = "run plan again in a minute: it reports duplicates as an error; raise network.consistency_window if lists often lag"
    for _, result in made:
        if result.id is not None and result.outcome is OutcomeName.CREATED:
            message = f"{result.id} was created; unknown whether another run also created {result.key!r}: {reason}"
            judged[result.id] = replace(result, outcome=OutcomeName.NOT_CONVERGED, error=Failure(UNCHECKED, message, hint))
    return judged
