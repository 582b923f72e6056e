"""What an overview should say, worked out row by row from what the rules say, in fractions.

Nothing here is the product's: what it says of curves, lights and shares is written down a second time, as
plainly as can be (B6, B7, B9, B11, C7).
"""

import json
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

Row = dict[str, Any]
Key = tuple[Any, ...]
# Gevinst's own starting point: yellow above a twentieth of what was planned, red above a fifth.
YELLOW, RED = Fraction(5, 100), Fraction(20, 100)


class Naive:
    """Everything there is, by table, and the benefits of an overview among it, on a day."""

    def __init__(
        self, rows: Mapping[str, Sequence[Row]], is_in: Callable[[Row, Row], bool], today: date
    ) -> None:
        self.rows, self.today = rows, today
        self.projects = {row["id"]: row for row in rows["project"]}
        self.all = [row for row in rows["benefit"] if is_in(row, self.projects[row["project_id"]])]
        self.followed = [row for row in self.all if row["state"] not in {"closed", "moved"}]

    def of(self, table: str, name: str, value: Any) -> list[Row]:
        return [row for row in self.rows[table] if row[name] == value]

    def standing(self, table: str, name: str, value: Any) -> list[Row]:
        """Those that no later entry takes the place of."""
        corrected = {row["corrects_id"] for row in self.rows[table]}
        return [row for row in self.of(table, name, value) if row["id"] not in corrected]

    def share(self, benefit: Row) -> Fraction:
        """B11: all of it is ours until an agreement is begun; then what was agreed last, or nothing."""
        steps = sorted(self.of("agreement_entry", "benefit_id", benefit["id"]), key=lambda one: one["id"])
        return Fraction(steps[-1]["share_kept"] or 0) if steps else Fraction(1)

    def in_transit(self, benefit: Row) -> Fraction:
        """B11: of what was proposed and not answered, nobody counts the rest."""
        steps = sorted(self.of("agreement_entry", "benefit_id", benefit["id"]), key=lambda one: one["id"])
        is_open = bool(steps) and steps[-1]["state"] == "proposed"
        return 1 - self.share(benefit) if is_open else Fraction(0)

    def begins(self, benefit: Row) -> date | None:
        return None if self.never_comes(benefit) else self.anchored(benefit)

    def never_comes(self, benefit: Row) -> bool:
        """It hangs on a project that was stopped, and is not there yet."""
        project = self.projects[benefit["project_id"]]
        is_stopped = project["status"] in {"stopped", "rejected", "merged"}
        return is_stopped and benefit["hangs_on"] != "none" and benefit["state"] != "realised"

    def anchored(self, benefit: Row) -> date | None:
        """The day that it begins on, whatever became of the project."""
        project = self.projects[benefit["project_id"]]
        anchor = {"none": benefit["starts_on"], "start": project["start"], "end": project["end"]}.get(
            benefit["hangs_on"]
        )
        for one in self.of("delivery", "id", benefit["delivery_id"]):
            anchor = one["delivered_on"] or one["due_on"]
        return None if anchor is None else later(anchor, benefit["offset_months"])

    def sums(self) -> dict[Key, list[Fraction | None]]:
        """Confirmed, unconfirmed and verified by mode, kind, ledger, unit and year, our part of each, and
        what is in transit."""
        found: defaultdict[Key, list[Any]] = defaultdict(lambda: [Fraction(0), Fraction(0), None, None])
        for benefit in self.followed:
            begins = self.begins(benefit)
            for year, amount in planned_years(benefit, begins).items() if begins else ():
                key = (benefit["mode"], benefit["kind"], benefit["ledger"], unit_of(benefit), year)
                found[key][benefit["confirmed_by"] is None] += rounded(amount * self.share(benefit), 6)
                if self.in_transit(benefit):
                    found[key][3] = (found[key][3] or 0) + rounded(amount * self.in_transit(benefit), 6)
        for benefit in self.all:
            for entry in self.standing("verification", "benefit_id", benefit["id"]):
                key = (benefit["mode"], benefit["kind"], benefit["ledger"], unit_of(entry), entry["year"])
                found[key][2] = (found[key][2] or 0) + amount_of(entry) * self.share(benefit)
        for both in found.values():
            both[2] = None if both[2] is None else rounded(both[2], 6)
        return found

    def waiting(self) -> Counter[tuple[Any, int]]:
        """G3: years that have ended of benefits that owners stand for, and that nobody verified, by unit."""
        found = Counter[tuple[Any, int]]()
        for benefit in self.followed:
            if benefit["state"] == "proposed" or self.never_comes(benefit):
                continue
            verified = {one["year"] for one in self.of("verification", "benefit_id", benefit["id"])}
            for year in self.due_years(benefit):
                if year not in verified and 1990 <= year < self.today.year:
                    found[benefit["owner_unit_id"], year] += 1
        return found

    def due_years(self, benefit: Row) -> range:
        """Ten years of its life at most; by its indicators or its confirmation while it has no day."""
        begins = self.anchored(benefit)
        if begins is None:
            ways = [one["starts_on"] for one in self.of("indicator", "benefit_id", benefit["id"])]
            first = min([day for day in ways if day], default=benefit["confirmed_at"]).year
            return range(first, first + 10)
        ends = min(later(begins, benefit["duration_months"]), benefit["ends_on"] or date.max)
        last = date.fromordinal(ends.toordinal() - 1).year
        return range(begins.year, min(last + 1, begins.year + 10))

    def lights(self) -> tuple[Counter[str], Counter[str], int]:
        """How many indicators are in which state, in which light, and how many lights a person has said."""
        states, colours, overruled = Counter[str](), Counter[str](), 0
        for benefit in self.followed:
            for indicator in self.of("indicator", "benefit_id", benefit["id"]):
                value, since = self.measured(indicator)
                state = self.state(indicator, value, since)
                said = self.said(indicator)
                states[state] += 1
                colours[said or self.colour(benefit, indicator, state, value)] += 1
                overruled += said is not None
        return states, colours, overruled

    def measured(self, indicator: Row) -> tuple[Fraction | None, date | None]:
        """The value that every place together gives, and the oldest of their newest days."""
        newest: list[Row] = []
        for place in indicator["measured_in"] or [None]:
            there = [
                one
                for one in self.standing("measurement", "indicator_id", indicator["id"])
                if one["unit_id"] == place and one["taken_on"] <= self.today
            ]
            if not there:
                return None, None
            newest.append(max(there, key=lambda one: (one["taken_on"], one["id"])))
        value = together(indicator["unit_rule"], newest) if indicator["measured_in"] else newest[0]["value"]
        return None if value is None else Fraction(value), min(one["taken_on"] for one in newest)

    def state(self, indicator: Row, value: Fraction | None, since: date | None) -> str:
        if indicator["baseline"] is None:
            return "no-baseline"
        if indicator["baseline"] == indicator["target"]:
            return "not-computable"
        passed = [day for day in indicator["due_days"] if day < self.today]
        opened = passed[-2] if len(passed) > 1 else date.min
        if passed and (since is None or since <= opened):
            return "overdue"
        if value is None:
            return "not-yet-due"
        return "measured-zero" if value == indicator["baseline"] else "measured"

    def said(self, indicator: Row) -> str | None:
        entries = sorted(
            self.of("light_override", "indicator_id", indicator["id"]), key=lambda one: one["id"]
        )
        holds = bool(entries) and entries[-1]["until"] >= self.today
        return entries[-1]["colour"] if holds else None

    def colour(self, benefit: Row, indicator: Row, state: str, value: Fraction | None) -> str:
        """B7: by the share that is missing of what was planned; what is overdue is yellow at least."""
        if state in {"no-baseline", "not-computable"}:
            return "none"
        late = "yellow" if state == "overdue" else "none"
        planned = self.planned_share(benefit, indicator)
        if planned is None or value is None:
            return late
        baseline = Fraction(indicator["baseline"])
        realised = (value - baseline) / (Fraction(indicator["target"]) - baseline)
        if planned == 0:
            return late if realised < 0 else ("yellow" if late == "yellow" else "green")
        missing = (planned - realised) / abs(planned)
        if missing > RED:
            return "red"
        return "yellow" if missing > YELLOW or late == "yellow" else "green"

    def planned_share(self, benefit: Row, indicator: Row) -> Fraction | None:
        """How much of the way is planned to be done today: by days of its own, or by its benefit's (B9)."""
        way = way_of(indicator) if indicator["curve"] else self.benefit_way(benefit)
        if way is None:
            return None
        curve, points = way
        (first, _), (last, _) = points[0], points[-1]
        if self.today <= first:
            return Fraction(0)
        if self.today >= last:
            return Fraction(1)
        for (day, share), (next_day, next_share) in pairwise(points):
            if self.today <= next_day:
                x = Fraction((self.today - day).days, (next_day - day).days)
                x = x * x * (3 - 2 * x) if curve == "s-curve" else x
                return share + x * (next_share - share)
        raise AssertionError

    def benefit_way(self, benefit: Row) -> tuple[str, list[tuple[date, Fraction]]] | None:
        begins = self.begins(benefit)
        if begins is None:
            return None
        shares = [Fraction(one) for one in benefit["ramp_shares"]]
        if len(shares) < 2:
            end = later(begins, max(benefit["ramp_months"], 1))
            return benefit["ramp"], [(begins, Fraction(0)), (end, Fraction(1))]
        if shares[-1] == 0:
            return None
        middles = [
            (later(begins, 12 * number + 6), share / shares[-1]) for number, share in enumerate(shares[:-1])
        ]
        target = later(begins, 12 * (len(shares) - 1))
        return "points", [(begins, Fraction(0)), *middles, (target, Fraction(1))]

    def unseen(self) -> set[str]:
        """B6: what nothing will show."""
        return {str(row["id"]) for row in self.followed if not self.of("indicator", "benefit_id", row["id"])}


