"""What benefits give in a full year, a bar for each body, the largest first (X4).

Who has told nothing is no bar and is named (B6); all bodies stand in the table.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from gevinst_benefits.domain.joint_potential import (
    UNKNOWN,
    BodyPotential,
    JointPotential,
    Standing,
    Unit,
)
from gevinst_shared.charts.chart import Chart, Grammar, Table
from gevinst_shared.charts.empty import empty_chart
from gevinst_shared.charts.specification import (
    OWN_LEGENDS,
    SMALL,
    Json,
    View,
    amounts,
    entry,
    mixed,
    rows,
    vega_lite,
)
from gevinst_shared.charts.words import Scale, Words

NAME = "joint-potential"
MOST_BARS = 30
_ROW, _HIGH_ROW = 27, 34
_MOST_NAMES, _MOST_UNITS, _LONGEST_NAME = 5, 6, 50
_PARTS = ("confirmed", "unconfirmed")


def chart(of_case: str | None, found: JointPotential, view: View) -> Chart:
    """The chart of all projects, or of those localised `of_case`; where there is no bar it says why."""
    words = view.words
    title = _say(words, "title") if of_case is None else _say(words, "title-of", name=of_case)
    notes = _notes(found, words)
    if found.unit is None:
        empty = empty_chart(view, NAME, title, _nothing(found, words), notes=notes)
        return replace(empty, tables=(_table(title, found, words),)) if found.bodies else empty
    message = _message(found, found.unit, words)
    shown = found.stated[:MOST_BARS]
    specification = vega_lite(view, title, [message, *notes], height=60)
    _draw(specification, shown, found.stated[MOST_BARS:], found.unit.currency, view)
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


def _say(words: Words, code: str, **values: object) -> str:
    return words.say(f"{NAME}.{code}", **values)


def _message(found: JointPotential, unit: Unit, words: Words) -> str:
    confirmed, stated = found.total("confirmed"), found.stated
    message = _say(
        words,
        "message",
        together=words.money(confirmed + found.total("unconfirmed"), unit.currency),
        confirmed=words.money(confirmed, unit.currency),
        prices=unit.price_year,
        bodies=len(stated),
        whole=len(found.bodies),
    )
    if len(stated) < 2:
        return message
    amount = words.money(stated[0].together, unit.currency)
    return f"{message} {_say(words, 'most', name=_name(stated[0], words), amount=amount)}"


def _nothing(found: JointPotential, words: Words) -> str:
    if found.standing(Standing.HELD):
        return _say(words, "empty-held")
    match found.asked:
        case (None, None):
            return _say(words, "empty")
        case (None, price_year):
            unit = _say(words, "unit-price-year", prices=price_year)
        case (currency, None):
            unit = str(currency)
        case (currency, price_year):
            unit = _say(words, "unit", currency=currency, prices=price_year)
    return _say(words, "empty-unit", unit=unit)


def _notes(found: JointPotential, words: Words) -> list[str]:
    """Why somebody is no bar, and what is in no bar."""
    notes = []
    if held := found.standing(Standing.HELD):
        notes.append(_say(words, "held", count=len(held), names=_names(held, words)))
    if unknown := found.standing(*UNKNOWN):
        names = _names(unknown, words)
        notes.append(_say(words, "missing", count=len(unknown), whole=len(found.bodies), names=names))
    known = found.standing(Standing.STATED, Standing.NONE_IN_MONEY, Standing.ONLY_ELSEWHERE)
    whole = sum(one.projects for one in known)
    if without := whole - sum(one.told for one in known):
        notes.append(_say(words, "partly", missing=without, whole=whole))
    if found.undecided:
        notes.append(_say(words, "undecided", count=found.undecided))
    if none := found.standing(Standing.NONE_IN_MONEY):
        notes.append(_say(words, "none", count=len(none)))
    if found.elsewhere:
        notes.append(_say(words, "elsewhere", units=_units(found, words)))
    if found.unit is not None and (under_way := found.total("in_transit")):
        notes.append(_say(words, "in-transit", amount=words.money(under_way, found.unit.currency)))
    return notes


def _units(found: JointPotential, words: Words) -> str:
    said = [
        _say(
            words,
            "unit-of",
            unit=_say(words, "unit", currency=unit.currency, prices=unit.price_year),
            bodies=bodies,
        )
        for unit, bodies in found.elsewhere
    ]
    return _first(said, _MOST_UNITS, words)


def _names(bodies: Sequence[BodyPotential], words: Words) -> str:
    return _first([_name(one, words) for one in bodies], _MOST_NAMES, words)


def _first(said: Sequence[str], most: int, words: Words) -> str:
    joined, more = ", ".join(said[:most]), len(said) - most
    return _say(words, "names", names=joined, count=more) if more > 0 else joined


def _name(one: BodyPotential, words: Words) -> str:
    """As it stands in a sentence: others may call themselves whatever they like."""
    name = _whole_name(one, words)
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME].rstrip()} …"


def _whole_name(one: BodyPotential, words: Words) -> str:
    own = _say(words, "own") if one.body.is_own else None
    return one.body.name or own or one.body.organisation


def _draw(
    specification: Json,
    shown: Sequence[BodyPotential],
    more: Sequence[BodyPotential],
    currency: str,
    view: View,
) -> None:
    words, scheme = view.words, view.scheme
    scale = words.scale([end for one in shown for end in _ends(one)], currency)
    values = [_row(place, one, scale, words) for place, one in enumerate(shown)]
    names = [_whole_name(one, words) for one in shown]
    if more:
        together = words.in_scale(sum((one.together for one in more), Decimal(0)), scale)
        names.append(_say(words, "more", count=len(more)))
        values.append({"place": len(shown), "rest": _say(words, "more-together", amount=together)})
    labels, axis = rows(view, names)
    has_two = any(len(lines) > 1 for lines in labels["value"])
    specification["height"] += len(names) * (_HIGH_ROW if has_two else _ROW)
    own = next((place for place, one in enumerate(shown) if one.body.is_own), -1)
    axis["labelFontWeight"] = {"condition": {"test": f"datum.value === {own}", "value": 700}, "value": 400}
    y = {"field": "place", "type": "ordinal", "axis": axis, "scale": {"paddingInner": 0.35}}
    pale, strong = mixed(scheme.colour(0), scheme.surface, 0.16), scheme.colour(0)
    bar = {"type": "bar", "height": {"band": 1}}
    specification |= {
        "params": [labels],
        "data": {"values": values},
        "encoding": {"y": y},
        "resolve": OWN_LEGENDS,
        "layer": [
            entry(
                _say(words, "confirmed"),
                bar | {"fill": strong, "stroke": strong, "strokeWidth": 1},
                {"x": _across(shown, scale, view), "x2": {"datum": 0}},
                look={"fill": strong},
            ),
            entry(
                _say(words, "unconfirmed"),
                bar | {"fill": pale, "stroke": strong, "strokeWidth": 1},
                {"x": {"field": "from", "type": "quantitative"}, "x2": {"field": "to"}},
                look={"fill": pale, "stroke": strong},
            ),
            *_said(scheme.surface),
            _rest(scheme.muted),
        ],
    }


def _ends(one: BodyPotential) -> tuple[Decimal, Decimal, Decimal]:
    """Where the bar is at its least and at its most, with zero; and where its second part begins.

    What is below zero stands to the left of it, and hides nothing of what is above.
    """
    confirmed, unconfirmed = (one.figure(part) or Decimal(0) for part in _PARTS)
    begins = confirmed if confirmed * unconfirmed > 0 else Decimal(0)
    ends = (Decimal(0), confirmed, begins + unconfirmed)
    return min(ends), max(ends), begins


def _across(shown: Sequence[BodyPotential], scale: Scale, view: View) -> Json:
    """The axis, with room for what stands behind the longest bar."""
    lowest = float(min(_ends(one)[0] for one in shown))
    highest = float(max(_ends(one)[1] for one in shown))
    room = 64 / (0.6 * view.inner) * (highest - lowest)
    channel = amounts("confirmed", scale)
    channel["scale"] = {"domain": [lowest - room if lowest < 0 else 0, highest + room or 1], "nice": False}
    channel["axis"]["tickCount"] = 3 if view.is_narrow else 6
    return channel


def _row(place: int, one: BodyPotential, scale: Scale, words: Words) -> Json:
    """A body as the specification holds it."""
    lowest, highest, begins = _ends(one)
    confirmed, unconfirmed = (one.figure(part) or Decimal(0) for part in _PARTS)
    return {
        "place": place,
        "name": _whole_name(one, words),
        "confirmed": float(confirmed),
        "unconfirmed": float(unconfirmed),
        "from": float(begins),
        "to": float(begins + unconfirmed),
        "at": float(lowest if one.together < 0 else highest),
        "said": words.scaled(one.together, scale),
    }


def _said(surface: str) -> list[Json]:
    """The sum behind each bar; twice, to be legible over lines."""
    channels = {
        "x": {"field": "at", "type": "quantitative"},
        "text": {"field": "said", "type": "nominal"},
    }
    is_left = "datum.at < 0"
    mark: Json = {
        "type": "text",
        "fontSize": SMALL,
        "align": {"expr": f"{is_left} ? 'right' : 'left'"},
        "dx": {"expr": f"{is_left} ? -6 : 6"},
    }
    halo = {"stroke": surface, "strokeWidth": 3, "strokeJoin": "round"}
    is_body = [{"filter": "isValid(datum.said)"}]
    return [{"mark": mark | look, "encoding": channels, "transform": is_body} for look in (halo, {})]


def _rest(colour: str) -> Json:
    """In the last row, what those come to that are no bars."""
    return {
        "transform": [{"filter": "isValid(datum.rest)"}],
        "mark": {"type": "text", "fontSize": SMALL, "align": "left", "dx": 6, "color": colour},
        "encoding": {"x": {"datum": 0}, "text": {"field": "rest", "type": "nominal"}},
    }


def _table(title: str, found: JointPotential, words: Words) -> Table:
    columns = ("body", *_PARTS, "together", "told")
    unit = found.unit
    caption = (
        title
        if unit is None
        else words.say("amounts-in", title=title, currency=unit.currency, prices=unit.price_year)
    )
    return Table(
        caption,
        tuple(_say(words, column) for column in columns),
        tuple(_cells(one, words) for one in found.bodies),
        numeric=frozenset({1, 2, 3, 4}),
    )


def _cells(one: BodyPotential, words: Words) -> tuple[str, ...]:
    return _whole_name(one, words), *_figures(one, words), _told(one, words)


def _figures(one: BodyPotential, words: Words) -> list[str]:
    """The amounts, or why there are none."""
    match one.standing:
        case Standing.STATED:
            parts = [one.figure(part) or Decimal(0) for part in _PARTS]
            return [words.exact(amount) for amount in (*parts, one.together)]
        case Standing.NONE_IN_MONEY:
            return [words.exact(Decimal(0))] * 3
        case Standing.ONLY_ELSEWHERE:
            return [_say(words, "only-elsewhere")] * 3
        case Standing.HELD | Standing.LEFT_OUT:
            return [_say(words, "held-back")] * 3
        case _:
            return [words.say("missing")] * 3


def _told(one: BodyPotential, words: Words) -> str:
    """Of how many projects it is, or why nobody can say."""
    match one.standing:
        case Standing.NO_PROJECT | Standing.UNDECIDED | Standing.HELD | Standing.LEFT_OUT:
            return _say(words, f"told.{one.standing}")
        case _:
            return _say(words, "told-of", told=one.told, whole=one.projects)
