"""One clean-up of the simulated platform, and what it came to."""

from __future__ import annotations

from reconciler.dataflows.resources import ResourceType
from reconciler.http.clock import Stop
from reconciler.proving.cleaning import Cleaned, clean
from reconciler.proving.journal.reading import MadeResource
from reconciler.proving.leftovers import Owner
from reconciler.proving.naming import name_of
from tests.proving.platform import KEY, REPOSITORY, RUN, Notes, Platform

TWO_HOURS = 7_200.0


def cleaned(
    platform: Platform,
    runs: str = RUN,
    *,
    known: tuple[MadeResource, ...] = (),
    key: str | None = KEY,
    stop: Stop | None = None,
    notes: Notes | None = None,
    older_than: float = TWO_HOURS,
) -> Cleaned:
    notes = notes or Notes()
    return clean(
        platform.cleaner(stop),
        Owner(REPOSITORY, "dev", key),
        runs,
        older_than,
        known=known,
        clock=platform.clock,
        stop=stop,
        progress=notes,
        journal=notes,
    )


def known(kind: ResourceType, resource_id: str | None, at: float = 0.0, run: str = RUN) -> MadeResource:
    return MadeResource(kind, kind, name_of(KEY, run, kind.lower()), resource_id, resource_id, at)


def outcomes(result: Cleaned) -> dict[str, str]:
    return {one.id: one.outcome for one in result.gone}
