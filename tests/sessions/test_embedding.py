"""A target whose service is embedded: its clock, and the third parties that it reads from."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from reconciler.errors import SettingsError, UsageError
from reconciler.http.clock import SystemClock
from reconciler.observing.workspace import network_of
from reconciler.sessions.embedding import embedded_service, inlets_in, providers_in
from reconciler.settings.loading import load_settings
from reconciler.settings.values import Network, Target
from reconciler.sources.messages import NoAnswer, Request

PROVIDER = """\
kind: Provider
path: /items
records: {count: 3, each: {id: "{n}"}}
answer: {records: items}
paging: {style: none}
"""


def target(folder: Path, extra: str = "") -> Target:
    specs = folder / "specs"
    specs.mkdir(exist_ok=True)
    settings = f"version: 1\nrepository: acme/x\ntargets: {{local: {{emulator: .reconciler/x.db{extra}}}, stage: {{}}}}\n"
    (specs / "reconciler.yaml").write_text(settings)
    return load_settings(specs).target("local", {})


def provide(folder: Path, key: str, text: str = PROVIDER) -> None:
    file = folder / "specs" / "proofs" / key / "provider.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text)


def now_of(wire: httpx.BaseTransport) -> float:
    with httpx.Client(transport=wire) as client:
        now: float = client.get("http://emulator.invalid/_emulator/clock").json()["now"]
        return now


class Standing(SystemClock):
    """A clock that stands still."""

    def now(self) -> float:
        return 1_700_000_000.0


def test_a_wait_takes_no_time_and_the_service_is_later(tmp_path: Path) -> None:
    with embedded_service(target(tmp_path, ", provider: true"), Standing()) as service:
        assert service.wire is not None
        before = service.clock.monotonic()
        service.clock.sleep(3600)
        assert service.clock.now() == now_of(service.wire) == 1_700_003_600.0
        assert service.clock.monotonic() - before >= 3600


def test_where_waits_take_no_time_a_run_is_looked_at_as_rarely_as_at_adobe(tmp_path: Path) -> None:
    usual = Network()
    assert network_of(usual, target(tmp_path, ", provider: true")).poll == usual.poll
    assert network_of(usual, target(tmp_path)).poll < 1
    assert network_of(replace(usual, poll=2.0), target(tmp_path)).poll == 2.0


def test_a_service_on_a_file_does_not_go_back_in_time(tmp_path: Path) -> None:
    local = target(tmp_path, ", provider: true")
    headers = {"x-api-key": "k", "x-gw-ims-org-id": "o", "x-sandbox-name": "dev"}
    form = {"client_id": "k", "client_secret": "s", "grant_type": "client_credentials", "scope": "openid"}
    with embedded_service(local, Standing()) as service, httpx.Client(transport=service.wire) as client:
        service.clock.sleep(600)
        token = client.post("http://x/ims/token/v3", data=form).json()["access_token"]
        bearer = {**headers, "authorization": f"Bearer {token}"}
        spec = {"name": "a", "providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a", "version": "1.0"}
        assert client.post("http://x/data/foundation/flowservice/connectionSpecs", json=spec, headers=bearer).status_code == 201
    with embedded_service(local, Standing()) as service:
        assert service.clock.now() == 1_700_000_600.0


def test_an_emulator_without_providers_keeps_the_time_of_its_client(tmp_path: Path) -> None:
    clock = Standing()
    with embedded_service(target(tmp_path), clock) as service:
        assert service.wire is not None
        assert service.clock is clock


def test_the_store_in_a_new_folder_is_kept_out_of_git(tmp_path: Path) -> None:
    with embedded_service(target(tmp_path)):
        assert (tmp_path / ".reconciler" / "x.db").is_file()
    assert (tmp_path / ".reconciler" / ".gitignore").read_text() == "*\n"


def test_a_folder_that_exists_gets_no_file_beside_the_store(tmp_path: Path) -> None:
    (tmp_path / ".reconciler").mkdir()
    with embedded_service(target(tmp_path)):
        assert (tmp_path / ".reconciler" / "x.db").is_file()
    assert not (tmp_path / ".reconciler" / ".gitignore").exists()


def test_another_target_has_no_embedded_service(tmp_path: Path) -> None:
    target(tmp_path)
    environ = {"RECONCILER_STAGE_ORG_ID": "A@AdobeOrg", "RECONCILER_STAGE_SANDBOX": "dev"}
    stage = load_settings(tmp_path / "specs").target("stage", environ)
    clock = Standing()
    with embedded_service(stage, clock) as service:
        assert (service.wire, service.clock) == (None, clock)


def test_the_providers_of_all_proofs_are_read(tmp_path: Path) -> None:
    provide(tmp_path, "b", PROVIDER.replace("/items", "/others"))
    provide(tmp_path, "a")
    assert [stub.provider.path for stub in providers_in(tmp_path / "specs" / "proofs")] == ["/items", "/others"]


def test_a_folder_without_proofs_has_no_providers(tmp_path: Path) -> None:
    assert providers_in(tmp_path / "specs" / "proofs") == ()


def test_two_providers_with_the_same_path_are_told(tmp_path: Path) -> None:
    provide(tmp_path, "a")
    provide(tmp_path, "b")
    with pytest.raises(UsageError, match=r"a/provider.yaml and .*b/provider.yaml both serve /items"):
        providers_in(tmp_path / "specs" / "proofs")


def test_a_broken_provider_file_stops_no_command_but_the_read_that_needs_it(tmp_path: Path) -> None:
    provide(tmp_path, "a", "kind: Provider\n")
    with pytest.raises(SettingsError):
        providers_in(tmp_path / "specs" / "proofs")
    with embedded_service(target(tmp_path, ", provider: true")) as service:
        assert service.wire is not None
        assert now_of(service.wire) > 0
        app = service.wire._app  # type: ignore[attr-defined]  # noqa: SLF001 - the service has no other door
        answer = app._service.fetch(Request("GET", "https://api.acme.com/items"))  # noqa: SLF001
    assert isinstance(answer, NoAnswer)
    assert f"a{os.sep}provider.yaml" in answer.reason


def test_the_inlets_of_an_embedded_service_agree_with_the_proof_files(tmp_path: Path) -> None:
    for key, section in {
        "a": "{mechanism: hmac, secret: {env: A}, tests: {previous-secret: {env: OLD}, removed-secret: {env: GONE}}}",
        "b": "{mechanism: oauth}",
        "c": "{mechanism: nonsense}",
        "d": "{mechanism: hmac, secret: {env: D}}",
    }.items():
        (tmp_path / key).mkdir()
        (tmp_path / key / "proof.yaml").write_text(f"kind: Proof\nstreaming: {section}\n")
    found = inlets_in(tmp_path)
    assert (found.inlet_secrets, found.hmac_encoding) == (("${A}", "${D}", "${OLD}"), "base64")


def test_the_inlets_read_hexadecimal_signatures_if_all_proof_files_say_so(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "proof.yaml").write_text("kind: Proof\nstreaming: {mechanism: hmac, secret: {env: A}, encoding: hex}\n")
    assert inlets_in(tmp_path).hmac_encoding == "hex"
    assert inlets_in(tmp_path / "nowhere").inlet_secrets == ()


def test_one_file_has_the_sandboxes_that_the_settings_name_for_the_organization(tmp_path: Path) -> None:
    specs = tmp_path / "specs"
    specs.mkdir()
    file = "emulator: .reconciler/x.db, org_id: 1@AdobeOrg"
    (specs / "reconciler.yaml").write_text(
        "version: 1\nrepository: acme/x\n"
        f"targets: {{a: {{{file}, sandbox: sales}}, b: {{emulator: .reconciler/y.db, org_id: 1@AdobeOrg, sandbox: other-file}},"
        f" c: {{emulator: .reconciler/x.db, sandbox: other-organization}}}}\n"
        f"fleets: {{f: {{{file}, sandboxes: [emea, apac], except: {{apac: {{provider: true}}}}}}}}\n"
    )
    settings = load_settings(specs)
    for name in ("a", "f-apac"):
        with embedded_service(settings.target(name, {}), Standing()) as service, httpx.Client(transport=service.wire) as client:
            answer = client.get("http://emulator.invalid/_emulator/behaviour").json()
            assert answer["sandboxes"] == ["prod", "stage", "dev", "sales", "emea", "apac"]
