"""Credentials from a file that the environment names."""

from __future__ import annotations

import contextlib
import json
import logging
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.shapes import Misfit
from reconciler.errors import SettingsError
from reconciler.secret import Secret
from reconciler.settings.credential_forms import AEPP, CONSOLE, POSTMAN, recognized
from reconciler.settings.credentials import credentials_for, scopes_of
from reconciler.settings.credentials_file import MAX_BYTES
from reconciler.settings.values import DEFAULT_SCOPES, OAuthCredentials, Target, TokenCredentials

ORG = "1234567890@AdobeOrg"
SECRET = "p8e-hunter2hunter2"
AEPP_CONFIG: dict[str, Any] = {
    "org_id": ORG,
    "client_id": "of-aepp",
    "tech_id": "<something>@techacct.adobe.com",
    "secret": SECRET,
    "scopes": "openid,AdobeID, read_organizations",
    "sandbox-name": "dev",
    "environment": "prod",
}
SERVER: dict[str, Any] = {
    "id": "1",
    "integration_type": "oauth_server_to_server",
    "oauth_server_to_server": {"client_id": "of-console", "client_secrets": [SECRET], "scopes": ["openid", "AdobeID"]},
}
PROJECT: dict[str, Any] = {
    "project": {
        "id": "4",
        "org": {"id": "7", "ims_org_id": ORG},
        "workspace": {"id": "9", "details": {"credentials": [{"id": "0", "integration_type": "apikey"}, SERVER]}},
    }
}


def environment(**values: Any) -> dict[str, Any]:
    """A Postman environment, as it is exported."""
    given = {
        "CLIENT_SECRET": SECRET,
        "API_KEY": "of-postman",
        "ACCESS_TOKEN": "",
        "IMS": "ims-na1.adobelogin.com",
        "IMS_ORG": ORG,
    }
    listed = [{"key": key, "value": value, "type": "text", "enabled": True} for key, value in (given | values).items()]
    return {"name": "OAuth", "values": listed, "_postman_variable_scope": "environment"}


def target(**changes: Any) -> Target:
    given: dict[str, Any] = {
        "name": "stage",
        "base_url": "https://platform.adobe.io/data/foundation/flowservice",
        "token_url": "https://ims-na1.adobelogin.com/ims/token/v3",
        "org_id": ORG,
        "sandbox": "dev",
        "scopes": DEFAULT_SCOPES,
        "ownership": "marker",
        "emulator": None,
        "host": "platform.adobe.io",
    }
    return Target(**given | changes)


def kept(folder: Path, value: object, mode: int = 0o600) -> str:
    file = folder / "credentials.json"
    file.write_text(value if isinstance(value, str) else json.dumps(value))
    file.chmod(mode)
    return str(file)


@pytest.mark.parametrize(
    ("content", "client", "form", "scopes"),
    [
        (AEPP_CONFIG, "of-aepp", AEPP, ("openid", "AdobeID", "read_organizations")),
        (PROJECT, "of-console", CONSOLE, ("openid", "AdobeID")),
        (environment(SCOPES=["openid", "session"]), "of-postman", POSTMAN, ("openid", "session")),
        (environment(SCOPES="openid,session"), "of-postman", POSTMAN, ("openid", "session")),
        (environment(), "of-postman", POSTMAN, DEFAULT_SCOPES),
    ],
)
def test_each_form_gives_the_credentials_and_their_scopes(
    tmp_path: Path, content: dict[str, Any], client: str, form: str, scopes: tuple[str, ...]
) -> None:
    found = credentials_for(target(), {"RECONCILER_CREDENTIALS": kept(tmp_path, content)})
    assert isinstance(found, OAuthCredentials)
    assert (found.client_id, found.client_secret, found.form) == (client, Secret(SECRET), form)
    assert scopes_of(target(), found) == scopes


def test_scopes_in_the_settings_count_more_than_those_in_the_file(tmp_path: Path) -> None:
    asked = target(scopes=("openid",))
    found = credentials_for(asked, {"RECONCILER_CREDENTIALS": kept(tmp_path, AEPP_CONFIG)})
    assert scopes_of(asked, found) == ("openid",)


