from __future__ import annotations

import io
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli.emulating import Served, announcement, behaviour_with, stubs_of, target_for
from reconciler.emulator import Behaviour, Emulator, build
from reconciler.errors import UsageError
from reconciler.settings.loading import load_settings
from reconciler.settings.targets import Settings
from tests.cli.fakes import CommandLine


class StopsOnceTold(io.StringIO):
    """Standard output that sends this process a signal as soon as the emulator has said where it is."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def write(self, text: str) -> int:
        os.kill(os.getpid(), self._number)
        return super().write(text)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_it_serves_until_a_signal_and_says_what_to_set(
    reconciler: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int, code: int
) -> None:
    told = StopsOnceTold(number)
    monkeypatch.setattr(sys, "stdout", told)
    faults = tmp_path / "faults.yaml"
    faults.write_text("behaviour: {etags: true}\n")
    ran = reconciler("emulator", "--port", "0", "--db", str(tmp_path / "e.db"), "--faults", str(faults), "--set", "pages=2")
    assert ran.code == code
    assert "export RECONCILER_STAGE_BASE_URL=http://127.0.0.1:" in told.getvalue()


def test_the_clock_can_be_fast_and_hosts_can_be_opened(reconciler: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    built: dict[str, Any] = {}

    def watched(*args: Any, **kwargs: Any) -> Emulator:
        built.update(kwargs)
        return build(*args, **kwargs)

    monkeypatch.setattr("reconciler.emulator.build", watched)
    monkeypatch.setattr("reconciler.emulator.clocks.FastClock", lambda speed: lambda: 1000.0 * speed)
    monkeypatch.setattr(sys, "stdout", StopsOnceTold(signal.SIGINT))
    assert reconciler("emulator", "--port", "0", "--speed", "60", "--reach", "api.acme.com", "--reach", "*.acme.org").code == 130
    assert built["clock"]() == 60_000.0
    assert built["fetch"].reach == ("api.acme.com", "*.acme.org")


@pytest.mark.parametrize("speed", ["0", "0.5", "100001", "fast"])
def test_a_clock_is_not_slow(reconciler: CommandLine, speed: str) -> None:
    assert reconciler("emulator", "--speed", speed).code == 1


@pytest.mark.parametrize(
    ("switch", "hint"),
    [("list-lagg=1", "did you mean 'list_lag'?"), ("nope=1", "the page docs/emulator.md of the reconciler lists")],
)
def test_an_unknown_switch_is_named_with_where_to_find_the_others(reconciler: CommandLine, switch: str, hint: str) -> None:
    ran = reconciler("emulator", "--set", switch)
    name = switch.replace("-", "_").removesuffix("=1")
    assert (ran.code, ran.err.startswith(f"error: --set: unknown switch {name!r}\nhint: {hint}")) == (1, True)


def test_the_environment_is_that_of_the_target_that_was_named() -> None:
    assert announcement(Served(4010, "prod-eu")) == (
        """\
Flow Service, emulated: http://127.0.0.1:4010/data/foundation/flowservice
to point target prod-eu at it (any credentials will do):
  export RECONCILER_PROD_EU_BASE_URL=http://127.0.0.1:4010/data/foundation/flowservice
  export RECONCILER_PROD_EU_TOKEN_URL=http://127.0.0.1:4010/ims/token/v3
  export RECONCILER_PROD_EU_CLIENT_ID=reconciler RECONCILER_PROD_EU_CLIENT_SECRET=reconciler
"""
    )


def settings(tmp_path: Path, text: str) -> Settings:
    (tmp_path / "reconciler.yaml").write_text("version: 1\nrepository: acme/aep\n" + text)
    return load_settings(tmp_path)


REAL = "{org_id: 1@AdobeOrg, sandbox: dev}"


@pytest.mark.parametrize(
    ("targets", "named", "chosen"),
    [
        (f"{{local: {{emulator: x.db}}, dev: {REAL}, prod: {REAL}}}", None, "dev"),
        (f"{{dev: {REAL}, prod: {REAL}}}\ndefault_target: prod", None, "prod"),
        (f"{{dev: {REAL}, prod: {REAL}}}", "prod", "prod"),
        ("{local: {emulator: x.db}}", None, None),
    ],
)
def test_a_target_that_is_there_is_pointed_at_it(tmp_path: Path, targets: str, named: str | None, chosen: str | None) -> None:
    assert target_for(settings(tmp_path, f"targets: {targets}\n"), named) == chosen


@pytest.mark.parametrize(
    ("named", "said"), [("devv", "unknown target 'devv'"), ("local", "already uses an embedded Flow Service")]
)
def test_a_target_that_cannot_be_pointed_at_it_is_refused(tmp_path: Path, named: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        target_for(settings(tmp_path, f"targets: {{local: {{emulator: x.db}}, dev: {REAL}}}\n"), named)
    assert caught.value.hint


def test_where_no_target_can_be_pointed_at_it_the_line_to_add_is_shown() -> None:
    text = announcement(Served(4010, target_for(None, None)))
    assert "add one:\n  stage: {org_id: 1234567890@AdobeOrg, sandbox: dev}\nto point target stage at it" in text


def test_switches_are_json_or_else_text() -> None:
    changed = behaviour_with(Behaviour(list_lag=2), ["etags=true", "pages=3", "wrap-get=bare"])
    assert changed == Behaviour(list_lag=2, etags=True, pages=3, wrap_get="bare")


def test_a_switch_without_a_value_is_a_mistake() -> None:
    with pytest.raises(UsageError, match="'etags' has no value"):
        behaviour_with(Behaviour(), ["etags"])


def a_provider(folder: Path, name: str, path: str) -> Path:
    file = folder / name
    file.write_text(f'kind: Provider\npath: {path}\nrecords: {{count: 1, each: "{{n}}"}}\npaging: {{style: page}}\n')
    return file


def test_the_address_of_each_third_party_api_is_shown(tmp_path: Path) -> None:
    stubs = stubs_of([a_provider(tmp_path, "a.yaml", "/lists/{id}"), a_provider(tmp_path, "b.yaml", "/users")])
    assert announcement(Served(4010, None, stubs)).endswith(
        """\
third-party API, emulated: GET http://127.0.0.1:4010/lists/{id}
  1 record, paging by page
third-party API, emulated: GET http://127.0.0.1:4010/users
  1 record, paging by page
"""
    )


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/lists/{listId}", "both serve /lists/{listId}"),
        ("/ims/token/v3", "is a path of the emulated Flow Service"),
        ("/data/foundation/flowservice/flows", "is a path of the emulated Flow Service"),
        ("/_emulator/requests", "is a path of the emulated Flow Service"),
    ],
)
def test_a_path_that_is_taken_is_refused(tmp_path: Path, path: str, message: str) -> None:
    files = [a_provider(tmp_path, "a.yaml", "/lists/{id}"), a_provider(tmp_path, "b.yaml", path)]
    with pytest.raises(UsageError, match=re.escape(message)):
        stubs_of(files)


def test_a_provider_file_with_mistakes_is_reported(reconciler: CommandLine, tmp_path: Path) -> None:
    ran = reconciler("emulator", "--port", "0", "--provider", str(a_provider(tmp_path, "a.yaml", "lists")))
    assert ran.code == 1
    assert "a.yaml:2:1: error: `path`: 'lists' does not start with '/'" in ran.err
    assert "hint: " in ran.err
