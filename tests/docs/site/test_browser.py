"""What a reader of the site would run into is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.site.browser import on_a_phone, served
from tests.reports.plan.browser import needs_chromium, running_chromium

HEAD = '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'

pytestmark = needs_chromium


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<p>Fine</p>", []),
        ('<div style="width: 800px">wide</div>', ["page.html: 800 pixels wide on a phone of "]),
        (
            '<script>new Image().src = "http://127.0.0.1:9/a.png"</script>',
            ["page.html: asks http://127.0.0.1:9/a.png", "page.html: "],
        ),
        ("<script>nonsense()</script>", ["page.html: nonsense is not defined"]),
    ],
)
def test_a_page_is_looked_at_on_a_phone(body: str, said: list[str], tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(f"<!doctype html>{HEAD}<body style='margin: 0'>{body}")
    with served(tmp_path) as address, running_chromium() as browser:
        found = list(on_a_phone(browser, address, "page.html"))
    assert len(found) == len(said)
    assert all(line.startswith(beginning) for line, beginning in zip(found, said, strict=True))
