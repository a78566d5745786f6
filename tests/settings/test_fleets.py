"""Groups and fleets of reconciler.yaml."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from reconciler.errors import SettingsError
from reconciler.settings.credentials import credentials_for
from reconciler.settings.loading import load_settings
from reconciler.settings.values import OAuthCredentials
from tests.settings import files
from tests.settings.files import FLEET

HEAD = f"{files.HEAD}targets: {{stage: {{org_id: 1@AdobeOrg, sandbox: stage}}}}\n"
settings, problems = partial(files.settings, head=HEAD), partial(files.problems, head=HEAD)


def test_each_sandbox_of_a_fleet_is_a_target(tmp_path: Path) -> None:
    found = settings(tmp_path, FLEET)
    assert list(found.targets) == ["stage", "customers-emea", "customers-apac"]
    target = found.target("customers-apac", {})
    assert (target.org_id, target.sandbox, target.environment, target.credentials) == (
        "9@AdobeOrg",
        "apac",
        "customers",
        "customers",
    )


def test_what_except_writes_differs_in_that_sandbox_alone(tmp_path: Path) -> None:
    found = settings(tmp_path, FLEET + "    ownership: none\n    except: {apac: {org_id: 8@AdobeOrg, ownership: marker}}\n")
    emea, apac = found.target("customers-emea", {}), found.target("customers-apac", {})
    assert [(one.org_id, one.ownership) for one in (emea, apac)] == [("9@AdobeOrg", "none"), ("8@AdobeOrg", "marker")]


def test_a_fleet_equals_its_targets_written_out(tmp_path: Path) -> None:
    sandboxes = [f"s{number:02}" for number in range(50)]
    fleet = settings(tmp_path, f"groups: [all]\nfleets: {{f: {{org_id: 9@AdobeOrg, groups: [all], sandboxes: {sandboxes}}}}}\n")
    written = "".join(
        f"  f-{name}: {{org_id: 9@AdobeOrg, groups: [all], sandbox: {name}, environment: f, credentials: f}}\n"
        for name in sandboxes
    )
    head, _, stage = HEAD.partition("targets: {")
    (tmp_path / "reconciler.yaml").write_text(f"{head}targets:\n  {stage.strip()[:-1]}\n{written}groups: [all]\n")
    out = load_settings(tmp_path)
    assert [fleet.target(name, {}) for name in fleet.targets] == [out.target(name, {}) for name in out.targets]


def test_overlays_apply_from_the_general_to_the_special(tmp_path: Path) -> None:
    found = settings(tmp_path, "groups: [all, external]\n" + FLEET + "    groups: [external, all]\n")
    assert found.layers("customers-emea") == ("all", "external", "customers", "customers-emea")
    assert found.layers("stage") == ("stage",)


def test_a_fleet_has_one_pair_of_secrets(tmp_path: Path) -> None:
    target = settings(tmp_path, FLEET).target("customers-emea", {})
    general = {"RECONCILER_CLIENT_ID": "g", "RECONCILER_CLIENT_SECRET": "gs"}
    shared = {"RECONCILER_CUSTOMERS_CLIENT_ID": "c", "RECONCILER_CUSTOMERS_CLIENT_SECRET": "cs"}
    own = {"RECONCILER_CUSTOMERS_EMEA_CLIENT_ID": "e", "RECONCILER_CUSTOMERS_EMEA_CLIENT_SECRET": "es"}
    found = [credentials_for(target, environ) for environ in (general, general | shared, general | shared | own)]
    assert [one.client_id for one in found if isinstance(one, OAuthCredentials)] == ["g", "c", "e"]


def test_missing_credentials_of_a_fleet_are_named_with_those_that_it_shares(tmp_path: Path) -> None:
    target = settings(tmp_path, FLEET).target("customers-emea", {})
    with pytest.raises(SettingsError, match="or RECONCILER_CUSTOMERS_EMEA_CLIENT_ID or RECONCILER_CUSTOMERS_CLIENT_ID"):
        credentials_for(target, {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fleets: {stage: {sandboxes: [a]}}\n", (4, "'stage' is also a target")),
        ("groups: [g]\nfleets: {g: {sandboxes: [a]}}\n", (5, "'g' is also a group")),
        ("groups: [stage]\n", (4, "'stage' is also a target")),
        ("fleets:\n  f:\n    sandboxes: [a, a]\n", (6, "'a' is listed twice")),
        ("fleets:\n  f:\n    sandboxes: []\n", (6, "`fleets.f.sandboxes` is empty")),
        ("fleets:\n  f: {}\n", (5, "`fleets.f.sandboxes` is missing")),
        ("fleets:\n  f:\n    sandboxes: [a]\n    sandbox: b\n", (7, "unknown key `fleets.f.sandbox`")),
        ("fleets:\n  f:\n    sandboxes: [a]\n    except: {b: {}}\n", (7, "`except` names 'b', which is not in `sandboxes`")),
        ("fleets:\n  f:\n    sandboxes: [a]\n    groups: [g]\n", (7, "'g' is not in `groups`")),
        ("fleets: {a: {sandboxes: [b-c]}, a-b: {sandboxes: [c]}}\n", (4, "'a-b-c' is also a target of the fleet 'a-b'")),
        (f"fleets: {{{'f' * 60}: {{sandboxes: [long-name]}}}}\n", (4, "has more than 64 characters")),
        ("default_target: f-b\nfleets: {f: {sandboxes: [a]}}\n", (4, "`default_target` names the unknown target 'f-b'")),
        (
            "fleets:\n  f:\n    sandboxes: [a]\n    emulator: x.db\n    base_url: https://platform.adobe.io/data/foundation/flowservice\n",
            (8, "an emulator cannot have `base_url`"),
        ),
    ],
)
def test_a_contradiction_is_reported_at_its_line(tmp_path: Path, text: str, expected: tuple[int, str]) -> None:
    line, message = expected
    assert any(found == line and message in said for found, said in problems(tmp_path, text)), problems(tmp_path, text)
