"""`python -m reconciler.lint` writes docs/rules.md to standard output."""

from __future__ import annotations

import sys

from reconciler.lint.pages import rules_page

sys.stdout.write(rules_page())
