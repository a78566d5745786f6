"""The floor of a plan: `python -m tests.bench.clients.floor SPECS [SANDBOX…]`, with the service in the environment as commands have it.

It reads the same files, parses them with the project's own loader, and GETs and decodes the same two lists; it compares nothing and
keeps nothing.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx
import msgspec

from reconciler.texts.yaml import read_yaml
from tests.bench.generate import ORG

COLLECTIONS = ("connectionSpecs", "flowSpecs")


def read_files(specs: Path) -> int:
    """How many mappings the files are."""
    return sum(isinstance(read_yaml(file.read_bytes()).value, dict) for file in sorted((specs / "sources").rglob("*.yaml")))


def read_lists(environ: Mapping[str, str], sandboxes: Sequence[str]) -> int:
    """How many specs are live in all of these sandboxes."""
    place = {name: environ[f"RECONCILER_BENCH_{name}"] for name in ("BASE_URL", "TOKEN_URL")}
    client_id, secret = environ["RECONCILER_CLIENT_ID"], environ["RECONCILER_CLIENT_SECRET"]
    with httpx.Client(timeout=600, trust_env=False) as client:
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret, "scope": "openid"}
        token = client.post(place["TOKEN_URL"], data=form).json()["access_token"]
        headers = {
            "Authorization": f"Bearer {token}",
            "x-api-key": client_id,
            "x-gw-ims-org-id": ORG,
        }
        answers = (
            client.get(f"{place['BASE_URL']}/{name}", headers=headers | {"x-sandbox-name": sandbox})
            for sandbox in sandboxes
            for name in COLLECTIONS
        )
        return sum(len(msgspec.json.decode(answer.raise_for_status().content)["items"]) for answer in answers)


if __name__ == "__main__":
    gc.set_threshold(500_000, 50, 50)  # as the command line has it
    read_files(Path(sys.argv[1]))
    read_lists(os.environ, sys.argv[2:] or [os.environ["RECONCILER_BENCH_SANDBOX"]])
