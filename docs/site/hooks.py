"""What the site needs besides mkdocs.yml.

It makes pages of the repository's other documents, leads links out of docs/ to the repository, and takes navigation and
descriptions from docs/README.md, which lists every page for readers on GitHub as well.
"""

from __future__ import annotations

import html
import posixpath
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

PROJECT: Final = Path(__file__).parents[2]
INDEX: Final = "docs/README.md"
OTHERS: Final = {
    "README.md": "index.md",
    INDEX: "contents.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security.md",
}
"""Documents that the site does not find under their own names, and what they are called in it."""
BRANCH: Final = "main"

_LISTED: Final = re.compile(r"^- \[(?P<title>[^\]]+)\]\((?P<path>[^)#\s]+\.md)\): (?P<description>.+(?:\n  .+)*)$", re.MULTILINE)
_LINK: Final = re.compile(r"(?P<before>\]\()(?P<path>[^)#\s]*)(?P<anchor>#[^)\s]*)?(?P<after>\))")
_FENCED: Final = re.compile(r"^(?P<indent> *)(?P<fence>```+).*?^(?P=indent)(?P=fence) *$", re.MULTILINE | re.DOTALL)
_CODE: Final = re.compile(r"`[^`\n]+`")
_COMMENT: Final = re.compile(r"^ *<!--.*?-->\n", re.MULTILINE | re.DOTALL)
_CONSOLE: Final = re.compile(r'(?P<tag><div class="language-console highlight)(?P<body>.*?</pre>)', re.DOTALL)
_ITEM: Final = re.compile(r"(?:[-*]|\d\.) (?=\S)")
_QUOTED: Final = re.compile(r'<blockquote>\s*<h\d id="([^"]+)"')
_INLINE: Final = re.compile(r"(?<!</span>)<code>[^<\n]+</code>")
_OPTION: Final = re.compile(r"(?<![\w-])--?[a-z][\w-]*")
_MARKS: Final = re.compile(r"[`*]|\[([^\]]*)\]\([^)]*\)")
_TAG: Final = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Listed:
    """A page in the index: its title in the navigation, where it is in the repository, and what it is about, in one line."""

    title: str
    path: str
    description: str


def sections(index: str) -> dict[str, list[Listed]]:
    """The pages of docs/README.md below each heading of level two."""
    parts = re.split(r"^## (.+)$", index, flags=re.MULTILINE)[1:]
    return {heading: list(_listed(text)) for heading, text in zip(parts[::2], parts[1::2], strict=True)}


def _listed(text: str) -> Iterator[Listed]:
    for found in _LISTED.finditer(text):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(INDEX), found["path"]))
        yield Listed(found["title"], path, " ".join(found["description"].split()))


def descriptions(index: str) -> dict[str, str]:
    """What each document is about, in words without marks; the index itself says it in its first line."""
    listed = {page.path: page.description for pages in sections(index).values() for page in pages}
    first = re.sub(r"^# .*\n+", "", index).partition(".")[0] + "."
    return {path: _MARKS.sub(r"\1", words) for path, words in {INDEX: first, **listed}.items()}


def page_of(path: str) -> str | None:
    """The page of the site that a document of the repository is, by its path from the root; None where it is none."""
    if path in OTHERS:
        return OTHERS[path]
    return path.removeprefix("docs/") if path.startswith("docs/") else None


def document_of(page: str) -> str:
    """The document that a page of the site is made from."""
    return next((path for path, name in OTHERS.items() if name == page), f"docs/{page}")


def for_the_site(text: str, path: str, repository: str) -> str:
    """A document's Markdown as the site's renderer reads it.

    Links lead to pages or to the repository, comments are left out, and a pipe in the code of a table is not escaped, which
    only GitHub needs.
    """
    return _outside(_FENCED, widened(text), lambda part: _prose(_COMMENT.sub("", part), path, repository))


def widened(text: str) -> str:
    """The text with what is in a list item indented by four, and an item apart from a second paragraph before it.

    The site's renderer needs both; GitHub does not.
    """
    lines, width, fenced, apart = [], 0, False, False
    for line in text.splitlines(keepends=True):
        mark = None if fenced else _ITEM.match(line)
        if mark:
            lines += ["\n"] if width and apart else []
            width, apart = len(mark[0]), False
        elif not line.strip():
            apart = True
        elif not line.startswith(" "):
            fenced ^= line.startswith("```")
            width = 0
        inside = width and not mark and line.strip() and line.startswith(" " * width)
        lines.append(" " * (4 - width) + line if inside else line)
    return "".join(lines)


