"""What the tests of apply share: a source, a target that was applied to, and something that happens at a request."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from reconciler.desired.specs import DesiredSpec
from tests.applying.world import World
from tests.planning.situations import connection, spec_id

FLOW = "RestStorageToAEP"
THEIRS = spec_id(99)


def source(key: str, **body: Any) -> DesiredSpec:
    return connection(key, flow_specs=[FLOW], **({"sourceSpec": {"x": 1}} | body))


def applied(tmp_path: Path, **rest: Any) -> World:
    made = World(tmp_path, [source(key) for key in ("a", "b")], **rest)
    assert made.apply().converged
    made.forget_requests()
    return made


def on(world: World, method: str, path: str, run: Callable[[], None], *, times: int = 1, after: bool = False) -> None:
    """Do something just before (or after) the next requests of this kind."""
    left = [times]

    def hook(request: httpx.Request, *_: httpx.Response) -> None:
        if left[0] and request.method == method and request.url.path.endswith(path):
            left[0] -= 1
            run()

    if after:
        world.tap.after = hook
    else:
        world.tap.before = hook


def lossy_source(key: str, **body: Any) -> DesiredSpec:
    return source(key, sourceSpec={"attributes": {"x": 1}}, **body)
