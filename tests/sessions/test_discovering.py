"""The sandboxes of an organization, compared with those of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from reconciler.emulator import Behaviour, build
from reconciler.http.transport import Wire
from reconciler.sessions.discovering import DiscoveryMeans, discover
from reconciler.settings.credentials import EMULATOR_CLIENT
from reconciler.settings.discovered import Discovered, GoneSandbox
from reconciler.settings.targets import Settings
from reconciler.settings.values import Network, TargetSettings

ORG = "1234567890@AdobeOrg"
CREDENTIALS = {"RECONCILER_CLIENT_ID": EMULATOR_CLIENT, "RECONCILER_CLIENT_SECRET": EMULATOR_CLIENT}


class Never:
    def is_set(self) -> bool:
        return False


def settings_of(*sandboxes: str) -> Settings:
    targets = {name: TargetSettings(name=name, org_id=ORG, sandbox=name) for name in sandboxes}
    return Settings("acme/aep", targets, version=1)


def asked(settings: Settings, wire: Wire, environ: Mapping[str, str] = CREDENTIALS) -> tuple[Discovered, ...]:
    means = DiscoveryMeans(environ, Network(retries=0), Never(), wire)
    return discover(means, settings, [settings.target(name, environ) for name in settings.targets])


class Service:
    """Answers for sandboxes as `pages` say, by the path and the offset that are asked for."""

    def __init__(self, pages: Mapping[tuple[str, str], tuple[int, object]]) -> None:
        self._pages = pages
        self.asked: list[tuple[str, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if "sandbox-management" not in request.url.path:
            return httpx.Response(200, json={"access_token": "a-token", "expires_in": 86_399_000})
        place = (request.url.path.rpartition("sandbox-management")[2], request.url.params["offset"])
        self.asked.append(place)
        status, body = self._pages[place]
        return httpx.Response(status, json=body)

    @property
    def wire(self) -> httpx.MockTransport:
        return httpx.MockTransport(self)


def listed(*names: str, more: bool = False, state: str = "active") -> dict[str, object]:
    links = {"next": {"href": "/sandboxes{?limit,offset}"}} if more else {}
    return {"sandboxes": [{"name": name, "state": state} for name in names], "_links": links}


def test_the_emulator_lists_more_than_one_page(tmp_path: Path) -> None:
    names = tuple(f"s{number}" for number in range(120))
    with build(tmp_path / "db", Behaviour(sandboxes=names)) as emulator:
        (found,) = asked(settings_of("s0", "gone"), emulator.transport())
    assert len(found.new) == 119
    assert found.gone == (GoneSandbox("gone", "gone", certain=True),)
    assert found.not_asked == ()


def test_a_deleted_sandbox_is_gone(tmp_path: Path) -> None:
    behaviour = Behaviour(sandboxes=("dev",), sandbox_details={"dev": {"state": "deleted"}})
    with build(tmp_path / "db", behaviour) as emulator:
        (found,) = asked(settings_of("dev"), emulator.transport())
    assert (found.new, [one.target for one in found.gone]) == ((), ["dev"])


def test_targets_of_one_client_are_asked_about_once() -> None:
    service = Service({("/sandboxes", "0"): (200, listed("a", "b"))})
    (found,) = asked(settings_of("a", "b"), service.wire)
    assert (found.new, found.gone, found.not_asked) == ((), (), ())
    assert service.asked == [("/sandboxes", "0")]


def test_a_client_that_may_not_list_all_sandboxes_lists_those_it_may_use() -> None:
    service = Service({("/sandboxes", "0"): (403, {"error_code": "1100"}), ("/", "0"): (200, listed("a", "new"))})
    (found,) = asked(settings_of("a", "b"), service.wire)
    assert [one.name for one in found.new] == ["new"]
    assert found.gone == (GoneSandbox("b", "b", certain=False),)


@pytest.mark.parametrize("second", [(200, listed("a", more=True)), (200, listed(more=True))], ids=["repeated", "empty"])
def test_nothing_is_gone_by_a_list_without_an_end(second: tuple[int, object]) -> None:
    service = Service({("/sandboxes", "0"): (200, listed("a", more=True)), ("/sandboxes", "1"): second})
    (found,) = asked(settings_of("b"), service.wire)
    assert ([one.name for one in found.new], found.gone) == (["a"], ())
    assert [one.why for one in found.not_asked] == ["the list of sandboxes is incomplete"]


def test_nothing_is_gone_by_a_list_with_an_element_that_has_no_name() -> None:
    service = Service({("/sandboxes", "0"): (200, {"sandboxes": [{"name": "a"}, {"id": 7}, None]})})
    (found,) = asked(settings_of("b"), service.wire)
    assert ([one.name for one in found.new], found.gone, len(found.not_asked)) == (["a"], (), 1)


@pytest.mark.parametrize("body", [[], {"sandboxes": {}}, {}, "x"], ids=str)
def test_an_answer_that_is_no_list_is_the_reason(body: object) -> None:
    service = Service({("/sandboxes", "0"): (200, body), ("/", "0"): (200, body)})
    (found,) = asked(settings_of("a"), service.wire)
    assert [one.why for one in found.not_asked] == ["the list of sandboxes has an unexpected form"]


def test_a_refusal_is_the_reason() -> None:
    refused = (403, {"error_code": "1100", "message": "no"})
    (found,) = asked(settings_of("a"), Service({("/sandboxes", "0"): refused, ("/", "0"): refused}).wire)
    ((targets, why),) = [(one.targets, one.why) for one in found.not_asked]
    assert (targets, found.new, found.gone) == (("a",), (), ())
    assert "403" in why
