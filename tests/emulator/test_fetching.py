"""Whom the emulated service calls for previews and runs."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from reconciler.emulator import build
from reconciler.emulator.dataplane.fetching import Fetching
from reconciler.emulator.http.server import serving
from reconciler.errors import SettingsError
from reconciler.providers.stub import Stub
from reconciler.sources.messages import Answer, NoAnswer, Request
from tests.emulator.world import Clock
from tests.providers.reading import an_api, example

MEMBERS = "/3.0/lists/9/members?count=2&offset=0"
BASIC = (("authorization", "Basic dTpw"),)
HERE = Answer(200, {}, b"{}")


def fetching(*stubs: Stub, reach: tuple[str, ...] = ()) -> Fetching:
    return Fetching(lambda: stubs, reach, network=lambda _request: HERE)


def test_a_provider_whose_path_fits_answers_for_any_host() -> None:
    answer = fetching(example("offset"))(Request("GET", f"https://us6.api.mailchimp.com{MEMBERS}", BASIC))
    assert isinstance(answer, Answer)
    assert len(json.loads(answer.content)["members"]) == 2


@pytest.mark.parametrize(("delay", "answered"), [(99, True), (100, False)])
def test_a_provider_that_is_too_slow_does_not_answer(delay: int, answered: bool) -> None:
    answer = fetching(an_api({"style": "none"}, faults=[{"request": 1, "delay": delay}]))(Request("GET", "https://a.com/items"))
    assert isinstance(answer, Answer) == answered
    if isinstance(answer, NoAnswer):
        assert answer.reason == "A connection attempt failed: no answer within 100 seconds"


def test_an_encoded_path_is_that_of_the_provider() -> None:
    answer = fetching(example("offset"))(Request("GET", "https://us6.api.mailchimp.com/3.0/lists/%39/members", BASIC))
    assert isinstance(answer, Answer)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.8.8.8", "[::1]", "localhost:8080"])
def test_this_machine_is_called(host: str) -> None:
    assert fetching()(Request("GET", f"http://{host}/records")) is HERE


@pytest.mark.parametrize(
    "host",
    ["api.example.com", "10.0.0.1", "169.254.169.254", "0.0.0.0", "localhost.example.com", "127.0.0.1.example.com", "2130706433"],  # noqa: S104
)
def test_no_other_host_is_called(host: str) -> None:
    answer = fetching()(Request("GET", f"https://{host}/records?key=hush"))
    assert isinstance(answer, NoAnswer)
    assert answer.code == "host-refused"
    assert answer.reason == f"A connection attempt failed: the emulator calls no other host, and {host} is one"
    assert answer.hint == f"serve a provider with this path, or allow the host: reconciler emulator --reach {host}"


def test_no_credential_in_an_address_is_repeated() -> None:
    answer = fetching()(Request("GET", "https://u:hush@api.example.com/records"))
    assert isinstance(answer, NoAnswer)
    assert "hush" not in answer.reason + str(answer.hint)


@pytest.mark.parametrize(
    ("reach", "host", "called"),
    [
        ("api.example.com", "api.example.com", True),
        ("API.example.com", "api.example.com", True),
        ("api.example.com", "other.api.example.com", False),
        ("*.example.com", "api.example.com", True),
        ("*.example.com", "a.b.example.com", True),
        ("*.example.com", "example.com", False),
        ("*.example.com", "badexample.com", False),
    ],
)
def test_a_host_is_opened_by_name(reach: str, host: str, called: bool) -> None:
    answer = fetching(reach=(reach,))(Request("GET", f"https://{host}/records"))
    assert (answer is HERE) == called


@pytest.mark.parametrize("url", ["file:///etc/passwd", "https://", "http://[", "records", "ftp://localhost/x", "http://[::1/"])
def test_an_address_that_is_not_valid_reaches_nobody(url: str) -> None:
    answer = fetching()(Request("GET", url))
    assert isinstance(answer, NoAnswer)
    assert answer.reason == "A connection attempt failed: the address is not valid"


def test_a_provider_file_that_cannot_be_used_is_the_reason() -> None:
    def broken() -> tuple[Stub, ...]:
        raise SettingsError("cannot use the provider file provider.yaml", hint="write kind: Provider")

    answer = Fetching(broken)(Request("GET", "https://api.example.com/records"))
    assert isinstance(answer, NoAnswer)
    assert "a provider file cannot be used: cannot use the provider file provider.yaml" in answer.reason
    assert answer.hint == "write kind: Provider"


class _Api(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "https://api.example.com/records")
            self.end_headers()
            return
        body = json.dumps({"said": dict(self.headers.items()), "path": self.path}).encode()
        self.send_response(200)
        self.send_header("X-Total", "3")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        return


@contextmanager
def an_api_here() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Api) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_an_api_on_this_machine_is_called_over_http() -> None:
    with an_api_here() as address:
        answer = Fetching(lambda: ())(Request("GET", f"{address}/records?a=1&a=2", (("X-Key", "k"),)))
    assert isinstance(answer, Answer)
    assert (answer.status, answer.headers["x-total"]) == (200, "3")
    said = json.loads(answer.content)
    assert (said["path"], said["said"]["X-Key"]) == ("/records?a=1&a=2", "k")


def test_a_redirect_is_not_followed() -> None:
    with an_api_here() as address:
        answer = Fetching(lambda: ())(Request("GET", f"{address}/moved"))
    assert isinstance(answer, Answer)
    assert answer.status == 302


@pytest.mark.parametrize("header", [("x-key", "a\nb"), ("b\r\n", "x")])
def test_a_request_that_cannot_be_sent_has_no_answer(header: tuple[str, str]) -> None:
    with an_api_here() as address:
        answer = Fetching(lambda: ())(Request("GET", f"{address}/records", (header,)))
    assert isinstance(answer, NoAnswer)
    assert answer.reason == "A connection attempt failed: the host did not answer (LocalProtocolError)"


def test_a_port_where_nobody_listens_has_no_answer() -> None:
    with an_api_here() as address:
        pass
    answer = Fetching(lambda: ())(Request("GET", f"{address}/records"))
    assert isinstance(answer, NoAnswer)
    assert answer.reason == "A connection attempt failed: the host did not answer (ConnectError)"


def test_a_served_emulator_reads_its_own_provider() -> None:
    clock = Clock()
    with build(":memory:", providers=(example("offset"),), clock=clock, sleep=clock.sleep) as box, serving(box.app) as address:
        answer = box.service.fetch(Request("GET", f"{address}{MEMBERS}", BASIC))
    assert isinstance(answer, Answer)
    assert answer.status == 200
