"""Planned against realised, by year: what benefits were to take out of budgets, and what came of it (M1, E2).

What is not both booked and verified yet is missing, which is not zero (B6): it is no bar, and it is said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gevinst_benefits.domain.money.reconciliation import YearFigures
from gevinst_shared.charts.chart import Chart, Grammar, Table
from gevinst_shared.charts.empty import empty_chart
from gevinst_shared.charts.specification import OWN_LEGENDS, Json, View, amounts, entry, mixed, vega_lite
from gevinst_shared.charts.words import Scale, Words
from gevinst_shared.values.money import Money

NAME = "planned-against-realised"
_PARTS = ("planned", "booked", "realised")


@dataclass(frozen=True, slots=True)
class BenefitYears:
    """The reconciled years of one benefit; `money` is that of its estimate."""

    money: Money
    years: Sequence[YearFigures]


@dataclass(frozen=True, slots=True)
class YearTogether:
    """A year of all benefits, in whole hundredths. `planned_count` have something planned in it, and of
    `missing` of these nothing is both booked and verified. A sum is None where no part of it is there."""

    year: int
    planned: int | None
    booked: int | None
    realised: int | None
    planned_count: int
    missing: int


@dataclass(frozen=True, slots=True)
class Together:
    """All years in one currency at one price level; `today` is the year that the reader lives in."""

    currency: str
    price_year: int
    today: int
    years: Sequence[YearTogether]

    @property
    def due(self) -> list[YearTogether]:
        """The years in which something should be there by now."""
        return [year for year in self.years if year.year <= self.today]


def together(benefits: Iterable[BenefitYears], *, today: int) -> Together | None:
    """The sums by year; None where no benefit has any year. Refuses `MixedMoney` (C1)."""
    found: dict[int, list[YearFigures]] = {}
    whole: Money | None = None
    for one in benefits:
        if one.years:
            zero = Money(Decimal(0), one.money.currency, one.money.price_year)
            whole = zero if whole is None else whole + zero
        for year in one.years:
            found.setdefault(year.year, []).append(year)
    if whole is None:
        return None
    years = [_year(year, figures) for year, figures in sorted(found.items())]
    return Together(whole.currency, whole.price_year, today, years)


def chart(name: str | None, found: Together | None, view: View) -> Chart:
    """The chart of a place, or of one whose name is not known here; with nothing found it says so."""
    words = view.words
    title = words.say(f"{NAME}.title") if name is None else words.say(f"{NAME}.title-of", name=name)
    if found is None:
        return empty_chart(view, NAME, title, words.say("planned-against-realised.empty"))
    message, notes = _message(found, words), _notes(found, words)
    specification = vega_lite(view, title, [message, *notes], height=300)
    _draw(specification, found, view)
    return Chart(
        name=NAME,
        language=words.language,
        title=title,
        description=message,
        grammar=Grammar.VEGA_LITE,
        specification=specification,
        tables=(_table(title, found, words),),
        notes=notes,
    )


def _year(year: int, figures: Sequence[YearFigures]) -> YearTogether:
    planned = [one for one in figures if one.planned]
    return YearTogether(
        year=year,
        planned=_sum([one.planned for one in figures]),
        booked=_sum([one.booked for one in figures]),
        realised=_sum([one.realised for one in figures]),
        planned_count=len(planned),
        missing=sum(1 for one in planned if one.realised is None),
    )


def _sum(parts: Sequence[int | None]) -> int | None:
    there = [part for part in parts if part is not None]
    return sum(there) if there else None


def _message(found: Together, words: Words) -> str:
    due = found.due
    planned = _amount(sum(year.planned or 0 for year in due))
    realised = _sum([year.realised for year in due])
    values = {
        "planned": words.money(planned, found.currency),
        "year": found.today,
        "prices": found.price_year,
    }
    if not due or not planned:
        ahead = _amount(sum(year.planned or 0 for year in found.years))
        said = words.money(ahead, found.currency)
        first, last = found.years[0].year, found.years[-1].year
        return words.say(
            "planned-against-realised.ahead", planned=said, first=first, last=last, prices=found.price_year
        )
    if realised is None:
        return words.say("planned-against-realised.nothing-verified", **values)
    return words.say(
        "planned-against-realised.message",
        realised=words.money(_amount(realised), found.currency),
        share=words.percent(_amount(realised) / planned),
        **values,
    )


def _notes(found: Together, words: Words) -> list[str]:
    incomplete = [year for year in found.due if year.missing]
    if not incomplete:
        return []
    missing = sum(year.missing for year in incomplete)
    whole = sum(year.planned_count for year in found.due)
    years = _spans([year.year for year in incomplete])
    return [words.say("planned-against-realised.missing", missing=missing, whole=whole, years=years)]


def _spans(years: Sequence[int]) -> str:
    """Ascending years in words.   Check: 2024, 2025, 2026, 2030 are 2024–2026, 2030."""
    spans: list[list[int]] = []
    for year in years:
        if spans and spans[-1][-1] == year - 1:
            spans[-1] = [spans[-1][0], year]
        else:
            spans.append([year])
    return ", ".join("–".join(map(str, span)) for span in spans)


def _draw(specification: Json, found: Together, view: View) -> None:
    words, scheme = view.words, view.scheme
    values = [_row(year, found.today) for year in found.years]
    sums = [
        _amount(part) for year in found.years for part in (year.planned, year.booked, year.realised) if part
    ]
    scale = words.scale(sums, found.currency)
    names = {part: words.say(f"{NAME}.{part}") for part in ("planned", "booked", "realised", "incomplete")}
    year = {
        "field": "year",
        "type": "ordinal",
        "axis": {"title": None, "labelAngle": 0, "labelOverlap": True},
    }
    width = min(0.8 * (view.inner - 60) / max(1, len(values)), 56)
    pale, strong = mixed(scheme.colour(0), scheme.surface, 0.16), scheme.colour(0)
    specification |= {
        "data": {"values": values},
        "encoding": {"x": year},
        "resolve": OWN_LEGENDS,
        "layer": [
            entry(
                names["planned"],
                {"type": "bar", "width": width, "fill": pale, "stroke": strong, "strokeWidth": 1.5},
                {"y": _amounts(values, scale)},
                look={"fill": pale, "stroke": strong},
            ),
            entry(
                names["realised"],
                {"type": "bar", "width": width * 0.55},
                {"y": {"field": "realised", "type": "quantitative"}},
                look={"fill": strong},
            ),
            entry(
                names["booked"],
                {"type": "tick", "thickness": 3, "size": width, "orient": "horizontal", "opacity": 1},
                {"y": {"field": "booked", "type": "quantitative"}},
                look={"type": "stroke", "stroke": scheme.text, "width": 3},
            ),
        ],
    }
    if any(row["missing"] for row in values):
        mark = {
            "type": "point",
            "shape": "diamond",
            "size": 90,
            "strokeWidth": 2,
            "yOffset": -12,
            "opacity": 1,
        }
        channels = {"y": {"field": "top", "type": "quantitative"}}
        look = {"type": "diamond", "stroke": scheme.bad, "width": 2}
        layer = entry(names["incomplete"], mark, channels, look=look)
        specification["layer"].append(layer | {"transform": [{"filter": "datum.missing > 0"}]})


def _amounts(values: Sequence[Json], scale: Scale) -> Json:
    """The axis, with room above the highest bar for what stands over it."""
    channel = amounts("planned", scale)
    lowest = min(min(row.get(part, 0.0) for part in _PARTS) for row in values)
    highest = max(row["top"] for row in values)
    channel["scale"] = {"domain": [min(0.0, lowest), highest * 1.12 or 1], "nice": True}
    return channel


def _row(year: YearTogether, today: int) -> Json:
    """A year as the specification holds it: what is not there is absent."""
    parts = {"planned": year.planned, "booked": year.booked, "realised": year.realised}
    there = {name: float(_amount(part)) for name, part in parts.items() if part is not None}
    missing = year.missing if year.year <= today else 0
    return {"year": year.year, **there, "missing": missing, "top": max((0.0, *there.values()))}


def _table(title: str, found: Together, words: Words) -> Table:
    rows = [
        (
            str(year.year),
            *(_cell(part, words) for part in (year.planned, year.booked, year.realised)),
            words.say(
                "planned-against-realised.verified-of",
                verified=year.planned_count - year.missing,
                whole=year.planned_count,
            ),
        )
        for year in found.years
    ]
    columns = tuple(
        words.say(f"planned-against-realised.{column}")
        for column in ("year", "planned", "booked", "realised", "verified")
    )
    caption = words.say("amounts-in", title=title, currency=found.currency, prices=found.price_year)
    return Table(caption, columns, tuple(rows), numeric=frozenset({1, 2, 3, 4}))


def _cell(minor: int | None, words: Words) -> str:
    return words.say("missing") if minor is None else words.exact(_amount(minor))


def _amount(minor: int) -> Decimal:
    return Decimal(minor).scaleb(-2)
