"""The cells of a side-by-side table as markup: a page has so many that a template macro for each takes most of the time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from reconciler.reports.plan.html.diff import Cell, Mark

if TYPE_CHECKING:
    from markupsafe import Markup

_TAGS: Final = {Mark.DIFFERENT: ("<mark>", "</mark>"), Mark.NOTE: ("<i>", "</i>")}
_PLAIN: Final = ("", "")


class Cells:
    """Writes cells; `shown` makes one line of visible characters of a text, which is then escaped."""

    def __init__(self, shown: Callable[[str], str]) -> None:
        from markupsafe import Markup, escape  # noqa: PLC0415 - comes with jinja2, which only HTML needs

        self._markup = Markup
        self._escaped: Callable[[str], str] = lambda text: escape(shown(text))

    def side(self, cell: Cell | None, sign: str, name: str) -> Markup:
        """The two cells of one side of a row: the sign, and the line. None for a side without a line."""
        if cell is None:
            return self._markup('<td class="none"></td><td class="none"></td>')
        if cell[0].mark is Mark.NOTHING:
            return self._markup(f'<td></td><td class="nothing">{self._escaped(cell[0].text)}</td>')
        return self._markup(f'<td class="sign {name}">{sign}</td><td class="{name}">{self._text(cell)}</td>')

    def line(self, cell: Cell) -> Markup:
        """The text of a line."""
        return self._markup(self._text(cell))

    def _text(self, cell: Cell) -> str:
        return "".join(
            [f"{before}{self._escaped(piece.text)}{after}" for piece in cell for before, after in [_TAGS.get(piece.mark, _PLAIN)]]
        )
