"""What the targets of one run share."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from reconciler.cache.store import Cache
from reconciler.desired.readings import Readings
from reconciler.flowservice.sharing import SharedClients
from reconciler.sessions.gatekeeping import SharedUpstreams
from reconciler.settings.targets import Settings


@dataclass(frozen=True, slots=True)
class Shared:
    """What the targets of one run share: the settings, the files as parsed, and the clients."""

    settings: Settings
    clients: SharedClients
    readings: Readings = field(default_factory=Readings)
    cache: Cache | None = None
    """What earlier runs read of the files."""
    upstreams: SharedUpstreams | None = None
    """The upstream targets as the run plans them, or as a wave that is written finds them; None if each target looks at its own."""

    def without_cache(self) -> Shared:
        """The same, without any file from the cache."""
        return self if self.cache is None else replace(self, cache=None, readings=self.readings.parsed_in_this_run())
