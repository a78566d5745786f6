"""Targets of one run that share a client: one token, one pause, and one limit for calls at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from reconciler.desired.specs import DesiredSet
from reconciler.documents.kinds import Kind
from reconciler.errors import ServiceError
from reconciler.flowservice.client import SpecReader
from reconciler.flowservice.connecting import connect
from reconciler.flowservice.sharing import SharedClients
from reconciler.observing.live import observe
from reconciler.secret import Secret
from reconciler.settings.values import Credentials, Network, OAuthCredentials, Target, TokenCredentials
from tests.flowservice.simulated import SimulatedClock, seeded, target

CREDENTIALS = OAuthCredentials("client-1", Secret("s3cr3t-of-the-client"))
EMPTY = {"items": [], "totalCount": 0}


class Service(httpx.BaseTransport):
    """Answers every list, and counts tokens and calls at once. The first `meeting` calls wait for each other."""

    def __init__(self, meeting: int = 1, busy: int = 0) -> None:
        self.lock, self.tokens, self.now, self.most, self.closed = threading.Lock(), 0, 0, 0, 0
        self.barrier = threading.Barrier(meeting)
        self.busy, self.sandboxes, self.sent = busy, list[str](), set[tuple[str, str]]()
        self.threads = set[int]()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            secret = parse_qs(request.content.decode())["client_secret"][0]
            with self.lock:
                self.tokens += 1
            return httpx.Response(200, json={"access_token": f"t0ken-for-{secret[-1]}", "expires_in": 3600})
        with self.lock:
            self.now += 1
            self.threads.add(threading.get_ident())
            self.most = max(self.most, self.now)
            self.sandboxes.append(request.headers["x-sandbox-name"])
            self.sent.add((request.headers["x-sandbox-name"], request.headers["authorization"]))
            is_busy, self.busy = self.busy > 0, max(self.busy - 1, 0)
        self.barrier.wait(10)
        with self.lock:
            self.now -= 1
        return httpx.Response(429, headers={"retry-after": "7"}) if is_busy else httpx.Response(200, json=EMPTY)

    def close(self) -> None:
        self.closed += 1


def readers(shared: SharedClients, clock: SimulatedClock, *targets: Target, at_once: int = 4) -> list[SpecReader]:
    return [reader(shared, clock, one, CREDENTIALS, at_once) for one in targets]


def reader(shared: SharedClients, clock: SimulatedClock, one: Target, credentials: Credentials, at_once: int = 4) -> SpecReader:
    return connect(SpecReader, one, credentials, Network(concurrency=at_once), clock=clock, rng=seeded(), wire=shared)


def sandboxes(number: int) -> list[Target]:
    return [target(name=f"s{index}", sandbox=f"s{index}") for index in range(number)]


def list_all(found: list[SpecReader]) -> None:
    with ThreadPoolExecutor(len(found)) as pool:
        list(pool.map(lambda reader: reader.list_specs(Kind.CONNECTION_SPEC), found))


def test_sandboxes_of_one_client_need_one_token() -> None:
    service = Service()
    with SharedClients(SimulatedClock(), service) as shared:
        list_all(readers(shared, SimulatedClock(), *sandboxes(8)))
    assert (service.tokens, sorted(set(service.sandboxes))) == (1, [f"s{index}" for index in range(8)])


def test_calls_at_once_are_limited_over_all_sandboxes_of_a_client() -> None:
    service = Service(meeting=2)
    with SharedClients(SimulatedClock(), service) as shared:
        list_all(readers(shared, SimulatedClock(), *sandboxes(8), at_once=2))
    assert service.most == 2


def test_a_pause_for_one_sandbox_holds_for_all_of_the_client() -> None:
    service, clock = Service(busy=1), SimulatedClock()
    with SharedClients(clock, service) as shared:
        first, second = readers(shared, clock, *sandboxes(2))
        first.list_specs(Kind.CONNECTION_SPEC)
        paused = clock.monotonic()
        second.list_specs(Kind.CONNECTION_SPEC)
    assert paused >= 7
    assert service.sandboxes == ["s0", "s0", "s1"]


@pytest.mark.parametrize(
    "other", [{"org_id": "2@AdobeOrg"}, {"base_url": "https://platform-stage.adobe.io/data/foundation/flowservice"}]
)
def test_another_organization_or_host_has_a_token_of_its_own(other: dict[str, Any]) -> None:
    service = Service()
    one, two = sandboxes(2)
    with SharedClients(SimulatedClock(), service) as shared:
        list_all(readers(shared, SimulatedClock(), one, replace(two, **other)))
    assert service.tokens == 2


OWN_SECRETS = [OAuthCredentials("client-1", Secret(f"s3cr3t-of-the-client-{letter}")) for letter in "ab"]
OWN_TOKENS = [TokenCredentials(Secret(f"t0ken-for-{letter}"), "client-1") for letter in "ab"]


@pytest.mark.parametrize("credentials", [OWN_SECRETS, OWN_TOKENS], ids=["secret", "access token"])
def test_no_target_sends_the_token_of_another_one_with_the_same_client_id(credentials: list[Credentials]) -> None:
    service = Service()
    with SharedClients(SimulatedClock(), service) as shared:
        own = zip(sandboxes(2), credentials, strict=True)
        list_all([reader(shared, SimulatedClock(), one, given) for one, given in own])
    assert service.sent == {("s0", "Bearer t0ken-for-a"), ("s1", "Bearer t0ken-for-b")}


def test_targets_whose_scopes_differ_have_a_token_each() -> None:
    service = Service()
    with SharedClients(SimulatedClock(), service) as shared:
        own = (replace(CREDENTIALS, scopes=scopes) for scopes in (("openid",), ("openid", "AdobeID")))
        list_all([reader(shared, SimulatedClock(), one, given) for one, given in zip(sandboxes(2), own, strict=True)])
    assert service.tokens == 2


@pytest.mark.parametrize("credentials", [OWN_SECRETS, OWN_TOKENS], ids=["secret", "access token"])
def test_a_pause_holds_for_a_client_id_with_any_secret(credentials: list[Credentials]) -> None:
    service, clock = Service(busy=1), SimulatedClock()
    with SharedClients(clock, service) as shared:
        first, second = (reader(shared, clock, one, given) for one, given in zip(sandboxes(2), credentials, strict=True))
        first.list_specs(Kind.CONNECTION_SPEC)
        paused = clock.monotonic()
        second.list_specs(Kind.CONNECTION_SPEC)
        assert shared.pace(sandboxes(1)[0], CREDENTIALS, 4).pause.left(0) == paused
    assert paused >= 7


def test_a_session_that_ends_closes_nothing_that_others_use() -> None:
    service = Service()
    with SharedClients(SimulatedClock(), service) as shared:
        first, second = readers(shared, SimulatedClock(), *sandboxes(2))
        first.close()
        second.list_specs(Kind.CONNECTION_SPEC)
        assert service.closed == 0
    assert service.closed == 1
    with pytest.raises((RuntimeError, ServiceError)):
        second.list_specs(Kind.CONNECTION_SPEC)


def test_the_sessions_of_a_client_share_its_calls_at_once() -> None:
    with SharedClients(SimulatedClock(), Service()) as shared:
        first, second, third = readers(shared, SimulatedClock(), *sandboxes(3))
        assert [one.calls_at_once(4) for one in (first, second, third)] == [1, 1, 1]
        second.close()
        second.close()
        assert (first.calls_at_once(4), first.calls_at_once(1)) == (2, 1)
        third.close()
        assert (first.calls_at_once(4), first.calls_at_once(2)) == (4, 2)


def test_the_sessions_of_another_client_take_no_calls_away() -> None:
    one, two = sandboxes(2)
    with SharedClients(SimulatedClock(), Service()) as shared:
        found = readers(shared, SimulatedClock(), one, replace(two, org_id="2@AdobeOrg"))
        assert [reader.calls_at_once(4) for reader in found] == [4, 4]


def test_a_target_beside_others_reads_one_list_after_the_other() -> None:
    service = Service()
    with SharedClients(SimulatedClock(), service) as shared:
        first, *_others = readers(shared, SimulatedClock(), *sandboxes(4))
        observe(first, DesiredSet((), ()), 4)
    assert (service.most, service.threads) == (1, {threading.get_ident()})


def test_lists_that_are_begun_early_beside_other_targets_come_from_one_thread() -> None:
    service = Service()
    with SharedClients(SimulatedClock(), service) as shared:
        first, *_others = readers(shared, SimulatedClock(), *sandboxes(4))
        first.begin_lists(4)
        observe(first, DesiredSet((), ()), 4)
    assert len(service.threads) == 1
    assert threading.get_ident() not in service.threads


def test_a_target_alone_reads_both_lists_at_once() -> None:
    service = Service(meeting=2)
    with SharedClients(SimulatedClock(), service) as shared:
        observe(reader(shared, SimulatedClock(), target(), CREDENTIALS), DesiredSet((), ()), 4)
    assert service.most == 2