def test_a_postman_environment_may_have_only_a_token(tmp_path: Path) -> None:
    content = environment(CLIENT_SECRET="", ACCESS_TOKEN="a-token")
    found = credentials_for(target(), {"RECONCILER_CREDENTIALS": kept(tmp_path, content)})
    assert found == TokenCredentials(Secret("a-token"), "of-postman", POSTMAN)


def test_a_variable_that_is_switched_off_in_postman_does_not_count() -> None:
    content = environment()
    content["values"].append({"key": "API_KEY", "value": "another", "enabled": False})
    assert recognized(content).client_id == "of-postman"


GENERAL = {"RECONCILER_CLIENT_ID": "general", "RECONCILER_CLIENT_SECRET": "general-secret"}
OWN = {"RECONCILER_STAGE_CLIENT_ID": "own", "RECONCILER_STAGE_CLIENT_SECRET": "own-secret"}


@pytest.mark.parametrize(
    ("variables", "named", "client"),
    [
        (GENERAL, "RECONCILER_CREDENTIALS", "general"),
        (OWN, "RECONCILER_CREDENTIALS", "own"),
        (OWN, "RECONCILER_STAGE_CREDENTIALS", "own"),
        (GENERAL, "RECONCILER_STAGE_CREDENTIALS", "of-aepp"),
        ({}, "RECONCILER_STAGE_CREDENTIALS", "of-aepp"),
        ({}, "RECONCILER_PROD_CREDENTIALS", None),
    ],
)
def test_what_is_set_for_the_target_comes_first_and_variables_before_files(
    tmp_path: Path, variables: dict[str, str], named: str, client: str | None
) -> None:
    environ = variables | {named: kept(tmp_path, AEPP_CONFIG)}
    if client is None:
        with pytest.raises(SettingsError, match="RECONCILER_CLIENT_ID"):
            credentials_for(target(), environ)
    else:
        found = credentials_for(target(), environ)
        assert found.api_key == client


def test_the_file_of_the_target_comes_before_the_general_one(tmp_path: Path) -> None:
    environ = {"RECONCILER_CREDENTIALS": "/missing", "RECONCILER_STAGE_CREDENTIALS": kept(tmp_path, AEPP_CONFIG)}
    assert credentials_for(target(), environ).api_key == "of-aepp"


@pytest.mark.parametrize(
    ("content", "changes", "said"),
    [
        (AEPP_CONFIG, {"sandbox": "prod"}, "it is for sandbox dev, and target 'stage' is sandbox prod"),
        (
            PROJECT,
            {"org_id": "other@AdobeOrg"},
            f"it is for organization {ORG}, and target 'stage' is organization other@AdobeOrg",
        ),
        (environment(SANDBOX_NAME="dev"), {"sandbox": "prod"}, "it is for sandbox dev"),
        (environment(IMS="ims-na1-stg1.adobelogin.com"), {}, "it is for Adobe's stage environment"),
        (AEPP_CONFIG | {"environment": "stage"}, {}, "it is for Adobe's stage environment"),
        (AEPP_CONFIG, {"host": "platform-stage.adobe.io"}, "it is for Adobe's production environment"),
    ],
)
def test_a_file_for_somewhere_else_is_refused(tmp_path: Path, content: object, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError) as raised:
        credentials_for(target(**changes), {"RECONCILER_CREDENTIALS": kept(tmp_path, content)})
    assert said in raised.value.message
    assert SECRET not in str(raised.value) + repr(raised.value.problems)


