from __future__ import annotations

import threading
from collections.abc import Callable
from email.utils import formatdate

import httpx
import pytest

from reconciler.documents.kinds import Kind
from reconciler.errors import ServiceError, ServiceUnreachable
from reconciler.flowservice.client import SpecReader
from reconciler.settings.values import Network
from tests.flowservice.simulated import SPEC_ID, Reply, Service, SimulatedClock, answer, client, granted, listed, spec, untrusted


def read(reader: SpecReader) -> int:
    return len(reader.list_specs(Kind.FLOW_SPEC).specs)


PASSING = [
    *(answer(status) for status in (429, 500, 502, 503, 504)),
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("slow"),
    httpx.ReadTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.RemoteProtocolError("server disconnected"),
    httpx.DecodingError("not gzip"),
]


@pytest.mark.parametrize("reply", PASSING)
def test_a_get_is_repeated_after_what_may_pass(reply: Reply) -> None:
    service = Service(reply, reply, listed(spec()))
    assert read(client(service)) == 1
    assert len(service.requests) == 3


@pytest.mark.parametrize("reply", PASSING)
def test_a_get_is_given_up_after_its_retries(reply: Reply) -> None:
    service = Service(reply)
    with pytest.raises(ServiceError, match="given up after 3 tries"):
        read(client(service, network=Network(retries=2)))
    assert len(service.requests) == 3


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 501, 505, 600])
def test_a_get_is_not_repeated_after_what_will_stay(status: int) -> None:
    service = Service(answer(status))
    with pytest.raises(ServiceError, match=f"returned {status}"):
        read(client(service))
    assert len(service.requests) == 1


def test_a_certificate_that_is_not_trusted_is_not_tried_again() -> None:
    service = Service(untrusted())
    with pytest.raises(ServiceUnreachable, match="the certificate is not trusted: self-signed certificate") as caught:
        read(client(service))
    assert caught.value.hint is not None
    assert "SSL_CERT_FILE" in caught.value.hint
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    ("code", "reason", "hint"),
    [
        (20, "unable to get the local issuer certificate", "set SSL_CERT_FILE to your organization's certificates"),
        (77, "error 77 of OpenSSL", "set SSL_CERT_FILE to your organization's certificates"),
        (10, "certificate has expired", "check the clock of this machine; if it is right, the server needs a new certificate"),
        (62, "the certificate is for a different host", "check the host name in the URL, and that no proxy answers in its place"),
    ],
)
def test_the_hint_for_a_certificate_is_one_that_helps(code: int, reason: str, hint: str) -> None:
    with pytest.raises(ServiceUnreachable) as caught:
        read(client(Service(untrusted(code))))
    assert caught.value.message.endswith(f"cannot connect: the certificate is not trusted: {reason}")
    assert caught.value.hint == hint


def test_one_try_is_not_called_several() -> None:
    with pytest.raises(ServiceError, match=r"given up after 1 try$"):
        read(client(Service(answer(500)), network=Network(retries=0)))


def test_backoff_grows_and_is_random_from_nothing_on() -> None:
    clock = SimulatedClock()
    with pytest.raises(ServiceError):
        read(client(Service(answer(500)), clock, Network(retries=8, deadline=1000)))
    longest = [0.5, 1, 2, 4, 8, 10, 10, 10]
    assert len(clock.slept) == len(longest)
    assert all(0 <= slept <= bound for slept, bound in zip(clock.slept, longest, strict=True))
    assert len(set(clock.slept)) == len(longest)


def test_the_deadline_ends_a_call_before_its_retries_do() -> None:
    clock = SimulatedClock()
    began = clock.time
    with pytest.raises(ServiceError, match=r"given up at the deadline, after . tries"):
        read(client(Service(answer(500)), clock, Network(retries=100, deadline=5)))
    assert clock.time - began <= 5


def slow(clock: SimulatedClock, seconds: float, reply: Callable[[], httpx.Response]) -> Reply:
    def handle(request: httpx.Request) -> httpx.Response:
        longest = request.extensions["timeout"]["read"]
        clock.time += min(seconds, longest)
        if longest < seconds:
            raise httpx.ReadTimeout("slow")
        return reply()

    return handle


def test_a_try_gets_no_more_time_than_is_left_of_the_deadline() -> None:
    clock = SimulatedClock()
    began = clock.time
    service = Service(slow(clock, 1_000, listed))
    with pytest.raises(ServiceUnreachable, match="timed out waiting for a response"):
        read(client(service, clock, Network(timeout=30, deadline=40)))
    assert clock.time - began <= 40.001
    assert len(service.requests) == 2


