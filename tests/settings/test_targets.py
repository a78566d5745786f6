"""The target that a command works on, and who calls it."""

import copy
import pickle
from pathlib import Path

import pytest

from reconciler.errors import SettingsError, UsageError
from reconciler.secret import Secret
from reconciler.settings.credentials import credentials_for
from reconciler.settings.targets import Settings
from reconciler.settings.values import OAuthCredentials, Target, TargetSettings, TokenCredentials

LOCAL = TargetSettings("local", emulator=Path("/repo/.reconciler/local.db"))
STAGE = TargetSettings("stage", org_id="1@AdobeOrg", sandbox="dev")
BARE = TargetSettings("eu-west")


def settings(*targets: TargetSettings, default: str | None = None) -> Settings:
    return Settings("acme/x", {target.name: target for target in targets}, default, version=1)


def stage(**environ: str) -> Target:
    return settings(STAGE).target("stage", environ)


def test_a_target_has_the_production_urls_unless_told_otherwise() -> None:
    target = stage()
    assert target.base_url == "https://platform.adobe.io/data/foundation/flowservice"
    assert target.token_url == "https://ims-na1.adobelogin.com/ims/token/v3"
    assert (target.host, target.org_id, target.sandbox, target.ownership) == ("platform.adobe.io", "1@AdobeOrg", "dev", "marker")


def test_the_environment_overrides_one_target() -> None:
    target = stage(
        RECONCILER_STAGE_ORG_ID="2@AdobeOrg",
        RECONCILER_STAGE_SANDBOX="test",
        RECONCILER_STAGE_BASE_URL="http://127.0.0.1:8080/aep/",
        RECONCILER_STAGE_TOKEN_URL="https://ims.example.com/token",
        RECONCILER_SANDBOX="ignored",
    )
    assert (target.org_id, target.sandbox, target.host) == ("2@AdobeOrg", "test", "127.0.0.1:8080")
    assert (target.base_url, target.token_url) == ("http://127.0.0.1:8080/aep", "https://ims.example.com/token")


def test_the_environment_may_complete_a_target() -> None:
    environ = {"RECONCILER_EU_WEST_ORG_ID": "2@AdobeOrg", "RECONCILER_EU_WEST_SANDBOX": "prod"}
    assert settings(BARE).target("eu-west", environ).sandbox == "prod"


def test_an_empty_variable_says_nothing() -> None:
    assert stage(RECONCILER_STAGE_SANDBOX="  ").sandbox == "dev"


def test_everything_that_is_missing_is_named() -> None:
    with pytest.raises(SettingsError) as raised:
        settings(BARE).target("eu-west", {})
    hints = [problem.hint or "" for problem in raised.value.problems]
    assert "RECONCILER_EU_WEST_ORG_ID" in hints[0]
    assert "RECONCILER_EU_WEST_SANDBOX" in hints[1]


def test_an_override_that_does_not_fit_names_its_variable() -> None:
    with pytest.raises(SettingsError) as raised:
        stage(RECONCILER_STAGE_BASE_URL="http://example.com", RECONCILER_STAGE_SANDBOX="Prod")
    assert [problem.message.partition(":")[0] for problem in raised.value.problems] == [
        "RECONCILER_STAGE_BASE_URL",
        "RECONCILER_STAGE_SANDBOX",
    ]


def test_an_emulator_is_complete_as_it_is() -> None:
    target = settings(LOCAL).target("local", {})
    assert (target.host, target.sandbox, target.emulator) == ("emulator", "dev", LOCAL.emulator)
    assert target.org_id.endswith("@AdobeOrg")


def test_an_emulator_takes_no_url_from_the_environment() -> None:
    with pytest.raises(SettingsError):
        settings(LOCAL).target("local", {"RECONCILER_LOCAL_BASE_URL": "https://example.com"})


def test_the_default_target_is_taken_without_a_name() -> None:
    assert settings(LOCAL, STAGE, default="stage").target(None, {}).name == "stage"


def test_the_only_target_is_the_default_one() -> None:
    assert settings(STAGE).target(None, {}).name == "stage"


def test_of_several_targets_one_has_to_be_named() -> None:
    with pytest.raises(UsageError) as raised:
        settings(LOCAL, STAGE).target(None, {})
    assert raised.value.hint == "--target with one of local, stage"


def test_an_unknown_target_has_its_nearest_as_hint() -> None:
    with pytest.raises(UsageError) as raised:
        settings(LOCAL, STAGE).target("stagee", {})
    assert raised.value.hint == "did you mean 'stage'?"


@pytest.mark.parametrize("value", ["true", "1", "yes", "woodpecker"])
def test_a_default_emulator_is_refused_in_ci(value: str) -> None:
    with pytest.raises(SettingsError, match="CI"):
        settings(LOCAL, default="local").target(None, {"CI": value})


