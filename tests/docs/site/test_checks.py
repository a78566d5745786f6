"""What is wrong with a built site is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.console import PROJECT
from tests.docs.site.checks import problems
from tests.docs.site.structure import differences, shown, written

HEAD = '<meta name="description" content="About {name}"><link rel="stylesheet" href="style.css">'
PAGE = '<html><head>{head}</head><body><a href="security.html">x</a><article class="md-content__inner">{text}</article></body></html>'


def site(folder: Path, *, text: str | None = None, head: str = HEAD, style: str = "") -> Path:
    """A site of one page that is right, unless said otherwise."""
    (folder / "style.css").write_text(style)
    parts = written((PROJECT / "SECURITY.md").read_text())
    right = "".join(f"<{tag}></{tag}>" * parts[tag] for tag in parts if " " not in tag)
    right = right.replace("<li></li>", "")
    body = right if text is None else text
    (folder / "security.html").write_text(PAGE.format(head=head.format(name="security"), text=body))
    return folder


def found(folder: Path) -> set[str]:
    return {line for line in problems(folder) if " shown, " not in line}


def test_a_page_that_is_right_has_no_problem(tmp_path: Path) -> None:
    assert found(site(tmp_path)) == set()


def test_an_empty_site_is_a_problem(tmp_path: Path) -> None:
    assert list(problems(tmp_path)) == [f"{tmp_path}: no pages"]


@pytest.mark.parametrize(
    "address", ["nowhere.html", "#nowhere", "security.html#nowhere", "../outside.html", "http://plain.example"]
)
def test_a_link_that_leads_nowhere_is_a_problem(address: str, tmp_path: Path) -> None:
    assert found(site(tmp_path, text=f'<a href="{address}">x</a>')) == {f"security.html: {address} leads nowhere"}


@pytest.mark.parametrize("address", ["security.html", "#there", "security.html#there", "style.css", "https://adobe.example/#x"])
def test_a_link_that_leads_somewhere_is_none(address: str, tmp_path: Path) -> None:
    assert found(site(tmp_path, text=f'<a href="{address}">x</a><p id="there"></p>')) == set()


@pytest.mark.parametrize("tag", ['<script src="{}"></script>', '<img src="{}">', '<link rel="stylesheet" href="{}">'])
def test_a_page_that_loads_from_another_host_is_a_problem(tag: str, tmp_path: Path) -> None:
    address = "https://fonts.example/a"
    assert found(site(tmp_path, text=tag.format(address))) == {f"security.html: loads {address} from elsewhere"}


def test_a_style_that_loads_from_another_host_is_a_problem(tmp_path: Path) -> None:
    assert found(site(tmp_path, style='@import "https://fonts.example/a.css";')) == {
        f"{tmp_path / 'style.css'}: loads https://fonts.example/a.css"
    }


def test_a_page_without_a_description_is_a_problem(tmp_path: Path) -> None:
    assert found(site(tmp_path, head="")) == {"security.html: no description of its own"}


def test_a_block_that_falls_out_of_its_item_is_a_difference() -> None:
    page = shown('<div class="md-content__inner"><ol><li>a</li></ol><pre><code>b</code></pre></div>')
    assert differences("1. a\n\n   ```\n   b\n   ```\n", page) == ["pre in a list: 0 shown, 1 written"]


def test_what_the_theme_adds_is_no_difference() -> None:
    page = shown('<a href="x">menu</a><div class="md-content__inner"><a class="headerlink" href="#a">¶</a><h1>A</h1></div>')
    assert differences("# A\n", page) == []