def test_nothing_is_sent_after_the_deadline() -> None:
    clock = SimulatedClock()

    def late(_: httpx.Request) -> httpx.Response:
        clock.time += 40
        return granted("t")

    service = Service(listed(), tokens=[late])
    with pytest.raises(ServiceError, match="GET /flowSpecs was not sent; its deadline has passed"):
        read(client(service, clock, Network(deadline=40)))
    assert not service.requests


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("value", "seconds"), [("7", 7.0), ("1.5", 1.5), ("+7", None), ("-3", None), ("0", None), ("soon", None)]
)
def test_retry_after_in_seconds_is_honoured_and_nonsense_is_not(status: int, value: str, seconds: float | None) -> None:
    clock = SimulatedClock()
    read(client(Service(answer(status, None, retry_after=value), listed()), clock))
    assert len(clock.slept) == 1
    assert clock.slept[0] == seconds if seconds else clock.slept[0] <= 0.5


def test_retry_after_as_a_date_is_honoured() -> None:
    clock = SimulatedClock()
    date = formatdate(clock.now() + 9, usegmt=True)
    read(client(Service(answer(503, None, retry_after=date), listed()), clock))
    assert clock.slept == [9.0]


@pytest.mark.parametrize("skew", [-7_200, 0, 86_400])
def test_retry_after_as_a_date_is_read_against_the_date_of_the_answer(skew: float) -> None:
    clock = SimulatedClock()
    answered, until = (formatdate(clock.now() + skew + seconds, usegmt=True) for seconds in (0, 9))
    read(client(Service(answer(503, None, retry_after=until, date=answered), listed()), clock))
    assert clock.slept == [9.0]


def test_retry_after_is_for_429_and_503_alone() -> None:
    clock = SimulatedClock()
    read(client(Service(answer(500, None, retry_after="7"), listed()), clock))
    assert clock.slept[0] <= 0.5


def test_a_pause_holds_for_all_calls_of_the_client() -> None:
    clock = SimulatedClock()
    service = Service(answer(503, None, retry_after="20"), listed())
    reader = client(service, clock, Network(retries=0))
    with pytest.raises(ServiceError, match="503"):
        read(reader)
    read(reader)
    assert clock.slept == [20.0]


def test_a_pause_that_grows_while_one_sleeps_is_waited_out() -> None:
    clock = SimulatedClock()
    service = Service(answer(429, None, retry_after="5"), listed())
    reader = client(service, clock, Network(retries=0))
    with pytest.raises(ServiceError):
        read(reader)
    sleep = clock.sleep
    longer: list[Reply] = [answer(429, None, retry_after="9")]

    def sleep_while_another_is_told_to_wait(seconds: float) -> None:
        sleep(seconds - 1 if longer else seconds)
        if longer:
            longer.clear()
            clock.time += 0.5

    clock.sleep = sleep_while_another_is_told_to_wait  # type: ignore[method-assign]
    read(reader)
    assert clock.slept == [4.0, 0.5]


def test_a_pause_past_the_deadline_ends_the_call_and_says_so() -> None:
    clock = SimulatedClock()
    service = Service(answer(429, {"message": "slow down"}, retry_after="3600"))
    reader = client(service, clock)
    with pytest.raises(
        ServiceError, match=r"returned 429: slow down.*asked to wait 3600 seconds, past the deadline of 60"
    ) as caught:
        read(reader)
    assert caught.value.status == 429
    assert caught.value.hint == "run again in 3600 seconds, or raise network.deadline"
    with pytest.raises(ServiceUnreachable, match=r"PUT .* was not sent; the service asked to wait 3600 seconds"):
        client_put(reader)
    assert clock.slept == []
    assert len(service.requests) == 1


def client_put(reader: SpecReader) -> None:
    reader.replace_spec(Kind.FLOW_SPEC, SPEC_ID, {}, None)  # type: ignore[attr-defined]


def test_a_stop_ends_the_wait_for_another_try() -> None:
    stop = threading.Event()
    clock = SimulatedClock()

    def stopped_meanwhile(_: httpx.Request) -> httpx.Response:
        stop.set()
        return answer(500, {"message": "trouble"})

    service = Service(stopped_meanwhile)
    with pytest.raises(ServiceError, match=r"trouble.*a stop was requested"):
        read(client(service, clock, stop=stop))
    assert len(service.requests) == 1


def test_a_stop_does_not_keep_what_is_in_flight_from_being_finished() -> None:
    stop = threading.Event()
    stop.set()
    assert read(client(Service(listed(spec())), stop=stop)) == 1


def test_a_stop_ends_the_wait_for_a_pause() -> None:
    stop = threading.Event()
    service = Service(answer(503, None, retry_after="20"), listed())
    reader = client(service, network=Network(retries=0), stop=stop)
    with pytest.raises(ServiceError):
        read(reader)
    stop.set()
    with pytest.raises(ServiceUnreachable, match="GET /flowSpecs was not sent; not retried because a stop was requested"):
        read(reader)


def test_many_threads_may_call_at_once() -> None:
    service = Service(listed(spec()))
    reader = client(service)
    threads = [threading.Thread(target=read, args=(reader,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(service.requests), len(service.token_requests), len(reader.requests)) == (8, 1, 9)
