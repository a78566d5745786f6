"""A client on the fake GitLab, with a clock of its own, for the tests of this room."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest

from reconciler.gitlab.api import GitLab, connect_gitlab
from tests.flowservice.simulated import SimulatedClock
from tests.gitlab.fake_api import PROJECT, TOKEN, FakeGitLab


@dataclass
class World:
    """The fake, and the client that looks at it."""

    fake: FakeGitLab
    url: str
    client: GitLab
    clock: SimulatedClock


@pytest.fixture
def world() -> Iterator[World]:
    fake, clock = FakeGitLab(), SimulatedClock()
    with (
        fake.serving() as url,
        closing(connect_gitlab(url, PROJECT, TOKEN, clock=clock, rng=random.Random(1))) as client,  # noqa: S311 - a seed
    ):
        yield World(fake, url, client, clock)
