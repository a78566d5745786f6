"""Flow Service in a box: an ASGI application on SQLite, as strict and as strange as the service, with faults on demand.

`build` puts one together, for a server (`reconciler.emulator.http.server`) or for an httpx client in the same process. What it needs
beyond the package itself comes with the extra `emulator`, and is imported only then.
"""

from reconciler.emulator.box import Emulator, build
from reconciler.emulator.store import Store
from reconciler.emulator.switches.behaviour import Behaviour, behaviour_from
from reconciler.emulator.switches.faults import Fault, load_faults

__all__ = ["Behaviour", "Emulator", "Fault", "Store", "behaviour_from", "build", "load_faults"]
