"""Where the pages are: in the submission, and in a fork of Adobe's documentation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reconciler.submission.artifacts import Artifacts, kebab

_IN_FORK: Final = "help/sources"
PAGES: Final = "Documentation/"
"""The folder of the pages in a submission."""
_FOLDERS: Final = {"eCommerce": "ecommerce", "database": "databases"}
"""Folders of Adobe's documentation that are not the category's key in kebab case."""
NO_CATEGORY: Final = "your-category"


@dataclass(frozen=True, slots=True)
class PagePaths:
    """The paths of the pages of one source."""

    category: str
    name: str

    @classmethod
    def of(cls, key: str, artifacts: Artifacts) -> PagePaths:
        """The paths for this key; names are in kebab case."""
        category = artifacts.category
        return cls(_FOLDERS.get(category, kebab(category)) if category else NO_CATEGORY, kebab(key))

    @property
    def api(self) -> str:
        return f"{PAGES}api/{self.category}/{self.name}.md"

    @property
    def ui(self) -> str:
        return f"{PAGES}ui/{self.category}/{self.name}.md"

    @property
    def overview(self) -> str:
        return f"{PAGES}connectors/{self.category}/{self.name}.md"

    @property
    def images(self) -> str:
        return f"{PAGES}images/README.md"

    def in_fork(self, path: str) -> str | None:
        """The path of a page in the repository of Adobe's documentation; None for a file that does not belong there."""
        return {
            self.api: f"{_IN_FORK}/tutorials/api/create/{self.category}/{self.name}.md",
            self.ui: f"{_IN_FORK}/tutorials/ui/create/{self.category}/{self.name}.md",
            self.overview: f"{_IN_FORK}/connectors/{self.category}/{self.name}.md",
        }.get(path)