def test_on_a_host_that_is_not_adobes_no_environment_is_compared(tmp_path: Path) -> None:
    environ = {"RECONCILER_CREDENTIALS": kept(tmp_path, AEPP_CONFIG | {"environment": "stage"})}
    assert credentials_for(target(host="127.0.0.1:8080"), environ).api_key == "of-aepp"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "it is not JSON"),
        (f"secret: {SECRET}", "it is not JSON"),
        ("[" * 5000 + "]" * 5000, "not"),
        ([SECRET], "not a known form"),
        ({"client_id": SECRET}, "not a known form"),
        (AEPP_CONFIG | {"secret": "<YourSecret>"}, "secret is not filled in"),
        (AEPP_CONFIG | {"secret": 7}, "secret is not filled in"),
        (AEPP_CONFIG | {"secret": f"{SECRET}\n\x1b[31m"}, "secret contains characters"),
        (AEPP_CONFIG | {"sandbox-name": f"{SECRET}!"}, "sandbox-name is not a valid sandbox name"),
        (AEPP_CONFIG | {"org_id": [SECRET]}, "org_id is not a valid organization id"),
        (AEPP_CONFIG | {"scopes": {SECRET: 1}}, "scopes is not a list of scopes"),
        (AEPP_CONFIG | {"scopes": "", "pathToKey": "private.key"}, "service account (JWT)"),
        (AEPP_CONFIG | {"scopes": "", "auth_code": SECRET}, "an authorization code"),
        ({"project": {}}, "no OAuth Server-to-Server credential"),
        ({"project": {"workspace": {"details": {"credentials": [SERVER, SERVER]}}}}, "2 OAuth Server-to-Server credentials"),
        ({"project": {"workspace": {"details": {"credentials": SECRET}}}}, "no OAuth Server-to-Server credential"),
        (environment(API_KEY="{{key}}"), "no variable API_KEY"),
        (environment(CLIENT_SECRET=""), "ACCESS_TOKEN is not filled in"),
        (environment(CLIENT_ID="another"), "two variables give API_KEY different values"),
        ({"values": [1, None, {"key": 1}, {"key": "API_KEY", "value": {"a": SECRET}}]}, "API_KEY is not filled in"),
        (" " * (MAX_BYTES + 1), "the limit is"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_without_showing_its_content(tmp_path: Path, content: object, said: str) -> None:
    file = kept(tmp_path, content)
    with pytest.raises(SettingsError) as raised:
        credentials_for(target(), {"RECONCILER_CREDENTIALS": file})
    shown = f"{raised.value.message} {raised.value.hint} {raised.value.problems}"
    assert f"RECONCILER_CREDENTIALS: cannot use {file}" in raised.value.message
    assert said in raised.value.message
    assert raised.value.hint
    assert SECRET not in shown
    assert "\x1b" not in shown


def test_only_a_regular_file_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, said in (
        (tmp_path, "a folder"),
        (tmp_path / "pipe", "a pipe"),
        (tmp_path / "none", "No such file"),
        ("a\0b", "path"),
    ):
        with pytest.raises(SettingsError, match=said):
            credentials_for(target(), {"RECONCILER_CREDENTIALS": str(path)})


def test_a_home_folder_may_be_written_as_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(tmp_path, AEPP_CONFIG)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert credentials_for(target(), {"RECONCILER_CREDENTIALS": "~/credentials.json"}).api_key == "of-aepp"


@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o640, True), (0o604, True)])
def test_a_file_that_others_can_read_gets_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: int, warned: bool
) -> None:
    with caplog.at_level(logging.INFO, "reconciler.credentials"):
        credentials_for(target(), {"RECONCILER_CREDENTIALS": kept(tmp_path, AEPP_CONFIG, mode)})
    levels = [record.levelno for record in caplog.records]
    assert (logging.WARNING in levels, "config file of aepp" in caplog.text) == (warned, True)
    assert SECRET not in caplog.text


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    environ = {"RECONCILER_CREDENTIALS": kept(tmp_path, "\ufeff" + json.dumps(AEPP_CONFIG))}
    assert credentials_for(target(), environ).api_key == "of-aepp"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=8), part, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from([AEPP_CONFIG, PROJECT, environment(SCOPES=["openid"], SANDBOX_NAME="dev")]), JSON, st.data())
def test_a_file_with_anything_anywhere_is_read_or_refused(content: dict[str, Any], other: object, data: st.DataObject) -> None:
    changed = json.loads(json.dumps(content))
    place: Any = changed
    while True:
        step = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[step], dict | list) or not place[step] or data.draw(st.booleans()):
            break
        place = place[step]
    place[step] = other
    with contextlib.suppress(Misfit):
        assert recognized(changed).client_id


def test_a_form_is_recognized_by_its_content_alone() -> None:
    with pytest.raises(Misfit, match="not a known form"):
        recognized({"values": "no list", "client_id": "x"})
