"""`targets`: the list for a matrix, and `--by environment`, the jobs of a workflow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from tests.reports.schemas.conforming import check_output

HEAD = "version: 1\nrepository: acme/aep-sources\n"
A, B = "1234567890@AdobeOrg", "9876543210@AdobeOrg"


class Targets:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys

    def __call__(
        self, settings: str, *words: str, before: tuple[str, ...] = (), by: str | None = "environment"
    ) -> tuple[int, str, str]:
        (self.folder / "specs").mkdir(exist_ok=True)
        (self.folder / "specs" / "reconciler.yaml").write_text(HEAD + settings)
        arguments = [*before, "targets", *(["--by", by] if by else []), *words]
        code = run(arguments, Shell({}, open_sessions))
        out, err = self._capsys.readouterr()
        check_output(tuple(arguments), out)
        return code, out, err

    def jobs(self, settings: str, *before: str) -> list[dict[str, Any]]:
        code, out, err = self(settings, "--format", "json", before=before)
        assert code == 0, err
        found: list[dict[str, Any]] = json.loads(out)["jobs"]
        return found


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Targets:
    monkeypatch.chdir(tmp_path)
    return Targets(tmp_path, capsys)


def fleet(sandboxes: int, more: str = "") -> str:
    names = ", ".join(f"s{number}" for number in range(sandboxes))
    return f"fleets:\n  customers: {{org_id: {B}, sandboxes: [{names}]{more}}}\n"


LOCAL = "targets:\n  local: {emulator: .reconciler/local.db}\n"
PAIR = f"targets:\n  stage: {{org_id: {A}, sandbox: stage}}\n  prod: {{org_id: {A}, sandbox: prod, after: [stage]}}\n"


def test_fifty_sandboxes_of_a_fleet_are_one_job(listed: Targets) -> None:
    (job,) = listed.jobs(LOCAL + fleet(50))
    assert (job["environment"], job["wave"], job["org_id"], len(job["targets"])) == ("customers", 1, B, 50)
    assert job["arguments"].startswith("--target customers-s0 --target customers-s1 ")


def test_targets_of_another_wave_are_another_job(listed: Targets) -> None:
    jobs = listed.jobs(PAIR + fleet(2, ", after: [stage]"))
    assert [(job["wave"], job["environment"], job["targets"]) for job in jobs] == [
        (1, "stage", ["stage"]),
        (2, "prod", ["prod"]),
        (2, "customers", ["customers-s0", "customers-s1"]),
    ]


def test_an_environment_in_two_organizations_is_two_jobs(listed: Targets) -> None:
    settings = "targets:\n" + "".join(
        f"  {name}: {{org_id: {org}, sandbox: dev, environment: shared}}\n" for name, org in (("a", A), ("b", B))
    )
    assert [(job["org_id"], job["targets"]) for job in listed.jobs(settings)] == [(A, ["a"]), (B, ["b"])]


def test_the_arguments_choose_these_targets_again(listed: Targets) -> None:
    settings = PAIR + fleet(2)
    for job in listed.jobs(settings):
        (again,) = listed.jobs(settings, *job["arguments"].split())
        assert again["targets"] == job["targets"]


def test_a_group_has_its_jobs_only(listed: Targets) -> None:
    assert [job["environment"] for job in listed.jobs(PAIR + fleet(2), "--group", "customers")] == ["customers"]


def test_emulators_are_no_jobs_unless_asked_for(listed: Targets) -> None:
    assert listed.jobs(LOCAL) == []
    code, out, _ = listed(LOCAL, "--emulators")
    assert (code, out.splitlines()[1].split()) == (0, ["1", "local", "emulator", "0000000000@AdobeOrg", "local"])


def test_more_waves_than_the_workflows_have_is_an_error(listed: Targets) -> None:
    chain = "".join(f"  t{n}: {{org_id: {A}, sandbox: s{n}{f', after: [t{n - 1}]' if n else ''}}}\n" for n in range(6))
    code, _, err = listed("targets:\n" + chain)
    assert code == 1
    assert "t4, t5 would be applied after wave 4, the last that the workflows have" in err
    shorter = "".join(chain.splitlines(keepends=True)[:4])
    assert listed("targets:\n" + shorter)[0] == 0


@pytest.mark.parametrize(("environments", "code"), [(256, 0), (257, 1)])
def test_more_jobs_than_github_starts_is_an_error(listed: Targets, environments: int, code: int) -> None:
    settings = "targets:\n" + "".join(f"  t{n}: {{org_id: {A}, sandbox: s{n}}}\n" for n in range(environments))
    found, _, err = listed(settings)
    assert found == code
    assert ("these targets need 257 jobs" in err) == bool(code)


def test_names_are_those_of_targets(listed: Targets) -> None:
    code, _, err = listed(PAIR, "--format", "names")
    assert (code, "--format names lists targets, not jobs" in err) == (1, True)


def test_the_list_of_targets_has_the_place_of_each_among_the_others(listed: Targets) -> None:
    members = fleet(2, ", after: [stage], groups: [external], credentials: shared")
    code, out, err = listed("groups: [external]\n" + PAIR + members, "--format", "json", by=None)
    assert code == 0, err
    targets = {target.pop("target"): target for target in json.loads(out)["targets"]}
    assert targets["customers-s1"] == {
        "host": "platform.adobe.io",
        "org_id": B,
        "sandbox": "s1",
        "environment": "customers",
        "credentials": "shared",
        "groups": ["external"],
        "after": ["stage"],
        "wave": 2,
    }
    assert (targets["prod"]["environment"], targets["prod"]["credentials"], targets["stage"]["wave"]) == ("prod", None, 1)


def test_a_target_after_a_fleet_lists_the_targets_of_the_fleet(listed: Targets) -> None:
    settings = "targets:\n  last: {org_id: 1@AdobeOrg, sandbox: last, after: [customers]}\n" + fleet(2)
    _, out, _ = listed(settings, "--format", "json", by=None)
    assert json.loads(out)["targets"][0]["after"] == ["customers-s0", "customers-s1"]
