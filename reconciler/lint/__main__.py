"""`python -m reconciler.lint`: docs/rules.md, on standard output."""

from __future__ import annotations

import sys

from reconciler.lint.pages import rules_page

sys.stdout.write(rules_page())
