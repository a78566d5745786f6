"""`python -m reconciler.explaining` writes docs/codes.md to standard output."""

from __future__ import annotations

import sys

from reconciler.explaining.pages import codes_page

sys.stdout.write(codes_page())