@pytest.mark.parametrize("value", ["", "0", "false"])
def test_ci_may_be_said_to_be_off(value: str) -> None:
    assert settings(LOCAL, default="local").target(None, {"CI": value}).name == "local"


def test_an_emulator_that_is_named_is_fine_in_ci() -> None:
    assert settings(LOCAL, default="local").target("local", {"CI": "true"}).name == "local"


OAUTH = {"RECONCILER_CLIENT_ID": "general", "RECONCILER_CLIENT_SECRET": "general-secret"}
TOKEN = {"RECONCILER_ACCESS_TOKEN": "general-token", "RECONCILER_API_KEY": "general-key"}
STAGE_OAUTH = {"RECONCILER_STAGE_CLIENT_ID": "mine", "RECONCILER_STAGE_CLIENT_SECRET": "my-secret"}
STAGE_TOKEN = {"RECONCILER_STAGE_ACCESS_TOKEN": "my-token", "RECONCILER_STAGE_API_KEY": "my-key"}


@pytest.mark.parametrize(
    ("environ", "credentials"),
    [
        (OAUTH, OAuthCredentials("general", Secret("general-secret"))),
        (TOKEN, TokenCredentials(Secret("general-token"), "general-key")),
        (OAUTH | TOKEN, OAuthCredentials("general", Secret("general-secret"))),
        (OAUTH | STAGE_OAUTH, OAuthCredentials("mine", Secret("my-secret"))),
        (OAUTH | STAGE_TOKEN, TokenCredentials(Secret("my-token"), "my-key")),
        (OAUTH | {"RECONCILER_STAGE_CLIENT_SECRET": "my-secret"}, OAuthCredentials("general", Secret("my-secret"))),
        (TOKEN | {"RECONCILER_CLIENT_ID": "alone"}, TokenCredentials(Secret("general-token"), "general-key")),
        (OAUTH | {"RECONCILER_CLIENT_SECRET": " with-line-end\n"}, OAuthCredentials("general", Secret("with-line-end"))),
    ],
)
def test_the_targets_own_variables_win(environ: dict[str, str], credentials: OAuthCredentials | TokenCredentials) -> None:
    assert credentials_for(stage(), environ) == credentials


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({}, ["RECONCILER_CLIENT_ID", "RECONCILER_CLIENT_SECRET"]),
        ({"RECONCILER_CLIENT_ID": "x", "RECONCILER_CLIENT_SECRET": ""}, ["RECONCILER_CLIENT_SECRET"]),
        ({"RECONCILER_ACCESS_TOKEN": "x"}, ["RECONCILER_API_KEY"]),
        (OAUTH | {"RECONCILER_STAGE_ACCESS_TOKEN": "x"}, ["RECONCILER_API_KEY"]),
    ],
)
def test_missing_variables_are_named(environ: dict[str, str], missing: list[str]) -> None:
    with pytest.raises(SettingsError) as raised:
        credentials_for(stage(), environ)
    assert [problem.message.partition(" ")[0] for problem in raised.value.problems] == missing
    assert all(name.replace("RECONCILER_", "RECONCILER_STAGE_") in raised.value.message for name in missing)


def test_a_secret_that_cannot_be_sent_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingsError) as raised:
        credentials_for(stage(), OAUTH | {"RECONCILER_CLIENT_SECRET": "half one\nhalf two"})
    assert "RECONCILER_CLIENT_SECRET" in raised.value.message
    assert "half" not in str(raised.value) + repr(raised.value.problems) + str(raised.value.hint)


def test_an_emulator_needs_no_credentials() -> None:
    credentials = credentials_for(settings(LOCAL).target("local", {}), {})
    assert isinstance(credentials, OAuthCredentials)
    assert credentials.client_id == credentials.api_key == "reconciler"


def test_a_secret_is_only_seen_when_it_is_revealed() -> None:
    secret = Secret("hunter2")
    shown = f"{secret} {secret!r} {secret!s} {secret:>10} {OAuthCredentials('id', secret)} {TokenCredentials(secret, 'key')!r} {[secret]}"
    assert "hunter2" not in shown
    assert secret.reveal() == "hunter2"


def test_a_secret_does_not_leave_the_process() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret("hunter2"))
    with pytest.raises(TypeError):
        copy.copy(Secret("hunter2"))


def test_secrets_are_equal_by_their_value() -> None:
    assert Secret("a") == Secret("a")
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2
    assert Secret("a") != "a"


def test_a_variable_that_does_not_fit_is_named_with_what_is_wrong() -> None:
    with pytest.raises(SettingsError, match=r"RECONCILER_STAGE_SANDBOX: .*'Prod'") as caught:
        settings(STAGE).target("stage", {"RECONCILER_STAGE_SANDBOX": "Prod"})
    assert "RECONCILER_STAGE_SANDBOX" in str(caught.value.hint)
