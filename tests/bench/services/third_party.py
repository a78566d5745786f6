"""A third-party API with a hundred records a page: `python -m tests.bench.services.third_party PAGES` prints its address, and serves."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from typing import Final

ROWS: Final = 100
"""Records of each page."""
_OFFSET: Final = re.compile(rb"[?&]offset=(\d+)")
_MARK: Final = "@@@@@@@@"
_MORE, _NO_MORE = b'"hasMore": true', b'"hasMore": false'


class Pages(asyncio.Protocol):
    """One connection. Each page has other records, and the last one says that it is the last."""

    def __init__(self, pages: int) -> None:
        rows = [{"id": f"{_MARK}{number}", "name": f"Person {number}", "tags": ["a", "b"], "at": None} for number in range(ROWS)]
        self._body = json.dumps({"members": rows, "hasMore": True}).encode()
        self._end = pages * ROWS
        self._read = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        while b"\r\n\r\n" in self._read:
            head, _, self._read = self._read.partition(b"\r\n\r\n")
            found = _OFFSET.search(head)
            body = self._page(int(found[1]) if found else 0)
            said = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
            assert self._transport is not None
            self._transport.write(said + body)

    def _page(self, offset: int) -> bytes:
        body = self._body.replace(_MARK.encode(), b"%08d" % offset)
        return body if offset + ROWS < self._end else body.replace(_MORE, _NO_MORE)


async def main(pages: int) -> None:
    """Serve on a free port of the loopback until a signal."""
    server = await asyncio.get_running_loop().create_server(lambda: Pages(pages), "127.0.0.1", 0)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
