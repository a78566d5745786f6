"""`try` as its users run it: the installed command against an API over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.third_party import ThirdParty, by_offset, third_party
from tests.e2e.workplace import SETTINGS, Ran, Workplace

SECRET = "hunter2-and-more"
ENVIRON = {"RECONCILER_PROOF_USER": "jane-doe", "RECONCILER_PROOF_PASSWORD": SECRET, "RECONCILER_PROOF_HOSTS": "127.0.0.1"}
PAGING = {
    "type": "OFFSET",
    "limitName": "limit",
    "limitValue": "100",
    "offSetName": "offset",
    "endConditionName": "$.hasMore",
    "endConditionValue": "Const:false",
}


@pytest.fixture
def api() -> Iterator[ThirdParty]:
    with third_party(by_offset()) as party:
        yield party


@pytest.fixture
def shop(tmp_path: Path, api: ThirdParty) -> Shop:
    return Shop(tmp_path, api)


class Shop:
    """A specs folder with a source that reads the API, and its proof file."""

    def __init__(self, folder: Path, api: ThirdParty) -> None:
        self.api = api
        self._place = Workplace(folder / "checkout", "http://127.0.0.1:1", emulator=None)  # type: ignore[arg-type]
        self._place.settings(SETTINGS)
        self.source()
        self.proof()

    def source(self, key: str = "shop", **attributes: Any) -> Path:
        """The source, with these attributes in the place of its own."""
        entry = {
            "name": "Basic Authentication",
            "type": "BasicAuthentication",
            "spec": {
                "type": "object",
                "properties": {"username": {"type": "string"}, "password": {"type": "string", "format": "password"}},
                "required": ["username", "password"],
            },
        }
        known = {
            "urlParams": {"host": self.api.url, "path": "/v1/members", "method": "GET"},
            "contentPath": {"path": "$.members"},
            "paginationParams": PAGING,
        }
        return self._place.source(key, authSpec=[entry], sourceSpec={"attributes": known | attributes, "spec": {}})

    def proof(self, key: str = "shop", **content: Any) -> Path:
        params = {"username": {"env": "USER"}, "password": {"env": "PASSWORD"}}
        return self._place.file(f"proofs/{key}/proof.yaml", {"kind": "Proof", "auth": {"params": params}} | content)

    def run(self, *words: str, **environ: str) -> Ran:
        return self._place.run("try", *words, "--allow-local", **(ENVIRON | environ))


def test_a_right_spec_reads_every_record(shop: Shop) -> None:
    ran = shop.run("shop")
    assert ran.code == 0, ran.err
    assert "237 records in 3 requests" in ran.out
    assert [asked.query["offset"] for asked in shop.api.asked] == ["0", "100", "200"]


def test_a_wrong_name_of_the_offset_fails_at_its_line(shop: Shop) -> None:
    shop.source(paginationParams=PAGING | {"offSetName": "start"})
    ran = shop.run("shop", "--format", "json")
    assert ran.code == 4
    assert ran.json["outcome"] == "failed"
    found = next(finding for finding in ran.json["findings"] if finding["code"] == "same-page")
    assert found["level"] == "error"
    assert found["file"].endswith("specs/sources/shop/connection-spec.yaml")
    assert found["line"] == 1


def test_no_output_shows_the_password(shop: Shop, tmp_path: Path) -> None:
    for form in ("text", "json", "markdown", "html"):
        report = tmp_path / f"report-{form}.json"
        ran = shop.run("shop", "--curl", "-v", "--format", form, "--report", str(report))
        assert ran.code == 0
        for text in (ran.out, ran.err, report.read_text()):
            assert SECRET not in text
        assert "${PASSWORD}" in ran.out or "PASSWORD" in ran.out
