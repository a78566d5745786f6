"""One try of one call over HTTP: a whole answer, or why there is none. The only module that knows the HTTP library."""

from __future__ import annotations

from typing import TypeAlias

import httpx

Wire: TypeAlias = httpx.BaseTransport
"""What carries requests below the client: a test, or the embedded service, hands in its own."""
