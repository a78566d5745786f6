"""The floor of an apply: `python -m tests.bench.clients.bare_writes create|edit COUNT WORKERS` sends the same requests, and that is all.

For each spec a look at its name, a POST and a GET, or a GET, a PUT and a GET. It prints the seconds on the clock of the requests alone.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import httpx

from tests.bench.generate import ORG, body

COLLECTION = "/connectionSpecs"


def connect(environ: Mapping[str, str]) -> httpx.Client:
    """A client with a token, of the sandbox in the environment."""
    client = httpx.Client(timeout=600, trust_env=False)
    client_id, secret = environ["RECONCILER_CLIENT_ID"], environ["RECONCILER_CLIENT_SECRET"]
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret, "scope": "openid"}
    token = client.post(environ["RECONCILER_BENCH_TOKEN_URL"], data=form).json()["access_token"]
    client.base_url = environ["RECONCILER_BENCH_BASE_URL"]
    client.headers.update(
        {
            "Authorization": f"Bearer {token}",
            "x-api-key": client_id,
            "x-gw-ims-org-id": ORG,
            "x-sandbox-name": environ["RECONCILER_BENCH_SANDBOX"],
        }
    )
    return client


def create_in(client: httpx.Client) -> Callable[[Mapping[str, Any]], None]:
    """What creates one spec."""

    def create(spec: Mapping[str, Any]) -> None:
        client.get(COLLECTION, params={"property": f"name=={spec['name']}"}).raise_for_status().json()
        created = client.post(COLLECTION, json=spec).raise_for_status().json()
        client.get(f"{COLLECTION}/{created['id']}").raise_for_status().json()

    return create


def edit_in(client: httpx.Client) -> Callable[[str], None]:
    """What edits one spec."""

    def edit(spec_id: str) -> None:
        address = f"{COLLECTION}/{spec_id}"
        got = client.get(address).raise_for_status()
        live = got.json()["items"][0]
        live["sourceSpec"]["attributes"]["paginationParams"]["limitValue"] = "250"
        etag = {"If-Match": got.headers["etag"]} if "etag" in got.headers else {}
        client.put(address, json=live, headers=etag).raise_for_status()
        client.get(address).raise_for_status().json()

    return edit


def main(what: str, count: int, workers: int) -> None:
    """Write, and print the seconds that it took."""
    with closing(connect(os.environ)) as client, ThreadPoolExecutor(workers) as pool:
        function: Callable[[Any], None]
        items: list[Any]
        if what == "create":
            function, items = create_in(client), [body(index) for index in range(count)]
        else:
            listed = client.get(COLLECTION).json()["items"]
            function, items = edit_in(client), [item["id"] for item in listed if item["name"].startswith("Bench source ")]
        start = time.perf_counter()
        for _ in pool.map(function, items):
            pass
        seconds = time.perf_counter() - start
    sys.stdout.write(json.dumps({"seconds": seconds, "specs": len(items)}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