def _prose(text: str, path: str, repository: str) -> str:
    lines = (
        _CODE.sub(lambda found: found[0].replace(r"\|", "|"), line) if line.startswith("|") else line
        for line in text.splitlines(keepends=True)
    )
    return _outside(_CODE, "".join(lines), lambda part: _LINK.sub(lambda found: _led(found, path, repository), part))


def _led(found: re.Match[str], path: str, repository: str) -> str:
    address, anchor = found["path"], found["anchor"] or ""
    within = f"{repository}/blob/{BRANCH}/"
    if address.startswith(within):
        there = address.removeprefix(within)
    elif not address or re.match(r"\w+:", address):
        return found[0]
    else:
        there = posixpath.normpath(posixpath.join(posixpath.dirname(path), address))
    page = page_of(there)
    if page is None and (PROJECT / there).exists():
        page = f"{repository}/{'tree' if (PROJECT / there).is_dir() else 'blob'}/{BRANCH}/{there}"
    return f"{found['before']}{page or address}{anchor}{found['after']}"


def _outside(pattern: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    """The text with everything changed that the pattern does not match."""
    parts, end = [], 0
    for found in pattern.finditer(text):
        parts += [change(text[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*parts, change(text[end:])])


def unbroken(page: str) -> str:
    """The HTML of a page whose lines do not end within the name of an option."""
    return _INLINE.sub(lambda found: _OPTION.sub(r'<span class="unbroken">\g<0></span>', found[0]), page)


def copied(page: str) -> str:
    """The HTML of a page whose copy buttons take the commands of a console block, without prompts and output."""
    return _CONSOLE.sub(_with_commands, page)


def _with_commands(found: re.Match[str]) -> str:
    text = html.unescape(_TAG.sub("", found["body"].partition(">")[2]))
    commands: list[str] = []
    goes_on = False
    for line in text.splitlines():
        if line.startswith("$ ") or goes_on:
            commands.append(line.removeprefix("$ "))
            goes_on = line.endswith("\\")
    wanted = html.escape("\n".join(commands), quote=True).replace("\n", "&#10;")
    head, _, rest = found["body"].partition(">")
    return f'{found["tag"]}{head} data-copy="{wanted}">{rest}'


def repository_of(pyproject: str) -> str:
    """The address of the repository, without a slash at its end. Raises KeyError where pyproject.toml does not say it."""
    urls = tomllib.loads(pyproject)["project"]["urls"]
    return str(urls["Repository"]).rstrip("/").removesuffix(".git")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Take the repository's address from pyproject.toml, and the navigation from the index."""
    repository = repository_of((PROJECT / "pyproject.toml").read_text())
    config.repo_url, config.repo_name = repository, "/".join(repository.split("/")[-2:])
    config.edit_uri = f"edit/{BRANCH}/docs/"
    listed = sections((PROJECT / INDEX).read_text())
    config.nav = [{heading: [{page.title: page_of(page.path)} for page in pages]} for heading, pages in listed.items()]
    config.nav[0][next(iter(listed))].append({"All pages": OTHERS[INDEX]})
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the documents that are not in docs/."""
    from mkdocs.structure.files import File  # noqa: PLC0415 - the functions above need no MkDocs

    for path, name in OTHERS.items():
        files.append(File.generated(config, name, content=(PROJECT / path).read_text()))
    files.append(File.generated(config, "style.css", content=(PROJECT / "docs/site/style.css").read_text()))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - MkDocs's names
    """Describe the page, lead its edit link to its document, and its links where they lead on GitHub."""
    path, repository = document_of(page.file.src_uri), str(config.repo_url)
    page.edit_url = f"{repository}/edit/{BRANCH}/{path}"
    page.meta["description"] = descriptions((PROJECT / INDEX).read_text()).get(path, config.site_description)
    return for_the_site(markdown, path, repository)


def on_page_content(page_html: str, *, page: Page, **_: Any) -> str:
    """Finish the HTML of a page, and leave quoted headings out of its table of contents."""
    quoted = set(_QUOTED.findall(page_html))
    for item in page.toc:
        for part in item.children:
            part.children[:] = [one for one in part.children if one.id not in quoted]
    return unbroken(copied(page_html))
