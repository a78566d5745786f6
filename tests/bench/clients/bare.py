"""The floor of a trial: `python -m tests.bench.clients.bare URL` requests the same pages and decodes them, and does nothing else."""

from __future__ import annotations

import sys

import httpx


def read_pages(url: str) -> int:
    """How many records all pages have."""
    records = 0
    with httpx.Client() as client:
        while True:
            page = client.get(f"{url}/members?limit=100&offset={records}").json()
            records += len(page["members"])
            if not page["hasMore"]:
                return records


if __name__ == "__main__":
    read_pages(sys.argv[1])
