"""Plots drawn as PNG, for mail: no program that reads mail shows SVG.

Set by typst from a template of ours; no file is read and no typeface of the system is used, so the same
plot gives the same bytes everywhere.
"""

import json
from functools import cache, lru_cache
from importlib.resources import files

import typst

from gevinst_notifications.clients.palettes import LIGHT
from gevinst_notifications.domain.plots import Plot
from gevinst_notifications.domain.wording import Language, shortened

WIDTH = 380
_PIXELS_PER_POINT = 2
_LONGEST_LABEL = 60


@lru_cache(maxsize=128)
def png(plot: Plot, language: Language) -> bytes:
    """The plot, `WIDTH` CSS pixels wide and twice as many in dots. A notice to many is drawn once."""
    members = {
        "language": language,
        "surface": LIGHT.surface,
        "line": LIGHT.line,
        "text": LIGHT.text,
        "muted": LIGHT.muted,
        "accent": LIGHT.accent,
        "bars": [
            {
                "label": shortened(bar.label, _LONGEST_LABEL),
                "value": bar.value,
                "text": bar.text,
                "is_strong": bar.is_strong,
            }
            for bar in plot.bars
        ],
    }
    return typst.compile(
        _template(),
        font_paths=_typefaces(),
        ignore_system_fonts=True,
        sys_inputs={"plot": json.dumps(members)},
        format="png",
        ppi=72 * _PIXELS_PER_POINT,
    )


@cache
def _template() -> bytes:
    return files("gevinst_notifications").joinpath("templates", "bars.typ").read_bytes()


@cache
def _typefaces() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)
