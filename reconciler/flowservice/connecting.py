"""A client for a target, put together: connections, credentials, retries."""

from __future__ import annotations

import random

from reconciler.flowservice.client import SpecReader, SpecWriter
from reconciler.flowservice.clock import Clock, Stop
from reconciler.flowservice.transport import Wire
from reconciler.settings import Credentials, Network, Target


def connect_reader(
    target: Target,
    credentials: Credentials,
    network: Network,
    *,
    clock: Clock,
    rng: random.Random,
    wire: Wire | None = None,
    stop: Stop | None = None,
) -> SpecReader:
    """A client that cannot write. Nothing is sent before its first call."""
    raise NotImplementedError


def connect_writer(
    target: Target,
    credentials: Credentials,
    network: Network,
    *,
    clock: Clock,
    rng: random.Random,
    wire: Wire | None = None,
    stop: Stop | None = None,
) -> SpecWriter:
    """A client that reads and writes. Nothing is sent before its first call."""
    raise NotImplementedError
