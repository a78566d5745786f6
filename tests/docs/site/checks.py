"""What must hold of the built site, whatever its pages say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.docs.console import PROJECT
from tests.docs.site.hooks import hooks
from tests.docs.site.structure import Shown, differences, shown


def pages(site: Path) -> dict[str, Shown]:
    """The pages of the site by their paths within it, without the page for addresses that are not there."""
    files = sorted(path for path in site.rglob("*.html") if path.name != "404.html")
    return {path.relative_to(site).as_posix(): shown(path.read_text()) for path in files}


def problems(site: Path) -> Iterator[str]:
    """Everything that is wrong with the site, one line each."""
    found = pages(site)
    if not found:
        yield f"{site}: no pages"
    for path, page in found.items():
        document = PROJECT / hooks.document_of(path.removesuffix(".html") + ".md")
        yield from (f"{path}: {line}" for line in differences(document.read_text(), page))
        yield from (f"{path}: loads {address} from elsewhere" for address in page.loaded if _is_elsewhere(address))
        yield from (f"{path}: {address} leads nowhere" for address in page.addresses if not _leads(address, path, site, found))
    yield from (f"{path}: no description of its own" for path in _undescribed(found))
    for style in site.rglob("*.css"):
        yield from (
            f"{style}: loads {url}" for url in re.findall(r"(?:@import|url\()\s*[\"']?(https?:[^\"')]+)", style.read_text())
        )


def _undescribed(found: Mapping[str, Shown]) -> list[str]:
    """Pages whose description is another page's; the front page has the site's."""
    seen: dict[str, str] = {}
    return [path for path, page in found.items() if not page.description or seen.setdefault(page.description, path) != path]


def _is_elsewhere(address: str) -> bool:
    return bool(urlsplit(address).netloc)


def _leads(address: str, path: str, site: Path, found: Mapping[str, Shown]) -> bool:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return parts.scheme in {"https", "mailto"}
    there = (site / path).parent.joinpath(unquote(parts.path)).resolve() if parts.path else (site / path).resolve()
    if there.is_dir():
        there /= "index.html"
    if not there.is_file() or not there.is_relative_to(site.resolve()):
        return False
    page = found.get(there.relative_to(site.resolve()).as_posix())
    return not parts.fragment or page is None or unquote(parts.fragment) in {*page.anchors, "__top"}
