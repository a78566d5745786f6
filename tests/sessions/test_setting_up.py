"""The sandboxes that a credential can use, listed for a target that no settings have yet."""

from __future__ import annotations

import json
from pathlib import Path

from reconciler.emulator import build
from reconciler.sessions.setting_up import visible_sandboxes
from reconciler.settings.credentials import EMULATOR_CLIENT
from reconciler.settings.targets import EMULATOR_ORG_ID

CREDENTIALS = {"RECONCILER_CLIENT_ID": EMULATOR_CLIENT, "RECONCILER_CLIENT_SECRET": EMULATOR_CLIENT}


def test_the_service_lists_them(tmp_path: Path) -> None:
    with build(tmp_path / "db") as emulator:
        seen = visible_sandboxes(CREDENTIALS, EMULATOR_ORG_ID, None, wire=emulator.transport())
    assert "dev" in [sandbox.name for sandbox in seen.found]
    assert seen.why_not is None


def test_a_file_with_credentials_lists_them_whatever_its_sandbox(tmp_path: Path) -> None:
    file = tmp_path / "aepp.json"
    file.write_text(
        json.dumps(
            {
                "org_id": EMULATOR_ORG_ID,
                "client_id": EMULATOR_CLIENT,
                "secret": EMULATOR_CLIENT,
                "scopes": "openid",
                "sandbox-name": "x",
            }
        )
    )
    with build(tmp_path / "db") as emulator:
        seen = visible_sandboxes({"RECONCILER_CREDENTIALS": str(file)}, EMULATOR_ORG_ID, "dev", wire=emulator.transport())
    assert "dev" in [sandbox.name for sandbox in seen.found]


def test_what_is_missing_is_the_reason(tmp_path: Path) -> None:
    assert "no credentials" in (visible_sandboxes({}, EMULATOR_ORG_ID, None).why_not or "")
    missing = visible_sandboxes({"RECONCILER_CREDENTIALS": str(tmp_path / "none")}, EMULATOR_ORG_ID, None)
    assert "No such file" in (missing.why_not or "")
