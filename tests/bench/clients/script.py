"""What a careful user writes instead: `python -m tests.bench.clients.script SPECS`, with the service in the environment as for the floor.

Spec files are read with ruamel.yaml, each live spec with a GET of its own over one `requests` session, found by its name in the list, and
DeepDiff says whether it differs. It knows no markers, no overlays and no semantics of lists, prints what differs, and writes nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests
from deepdiff import DeepDiff
from ruamel.yaml import YAML

from tests.bench.generate import ORG

_TIMEOUT = 60
_OF_THE_SERVICE = ("id", "createdAt", "updatedAt", "createdBy", "updatedBy", "createdClient", "updatedClient", "etag")


def compare(specs: Path, environ: Mapping[str, str]) -> int:
    """How many specs are new or differ."""
    with requests.Session() as session:
        _authorize(session, environ)
        base = f"{environ['RECONCILER_BENCH_BASE_URL']}/connectionSpecs"
        listed = session.get(base, timeout=_TIMEOUT).json()["items"]
        ids = {(item["name"], item["providerId"]): item["id"] for item in listed}
        yaml, changed = YAML(typ="safe"), 0
        for file in sorted((specs / "sources").rglob("*.yaml")):
            body = yaml.load(file.read_bytes())["spec"]
            found = ids.get((body["name"], body["providerId"]))
            if found is None or _differs(body, session.get(f"{base}/{found}", timeout=_TIMEOUT).json()):
                changed += 1
    return changed


def _authorize(session: requests.Session, environ: Mapping[str, str]) -> None:
    client_id, secret = environ["RECONCILER_CLIENT_ID"], environ["RECONCILER_CLIENT_SECRET"]
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret, "scope": "openid"}
    token = session.post(environ["RECONCILER_BENCH_TOKEN_URL"], data=form, timeout=_TIMEOUT).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "x-api-key": client_id, "x-gw-ims-org-id": ORG}
    session.headers.update(headers | {"x-sandbox-name": environ["RECONCILER_BENCH_SANDBOX"]})


def _differs(body: dict[str, Any], answer: dict[str, Any]) -> bool:
    live = answer["items"][0] if "items" in answer else answer
    live = {name: value for name, value in live.items() if name not in _OF_THE_SERVICE}
    live["attributes"] = {name: value for name, value in live.get("attributes", {}).items() if name != "reconciler"}
    return bool(DeepDiff(live, body, ignore_order=True))


if __name__ == "__main__":
    sys.stdout.write(f"{compare(Path(sys.argv[1]), os.environ)} specs differ\n")
