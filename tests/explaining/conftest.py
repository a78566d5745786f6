from __future__ import annotations

from tests.cli.conftest import reconciler

__all__ = ["reconciler"]
