"""A client on the fake GitHub, with a clock of its own, and what the tests of this room share."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from reconciler.github.api import GitHub, connect_github
from reconciler.github.checks import CheckRuns
from reconciler.github.comments import Keeper
from tests.flowservice.simulated import SimulatedClock
from tests.github.fake_api import DEFAULT_TOKEN, FakeGitHub, a_sha

REPO = "acme/aep-sources"
TIP, HEAD, MERGED = a_sha("tip"), a_sha("head"), a_sha("merged")
RUN = "https://github.example/acme/aep-sources/actions/runs/7"


@dataclass
class World:
    """One repository with a pull request, number 1, whose head is HEAD, and the client that looks at it."""

    fake: FakeGitHub
    url: str
    clients: ExitStack
    clock: SimulatedClock = field(default_factory=SimulatedClock)

    def client(self, token: str = DEFAULT_TOKEN) -> GitHub:
        """A client that is closed with the world."""
        client = connect_github(self.url, REPO, token, clock=self.clock, rng=random.Random(1))  # noqa: S311 - a seed
        self.clients.callback(client.close)
        return client

    @property
    def keeper(self) -> Keeper:
        return Keeper(self.client())

    @property
    def checks(self) -> CheckRuns:
        return CheckRuns(self.client(), RUN)

    def merge(self) -> None:
        self.fake.merge(REPO, 1, MERGED)


@contextmanager
def world() -> Iterator[World]:
    fake = FakeGitHub()
    fake.add_repository(REPO, TIP)
    fake.open_pull_request(REPO, HEAD)
    with fake.serving() as url, ExitStack() as clients:
        yield World(fake, url, clients)
