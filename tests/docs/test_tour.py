"""README.md: the picture and the comment that it shows are those of today."""

from __future__ import annotations

import html
import re
from pathlib import Path

from tests.docs.console import PROJECT, Console, section
from tests.docs.tour import picture


def test_the_comment_that_the_readme_shows_is_in_the_plan_for_github(tmp_path: Path) -> None:
    console = Console.begun(tmp_path / "tour")
    path = console.folder / "specs/sources/mailchimp-members/connection-spec.yaml"
    console.run("reconciler apply --yes")
    path.write_text(path.read_text().replace('limitValue: "100"', 'limitValue: "200"'))
    printed = as_read(console.run("git commit -qam change && reconciler plan --format markdown"))
    shown = section((PROJECT / "README.md").read_text(), "On GitHub")
    quoted = re.findall(r"^> (?!###|Merging|\| ---)(.+)$", shown, re.MULTILINE)
    assert len(quoted) >= 7
    for line in quoted:
        assert re.search(".*".join(map(re.escape, as_read(line).split("…"))), printed), line


def as_read(markdown: str) -> str:
    """Without marks of code and escapes, as somebody reads it."""
    return html.unescape(re.sub(r"</?code>|<wbr>|`", "", markdown))


def test_the_picture_of_the_readme_is_the_plan_as_it_is_printed_now() -> None:
    assert (PROJECT / "docs" / "plan.svg").read_text() == picture(), "docs/plan.svg is out of date: run `make picture`"
