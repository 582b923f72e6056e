"""B12: the same saving counted twice, against a brute-force oracle and at the size of an organisation."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.plan.double_counting import Claim, Finding, FindingKind, double_counts
from gevinst_benefits.domain.plan.staffing import StaffingYear

UNIT, OTHER = UUID(int=1), UUID(int=2)
FTE = StaffingYear(2027, Decimal(2), Decimal(1750))


def claim(number: int, years: Mapping[int, int], **members: object) -> Claim:
    shaped = {"unit_id": UNIT, "budget_line": "2540 Postage"} | members
    amounts = {year: Decimal(amount) for year, amount in years.items()}
    return Claim(UUID(int=100 + number), UUID(int=number), f"Benefit {number}", years=amounts, **shaped)  # type: ignore[arg-type]


def of_time(number: int, years: Mapping[int, int], unit_of_measure: str = "hours") -> Claim:
    return claim(number, years, budget_line=None, unit_of_measure=unit_of_measure)


def test_two_plans_that_take_from_one_line_in_one_year_are_found() -> None:
    first, second = claim(1, {2027: 100, 2028: 100}), claim(2, {2028: 50}, budget_line=" 2540  postage")

    [found] = double_counts([first, second], {})

    assert (found.kind, found.unit_id, found.year) == (FindingKind.SAME_BUDGET_LINE, UNIT, 2028)
    assert [(share.claim.benefit_id, share.amount) for share in found.shares] == [
        (first.benefit_id, Decimal(100)),
        (second.benefit_id, Decimal(50)),
    ]
    assert found.is_across_projects


def test_another_unit_line_or_year_is_another_saving() -> None:
    claims = [
        claim(1, {2027: 100}),
        claim(2, {2027: 100}, unit_id=OTHER),
        claim(3, {2027: 100}, budget_line="2541"),
        claim(4, {2028: 100}),
        claim(5, {2027: 0}),
        claim(6, {2027: -5}),
    ]

    assert double_counts(claims, {}) == ()


def test_more_time_freed_than_there_are_people_is_found() -> None:
    """Worked case 2 turned around: 1,750 hours and 1.5 full-time equivalents out of two people."""
    claims = [of_time(1, {2027: 1750, 2028: 1750}), of_time(2, {2027: 1, 2028: 1}, "årsverk")]

    none = double_counts(claims, {UNIT: [FTE]})
    [found] = double_counts([*claims, of_time(3, {2027: 1}, "Timer")], {UNIT: [FTE]})

    assert none == ()
    assert (found.kind, found.year, found.staff) == (FindingKind.MORE_THAN_STAFF, 2027, Decimal(2))
    assert found.freed == Decimal("2.000571")
    assert len(found.shares) == 3


def test_without_staffing_or_in_other_units_of_measure_nothing_is_found() -> None:
    """B6: not known is not zero."""
    claims = [of_time(1, {2027: 99_999}), of_time(2, {2028: 99_999}), of_time(3, {2027: 99}, "cases")]

    assert double_counts(claims[1:], {UNIT: [FTE]}) == ()
    assert double_counts(claims, {}) == ()


def brute_force(
    claims: Sequence[Claim], staffing: Mapping[UUID, Sequence[StaffingYear]]
) -> set[tuple[str, UUID, int, frozenset[UUID]]]:
    """Every pair and every unit and year looked at."""
    pairs: dict[tuple[UUID, str, int], set[UUID]] = {}
    for one, two in combinations(claims, 2):
        lines = [c.budget_line and " ".join(c.budget_line.split()).casefold() for c in (one, two)]
        if one.unit_id != two.unit_id or lines[0] is None or lines[0] != lines[1]:
            continue
        for year in one.years:
            if one.years[year] > 0 and two.years.get(year, 0) > 0:
                ids = {one.benefit_id, two.benefit_id}
                pairs.setdefault((one.unit_id, lines[0], year), set()).update(ids)
    found = {("same-budget-line", unit, year, frozenset(ids)) for (unit, _, year), ids in pairs.items()}
    for unit, years in staffing.items():
        for staff in years:
            mine = [
                c
                for c in claims
                if c.unit_id == unit
                and c.unit_of_measure in {"hours", "FTE"}
                and c.years.get(staff.year, 0) > 0
            ]
            hours = [c.years[staff.year] for c in mine if c.unit_of_measure == "hours"]
            people = sum(c.years[staff.year] for c in mine if c.unit_of_measure == "FTE")
            if sum(hours) / staff.hours_per_fte + people > staff.fte + Decimal("0.0000005"):
                found.add(("more-than-staff", unit, staff.year, frozenset(c.benefit_id for c in mine)))
    return found


def told(findings: Sequence[Finding]) -> set[tuple[str, UUID, int, frozenset[UUID]]]:
    return {
        (f.kind.value, f.unit_id, f.year, frozenset(share.claim.benefit_id for share in f.shares))
        for f in findings
    }


@st.composite
def many_claims(draw: st.DrawFn) -> list[Claim]:
    years = st.dictionaries(st.integers(2026, 2029), st.integers(-2, 3), max_size=4)
    kinds = st.sampled_from([(None, "A"), (None, " a"), (None, "B"), ("hours", None), ("FTE", None)])
    found = []
    for number in range(draw(st.integers(0, 12))):
        measure, line = draw(kinds)
        unit = draw(st.sampled_from([UNIT, OTHER]))
        members = {"unit_id": unit, "budget_line": line, "unit_of_measure": measure}
        found.append(claim(number, draw(years), **members))
    return found


@given(claims=many_claims(), fte=st.integers(0, 4))
def test_the_findings_are_those_of_looking_at_every_pair(claims: list[Claim], fte: int) -> None:
    staffing = {UNIT: [StaffingYear(year, Decimal(fte), Decimal(2)) for year in (2026, 2027, 2028)]}

    assert told(double_counts(claims, staffing)) == brute_force(claims, staffing)


@given(claims=many_claims(), seed=st.randoms())
def test_the_order_of_plans_does_not_matter(claims: list[Claim], seed: Random) -> None:
    shuffled = list(claims)
    seed.shuffle(shuffled)

    assert double_counts(shuffled, {}) == double_counts(claims, {})


def test_six_thousand_benefits_are_swept() -> None:
    """A sweep, not pairs: of those there would be eighteen million."""
    amounts = dict.fromkeys(range(2027, 2037), 1)
    claims = [claim(n, amounts, unit_id=UUID(int=n % 40), budget_line=str(n % 70)) for n in range(6_000)]

    found = double_counts(claims, {})

    assert len(found) == 280 * 10