def planned_years(benefit: Row, begins: date) -> dict[int, Fraction]:
    """B9: a twelfth for each month of its life times its size; a month across New Year is parted by days."""
    shares: defaultdict[int, Fraction] = defaultdict(Fraction)
    for month in range(benefit["duration_months"]):
        start, end = later(begins, month), later(begins, month + 1)
        stop = max(start, min(end, benefit["ends_on"] or end))
        new_year = min(stop, date(start.year + 1, 1, 1))
        for year, days in ((start.year, new_year - start), (start.year + 1, stop - new_year)):
            if days:
                shares[year] += size(benefit, month) / 12 * Fraction(days.days, (end - start).days)
    places = 6 if benefit["money_minor"] is None else 2
    return {year: rounded(amount_of(benefit) * share, places) for year, share in shares.items()}


def size(benefit: Row, month: int) -> Fraction:
    """The size in a month of the benefit's life; 1 is the full one."""
    months, shares = benefit["ramp_months"], [Fraction(one) for one in benefit["ramp_shares"]]
    level = Fraction(1)
    if benefit["ramp"] == "table":
        level, months = shares[min(month // 12, len(shares) - 1)], 12 * (len(shares) - 1)
    elif month < months:
        x = Fraction(2 * month + 1, 2 * months)
        level = x if benefit["ramp"] == "linear" else x * x * (3 - 2 * x)
    years = max(0, (month - months) // 12)
    kept = Fraction(1 - benefit["erosion_per_year"])
    for _ in range(years):
        level *= kept
    return level


def way_of(indicator: Row) -> tuple[str, list[tuple[date, Fraction]]]:
    if indicator["points"] is None:
        ends = [(indicator["starts_on"], Fraction(0)), (indicator["target_on"], Fraction(1))]
        return indicator["curve"], ends
    points = json.loads(indicator["points"])
    return "points", [(date.fromisoformat(one["day"]), Fraction(one["share"])) for one in points]


def together(rule: str, places: Sequence[Row]) -> Fraction | None:
    values = [Fraction(one["value"]) for one in places]
    if rule == "sum":
        return sum(values, Fraction(0))
    if rule == "mean":
        return rounded(sum(values, Fraction(0)) / len(values), 6)
    if rule == "last":
        return Fraction(max(enumerate(places), key=lambda one: (one[1]["taken_on"], one[0]))[1]["value"])
    weights = [one["weight"] for one in places]
    if None in weights:
        return None
    weighted = sum((value * Fraction(w) for value, w in zip(values, weights, strict=True)), Fraction(0))
    return rounded(weighted / sum(Fraction(w) for w in weights), 6)


def amount_of(row: Row) -> Fraction:
    return Fraction(row["amount"]) if row["money_minor"] is None else Fraction(row["money_minor"], 100)


def unit_of(row: Row) -> tuple[str, int | None]:
    if row["money_minor"] is None:
        return row["unit_of_measure"], None
    return row["currency"], row["price_year"]


def later(day: date, months: int) -> date:
    """The same day some months later, or the last of a shorter month."""
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def rounded(value: Fraction, places: int) -> Fraction:
    return Fraction(round(value * 10**places), 10**places)


def text(value: Fraction) -> str:
    """In decimals without trailing zeros."""
    found = format((Decimal(value.numerator) / Decimal(value.denominator)).normalize(), "f")
    return "0" if found == "-0" else found
