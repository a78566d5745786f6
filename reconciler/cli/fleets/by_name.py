"""The targets of a plan that `apply` leaves out, since it writes to them only by name."""

from __future__ import annotations

from reconciler.errors import UsageError
from reconciler.planning.fleet import FleetRead, fleet_digest
from reconciler.settings.choosing import choose
from reconciler.settings.selection import Selection


def by_name_in(read: FleetRead, selection: Selection) -> tuple[str, ...]:
    """The targets of a plan that `apply` with the same selection leaves out, since it writes to them only by name."""
    try:
        chosen = choose(read.settings, selection, writes=True).names
    except UsageError:  # it leaves out all of them
        chosen = ()
    return tuple(one.name for one in read.plans if one.name not in chosen)


def digest_for_apply(read: FleetRead, selection: Selection) -> str | None:
    """A line with the digest that `apply` requires, if targets that it leaves out have something to do; else None."""
    by_name = by_name_in(read, selection)
    to_do = [one.name for one in read.plans if one.name in by_name and one.plan is not None and one.plan.actions]
    if not to_do:
        return None
    digest = fleet_digest(one for one in read.plans if one.name not in by_name)
    return (
        f"apply leaves out {', '.join(to_do)} (`by_name` is set): without {'it' if len(to_do) == 1 else 'them'} digest {digest}"
    )
