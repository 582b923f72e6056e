"""The picture of a case: costs and benefits by year, and below them what they come to, with payback.

Readable in print and in grey: costs are hatched, benefits are full, the accumulated net is a line with dots.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gevinst_benefits.papers.svg import Drawing


@dataclass(frozen=True, slots=True)
class Span:
    """Some years that are shown as one: their sums, and the accumulated net at their end."""

    first_year: int
    last_year: int
    costs: Decimal
    benefits: Decimal
    net: Decimal
    accumulated: Decimal


@dataclass(frozen=True, slots=True)
class CashFlow:
    """What is drawn: at least one span, `payback_year` where there is one.

    The axes count in `divisor` of the currency, called `unit`; `write` makes the text of a number with so
    many decimals.
    """

    spans: Sequence[Span]
    payback_year: int | None
    divisor: int
    unit: str
    write: Callable[[Decimal, int], str]


@dataclass(frozen=True, slots=True)
class ChartWords:
    """What stands in the picture; the title and the description are for those who cannot see it."""

    title: str
    description: str
    costs: str
    benefits: str
    accumulated: str
    payback: str


@dataclass(frozen=True, slots=True)
class _Panel:
    """A stretch of the picture from `top` to `bottom` that shows the values from `low` to `high`."""

    top: float
    bottom: float
    low: float
    high: float

    def y(self, value: float) -> float:
        return self.bottom - (value - self.low) / (self.high - self.low) * (self.bottom - self.top)


_WIDTH, _HEIGHT, _LEFT, _RIGHT = 640.0, 340.0, 62.0, 632.0
_GRID = 'stroke="#c4c4c4" stroke-width="0.6"'
_ZERO = 'stroke="#222222" stroke-width="1.1"'
_BENEFIT = 'fill="#1f4e79" stroke="#1f4e79" stroke-width="0.8"'
_COST = 'fill="url(#hatch)" stroke="#333333" stroke-width="0.8"'
_LINE = 'stroke="#111111" stroke-width="1.8" stroke-linejoin="round"'
_PAYBACK = 'stroke="#111111" stroke-width="1" stroke-dasharray="3 3"'
_HATCH = (
    '<pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse">'
    '<rect width="4" height="4" fill="#ffffff"/>'
    '<path d="M-1 5L5 -1M-1 1L1 -1M3 5L5 3" stroke="#555555" stroke-width="0.8"/></pattern>'
)


def cash_flow_svg(flow: CashFlow, words: ChartWords) -> str:
    """The picture as SVG, 640 × 340 points."""
    drawing = Drawing(_WIDTH, _HEIGHT, definitions=_HATCH)
    drawing.rectangle(0, 0, _WIDTH, _HEIGHT, look='fill="#ffffff"')
    amounts = [amount for span in flow.spans for amount in (span.costs, span.benefits)]
    upper = _panel(30, 156, amounts, flow.divisor)
    lower = _panel(200, 316, [span.accumulated for span in flow.spans], flow.divisor)
    for panel in (upper, lower):
        _axis(drawing, panel, flow)
    _legend(drawing, flow, words)
    _bars(drawing, upper, flow)
    _accumulated(drawing, lower, flow, words)
    _years(drawing, flow.spans)
    return drawing.svg(words.title, words.description)


def tick_step(low: float, high: float) -> float:
    """A step of 1, 2 or 5 × a power of ten that goes at most five times into the range; `low < high`.

    Check: from 0 to 1300 it is 500.
    """
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough * (1 - 1e-9))


def _panel(top: float, bottom: float, amounts: Sequence[Decimal], divisor: int) -> _Panel:
    values = [float(amount) / divisor for amount in amounts]
    low, high = min(0.0, *values), max(0.0, *values)
    if low == high:
        high = 1.0
    step = tick_step(low, high)
    return _Panel(top, bottom, math.floor(low / step) * step, math.ceil(high / step) * step)


def _axis(drawing: Drawing, panel: _Panel, flow: CashFlow) -> None:
    step = tick_step(panel.low, panel.high)
    places = max(0, -math.floor(math.log10(step)))
    for tick in range(round(panel.low / step), round(panel.high / step) + 1):
        y = panel.y(tick * step)
        drawing.line([(_LEFT, y), (_RIGHT, y)], look=_GRID if tick else _ZERO)
        written = flow.write(Decimal(str(round(tick * step, places))), places)
        drawing.text(_LEFT - 6, y + 3.5, written, anchor="end")


def _legend(drawing: Drawing, flow: CashFlow, words: ChartWords) -> None:
    place = _LEFT
    for look, said in ((_COST, words.costs), (_BENEFIT, words.benefits)):
        drawing.rectangle(place, 6, 12, 10, look=look)
        drawing.text(place + 17, 15, said)
        place += 17 + 6.2 * len(said) + 18
    drawing.text(_RIGHT, 15, flow.unit, anchor="end")


def _bars(drawing: Drawing, panel: _Panel, flow: CashFlow) -> None:
    wide = min(18.0, _step(flow.spans) * 0.36)
    for place, span in enumerate(flow.spans):
        middle = _middle(flow.spans, place)
        for left, amount, look in ((middle - wide, span.costs, _COST), (middle, span.benefits, _BENEFIT)):
            if amount:
                ends = panel.y(float(amount) / flow.divisor), panel.y(0)
                drawing.rectangle(left, min(ends), wide, abs(ends[0] - ends[1]), look=look)


def _accumulated(drawing: Drawing, panel: _Panel, flow: CashFlow, words: ChartWords) -> None:
    drawing.text(_LEFT, 188, words.accumulated, is_bold=True)
    points = [
        (_middle(flow.spans, place), panel.y(float(span.accumulated) / flow.divisor))
        for place, span in enumerate(flow.spans)
    ]
    paid_back = [
        place
        for place, span in enumerate(flow.spans)
        if flow.payback_year is not None and span.first_year <= flow.payback_year <= span.last_year
    ]
    for place in paid_back:
        x = points[place][0]
        drawing.line([(x, panel.top), (x, panel.bottom)], look=_PAYBACK)
        anchor = "end" if x > (_LEFT + _RIGHT) / 2 else "start"
        drawing.text(x + (-6 if anchor == "end" else 6), panel.top - 3, words.payback, anchor=anchor)
    drawing.line(points, look=_LINE)
    for place, (x, y) in enumerate(points):
        look = (
            'fill="#111111"' if place in paid_back else 'fill="#ffffff" stroke="#111111" stroke-width="1.4"'
        )
        drawing.dot(x, y, 4.5 if place in paid_back else 3, look=look)


def _years(drawing: Drawing, spans: Sequence[Span]) -> None:
    # A label needs about 34 points.
    every = math.ceil(34 / _step(spans))
    for place, span in enumerate(spans):
        if place % every == 0:
            drawing.text(_middle(spans, place), 333, str(span.first_year), anchor="middle")


def _step(spans: Sequence[Span]) -> float:
    return (_RIGHT - _LEFT) / len(spans)


def _middle(spans: Sequence[Span], place: int) -> float:
    return _LEFT + (place + 0.5) * _step(spans)
