from __future__ import annotations

import io
import os
import signal
import sys
from pathlib import Path

import pytest

from reconciler.cli.emulating import Served, announcement, behaviour_with
from reconciler.emulator import Behaviour
from reconciler.errors import SettingsError, UsageError

from .fakes import CommandLine


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


def test_the_environment_is_that_of_the_target_that_was_named() -> None:
    assert announcement(Served(4010, "prod-eu")) == (
        """\
Flow Service, emulated: http://127.0.0.1:4010/data/foundation/flowservice
to lead the target prod-eu there (any credentials will do):
  export RECONCILER_PROD_EU_BASE_URL=http://127.0.0.1:4010/data/foundation/flowservice
  export RECONCILER_PROD_EU_TOKEN_URL=http://127.0.0.1:4010/ims/token/v3
  export RECONCILER_PROD_EU_CLIENT_ID=reconciler RECONCILER_PROD_EU_CLIENT_SECRET=reconciler
"""
    )


def test_switches_are_json_or_else_text() -> None:
    changed = behaviour_with(Behaviour(list_lag=2), ["etags=true", "pages=3", "wrap-get=bare"])
    assert changed == Behaviour(list_lag=2, etags=True, pages=3, wrap_get="bare")


def test_a_switch_without_a_value_is_a_mistake() -> None:
    with pytest.raises(UsageError, match="'etags' has no value"):
        behaviour_with(Behaviour(), ["etags"])


def test_a_switch_that_there_is_not_is_named() -> None:
    with pytest.raises(SettingsError, match="etag is not a known key"):
        behaviour_with(Behaviour(), ["etag=true"])
