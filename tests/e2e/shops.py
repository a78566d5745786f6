"""A source of an API over HTTP, its proof, and a recording of it."""

from __future__ import annotations

from typing import Any

from tests.e2e.third_party import ThirdParty
from tests.e2e.workplace import Workplace

ENVIRON = {
    "RECONCILER_PROOF_USER": "jane-doe",
    "RECONCILER_PROOF_PASSWORD": "hunter2-and-more",
    "RECONCILER_PROOF_HOSTS": "127.0.0.1",
}
PAGING = {
    "type": "OFFSET",
    "limitName": "limit",
    "limitValue": "100",
    "offSetName": "offset",
    "endConditionName": "$.hasMore",
    "endConditionValue": "Const:false",
}


def write_shop(work: Workplace, api: ThirdParty, paging: dict[str, Any] = PAGING, **sections: Any) -> None:
    """The files of a source that reads the API with this pagination."""
    properties = {"username": {"type": "string"}, "password": {"type": "string", "format": "password"}}
    entry = {"name": "Basic", "type": "BasicAuthentication", "spec": {"type": "object", "properties": properties}}
    attributes = {
        "uiAttributes": {"isBeta": True},
        "urlParams": {"host": api.url, "path": "/v1/members", "method": "GET"},
        "contentPath": {"path": "$.members"},
        "paginationParams": paging,
    }
    work.source("shop", authSpec=[entry], **{"sourceSpec": {"attributes": attributes}} | sections)
    params = {"username": {"env": "USER"}, "password": {"env": "PASSWORD"}}
    work.file("proofs/shop/proof.yaml", {"kind": "Proof", "auth": {"params": params}})


def record_shop(work: Workplace) -> None:
    """A recording of the API, made with the installed command."""
    ran = work.run("try", "shop", "--record", "--allow-local", **ENVIRON)
    assert ran.code == 0, ran.out + ran.err
