"""Pictures: SVG made into PNG in the worker process, with the extra ``pictures``. Imports nothing heavy."""

from __future__ import annotations

ZOOM = 2.0
"""Twice the size, so that it is sharp on every screen."""


def png(svg: str) -> bytes | None:
    """Draw an SVG with the font that comes along; None where the extra is not installed.

    Raises:
        ValueError: it is not an SVG.
    """
    try:
        import font_manrope
        import resvg_py
    except ImportError:
        return None
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=ZOOM,
        skip_system_fonts=True,
        font_files=[font_manrope.Manrope, font_manrope.ManropeSemiBold],
        font_family="Manrope",
    )
    return bytes(drawn)
