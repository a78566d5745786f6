"""The emulator in a process of its own: `python -m tests.bench.serve DB` prints its address and serves until SIGTERM."""

from __future__ import annotations

import sys
from pathlib import Path

from reconciler.emulator import build
from reconciler.emulator.http.server import serve


def main(db: Path) -> None:
    """Serve this database on a free port of the loopback."""
    with build(db) as emulator:
        serve("127.0.0.1", 0, emulator.app, _say_where)


def _say_where(port: int) -> None:
    sys.stdout.write(f"http://127.0.0.1:{port}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
