"""A year of weeks as SVG: a shape for each state, so that it can be read without colours. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

NAME = "weeks.png"
CELL, GAP, COLUMNS, MARGIN = 28, 8, 13, 24
TITLE_AT, GRID_AT, LEGEND_STEP = 44, 68, 26
WIDTH = 2 * MARGIN + COLUMNS * (CELL + GAP) - GAP
PAPER, INK, QUIET = "#1f2430", "#f2f4f8", "#8d97ab"
GOOD, CAUGHT, COLD = "#4fb477", "#c9b458", "#6fa8dc"


def weeks_svg(title: str, states: Sequence[str], legend: Sequence[tuple[str, str]]) -> str:
    """Draw weeks as cells, oldest first, thirteen (a quarter of a year) in a row.

    `legend` are (state, its word), in the order in which they are explained.
    """
    rows = -(-len(states) // COLUMNS)
    legend_at = GRID_AT + rows * (CELL + GAP) + GAP
    height = legend_at + len(legend) * LEGEND_STEP + MARGIN - GAP
    cells = [
        _cell(state, MARGIN + (place % COLUMNS) * (CELL + GAP), GRID_AT + (place // COLUMNS) * (CELL + GAP))
        for place, state in enumerate(states)
    ]
    words: list[str] = []
    for number, (state, word) in enumerate(legend):
        top = legend_at + number * LEGEND_STEP
        words += [
            f'<g transform="translate({MARGIN} {top}) scale(0.6)">{_cell(state, 0, 0)}</g>',
            _text(word, MARGIN + CELL, top + CELL // 2, 14, QUIET),
        ]
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}">',
            f'<rect width="{WIDTH}" height="{height}" rx="12" fill="{PAPER}"/>',
            _text(title, MARGIN, TITLE_AT, 20, INK, weight=600),
            *cells,
            *words,
            "</svg>",
        ]
    )


def _cell(state: str, left: int, top: int) -> str:
    """One week: full, half full, a diamond, an outline, a dashed one, or a dot where nothing counts."""
    middle, right, bottom = CELL // 2, left + CELL, top + CELL
    box = f'<rect x="{left}" y="{top}" width="{CELL}" height="{CELL}" rx="6"'
    outline = f'{box} fill="none" stroke="{QUIET}" stroke-width="2"/>'
    match state:
        case "kept":
            return f'{box} fill="{GOOD}"/>'
        case "caught":
            size = f'width="{CELL}" height="{middle}"'
            return f'<rect x="{left}" y="{top + middle}" {size} rx="6" fill="{CAUGHT}"/>{outline}'
        case "frozen":
            x, y = left + middle, top + middle
            points = f"{x},{top} {right},{y} {x},{bottom} {left},{y}"
            return f'<polygon points="{points}" fill="{COLD}"/>'
        case "missed":
            return outline
        case "open":
            return outline.replace("/>", ' stroke-dasharray="4 4"/>')
        case _:
            return f'<circle cx="{left + middle}" cy="{top + middle}" r="4" fill="{QUIET}"/>'


def _text(words: str, left: int, base: int, size: int, colour: str, weight: int = 400) -> str:
    """A line of text in the font that comes along."""
    look = f'font-family="Manrope" font-size="{size}" font-weight="{weight}" fill="{colour}"'
    return f'<text x="{left}" y="{base}" {look}>{escape(words)}</text>'
