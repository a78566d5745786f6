"""A Flow Service emulator: an ASGI application on SQLite with the service's checks and quirks, and faults on demand.

`build` creates one, for a server (`reconciler.emulator.http.server`) or for an httpx client in the same process. Additional dependencies
come with the extra `emulator` and are imported only on use.
"""

from reconciler.emulator.box import Emulator, build
from reconciler.emulator.store import Store
from reconciler.emulator.switches.behaviour import Behaviour, behaviour_from
from reconciler.emulator.switches.faults import Fault, load_faults

__all__ = ["Behaviour", "Emulator", "Fault", "Store", "behaviour_from", "build", "load_faults"]
