"""`targets --discover`: what separates the sandboxes of an organization from the settings."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from tests.reports.schemas.conforming import check_output

HEAD = "version: 1\nrepository: acme/aep-sources\n"
ORG = "1234567890@AdobeOrg"
ALL = "targets:\n" + "".join(
    f"  {name}: {{emulator: .reconciler/x.db, org_id: {ORG}, sandbox: {name}}}\n" for name in ("prod", "stage", "dev")
)
SOME = "targets:\n" + f"  dev: {{emulator: .reconciler/x.db, org_id: {ORG}, sandbox: dev}}\n"
ADOBE = f"  far: {{org_id: {ORG}, sandbox: far}}\n"

Discover = Callable[..., tuple[int, str, str]]


@pytest.fixture
def discovered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Discover:
    monkeypatch.chdir(tmp_path)

    def ask(settings: str, *words: str) -> tuple[int, str, str]:
        (tmp_path / "specs").mkdir(exist_ok=True)
        (tmp_path / "specs" / "reconciler.yaml").write_text(HEAD + settings)
        arguments = ["targets", "--discover", *words]
        code = run(arguments, Shell({}, open_sessions))
        out, err = capsys.readouterr()
        check_output(tuple(arguments), out)
        return code, out, err

    return ask


def organizations(out: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(out)["organizations"]
    return found


def test_an_organization_whose_sandboxes_all_have_targets_does_not_differ(discovered: Discover) -> None:
    code, out, err = discovered(ALL, "--emulators")
    assert (code, err) == (0, "")
    assert out == f"{ORG} on emulator\n  reconciler.yaml has all of its sandboxes\n"


def test_a_sandbox_without_a_target_is_listed_and_not_added(discovered: Discover) -> None:
    code, out, err = discovered(SOME, "--emulators")
    assert code == 2
    assert "prod (production, active): no target has it" in out
    assert "nothing was added" in err
    assert Path("specs/reconciler.yaml").read_text() == HEAD + SOME


def test_the_other_targets_of_the_settings_have_their_sandboxes_too(discovered: Discover) -> None:
    assert discovered(ALL, "--emulators", "--target", "dev")[0] == 0


def test_an_organization_that_cannot_be_asked_hides_no_other(discovered: Discover) -> None:
    code, out, _ = discovered(SOME + ADOBE, "--emulators", "--format", "json")
    assert code == 1
    emulator, adobe = organizations(out)
    assert [new["name"] for new in emulator["new"]] == ["prod", "stage"]
    assert (adobe["host"], adobe["new"], adobe["gone"]) == ("platform.adobe.io", [], [])
    (failed,) = adobe["not_asked"]
    assert failed["targets"] == ["far"]
    assert "no credentials" in failed["why"]


def test_targets_without_credentials_share_a_line(discovered: Discover) -> None:
    sandboxes = ", ".join(f"s{number}" for number in range(50))
    code, out, _ = discovered(SOME + f"fleets:\n  customers: {{org_id: {ORG}, sandboxes: [{sandboxes}]}}\n")
    assert code == 1
    assert len(out.splitlines()) == 2
    assert "not known   customers-s0, customers-s1, customers-s2 and 47 more targets: no credentials" in out


def test_targets_with_an_emulator_are_asked_only_by_request(discovered: Discover) -> None:
    code, out, err = discovered(SOME)
    assert (code, out) == (1, "")
    assert "--emulators" in err


@pytest.mark.parametrize("words", [["--to-prove"], ["--with-proofs"], ["--by", "environment"], ["--format", "names"]], ids=str)
def test_it_lists_sandboxes_only(discovered: Discover, words: list[str]) -> None:
    code, out, err = discovered(SOME, "--emulators", *words)
    assert (code, out) == (1, "")
    assert "sandboxes" in err
