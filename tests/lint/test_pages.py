"""docs/rules.md is what the rules say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from reconciler.lint.pages import rule_text, rules_page
from reconciler.lint.registry import RULES
from reconciler.sources.findings import FINDINGS

PAGE = Path(__file__).parents[2] / "docs/rules.md"


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == rules_page(), "make rules"


def test_every_rule_has_a_section() -> None:
    headings = [line.removeprefix("## ") for line in rules_page().splitlines() if line.startswith("## ")]
    of_rules = headings[: headings.index("Findings of try")]
    assert of_rules == list(RULES)


def test_every_finding_of_a_trial_has_a_section_unless_a_rule_has_its_code() -> None:
    headings = [line.removeprefix("## ") for line in rules_page().splitlines() if line.startswith("## ")]
    assert sorted(headings) == sorted({*RULES, *FINDINGS, "Findings of try"})


def test_the_page_is_what_the_module_prints() -> None:
    ran = subprocess.run([sys.executable, "-m", "reconciler.lint"], check=True, capture_output=True)
    assert ran.stdout.decode("utf-8") == rules_page()


def test_a_rule_in_the_terminal_has_its_reason_and_both_examples() -> None:
    text = rule_text(RULES["version"])
    assert text.startswith('version (info): `version` is "1.0"\n')
    assert "\nfixable: no\n" in text
    assert '\nwrong:\n  version: "1.1"\n\nright:\n  version: "1.0"\n' in text
