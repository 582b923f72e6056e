"""What the gate paper says, before any file format (G4, G5, B6, C7)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from gevinst_benefits.papers.gate.facts import CaseFacts, GateFacts
from gevinst_benefits.papers.gate.figures import spans
from gevinst_shared.papers.amounts import Scale, scale_of
from gevinst_shared.papers.model import Column, Heading, Illustration, Note, Paragraph, Row, Table
from gevinst_shared.papers.wording import LANGUAGES
from tests.benefits.paper_facts import HOSTILE, benefit_facts, case_facts, gate_facts, gate_paper


def tables(facts: GateFacts) -> dict[str, Table]:
    """The tables of the English paper by the first word of their caption."""
    found = [block for block in gate_paper(facts, "en").blocks if isinstance(block, Table)]
    return {table.caption: table for table in found}


def notes(facts: GateFacts) -> str:
    return " ".join(
        block.text for block in gate_paper(facts, "en").blocks if isinstance(block, Note | Paragraph)
    )


def case_of(facts: GateFacts) -> CaseFacts:
    assert facts.case is not None
    return facts.case


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_has_its_seven_sections_in_order(language: str) -> None:
    blocks = gate_paper(gate_facts(), language).blocks

    assert sum(isinstance(block, Heading) for block in blocks) == 7
    assert sum(isinstance(block, Illustration) for block in blocks) == 1


def test_the_effects_of_the_lines_add_up_to_the_whole() -> None:
    """G4: with more lines than are shown, the rest stand in one row."""
    facts = gate_facts()
    assert facts.before is not None
    assert facts.before.change is not None
    line = facts.before.change.lines[0]
    lines = tuple(replace(line, name=f"Line {n}", effect=Decimal(-1000 * n)) for n in range(1, 31))
    change = replace(facts.before.change, lines=lines, effect=Decimal(-465_000), frame_effect=Decimal(0))

    table = next(
        one
        for caption, one in tables(replace(facts, before=replace(facts.before, change=change))).items()
        if caption.startswith("What each change did")
    )

    effects = [Decimal(row.cells[-1].replace(",", "").replace("−", "-")) for row in table.rows]
    assert sum(effects[:-1]) == effects[-1] == -465_000
    assert table.rows[0].cells[0] == "Line 30"
    assert table.rows[-2].cells[0] == "18 other lines"


def test_what_was_not_there_before_is_missing_and_not_zero() -> None:
    """B6."""
    table = next(one for caption, one in tables(gate_facts()).items() if caption.startswith("What each"))

    assert table.rows[1].cells == ("Mindre papir", "new", "–", "12,000", "+10,000")


def test_two_cases_that_cannot_be_compared_say_why() -> None:
    facts = gate_facts()
    assert facts.before is not None
    before = replace(facts.before, change=None, not_comparable="mixed-price-years")

    assert "they are in different price years" in notes(replace(facts, before=before))


def test_a_case_that_was_missing_then_or_is_missing_now_is_named() -> None:
    facts = gate_facts()
    assert facts.before is not None
    then = replace(facts, before=replace(facts.before, change=None, case=None))
    now = replace(facts, case=None, before=replace(facts.before, change=None))

    assert "The last gate had no business case" in notes(then)
    assert "This gate has no business case" in notes(now)
    assert "they are not zero" in notes(now)


def test_ledgers_have_a_table_each_and_are_never_summed() -> None:
    """C7."""
    found = tables(gate_facts())

    ledgers = [found[f"Benefits in {ledger}"] for ledger in ("money", "time", "quality")]
    assert [len(table.rows) for table in ledgers] == [1, 1, 1]
    assert not any(row.is_strong for table in ledgers for row in table.rows)
    assert ledgers[1].rows[0].cells[-1] == "1,200.5 timer"


def test_a_benefit_without_indicator_or_estimate_stands_first_and_says_so() -> None:
    """B6: missing is not zero."""
    plan = {
        "a": benefit_facts("Sure"),
        "b": benefit_facts("Unconfirmed", state="proposed"),
        "c": benefit_facts("Unmeasured", indicator_count=0, amount=None),
    }

    rows = tables(gate_facts(benefits=plan))["Benefits in money"].rows

    assert [row.cells[0].partition("\n")[0] for row in rows] == ["Unmeasured", "Unconfirmed", "Sure"]
    assert rows[0].cells[3:] == ("none", "no estimate")


def test_what_was_closed_or_moved_is_not_promised_any_more() -> None:
    """G6."""
    plan = {state: benefit_facts(state, state=state) for state in ("closed", "moved", "realised")}

    rows = tables(gate_facts(benefits=plan, before=None))["Benefits in money"].rows

    assert [row.cells[0].partition("\n")[0] for row in rows] == ["realised"]


def test_of_a_large_plan_the_rest_is_counted() -> None:
    plan = {str(n): benefit_facts(f"Benefit {n}") for n in range(40)}

    assert "Not shown here: 28." in notes(gate_facts(benefits=plan, before=None))


def test_open_mandatory_items_come_first_and_strong() -> None:
    """G5."""
    rows = tables(gate_facts())["The checklist, open mandatory items first"].rows

    assert [row.cells[2] for row in rows] == ["not answered", "no", "yes", "not relevant"]
    assert [row.is_strong for row in rows] == [True, True, False, False]


@pytest.mark.parametrize(
    ("count", "rows", "first"), [(6, 6, 2026), (20, 20, 2026), (40, 20, 2027), (250, 13, 2045)]
)
def test_many_years_are_shown_some_together_and_nothing_is_lost(count: int, rows: int, first: int) -> None:
    amounts = tuple(Decimal(n) for n in range(count))
    case = case_facts(
        years=tuple(range(2026, 2026 + count)),
        costs=amounts,
        benefits=amounts,
        net=amounts,
        accumulated=amounts,
    )

    found = spans(case)

    assert len(found) == rows
    assert found[0].last_year == first
    assert sum(span.costs for span in found) == sum(amounts)
    assert found[-1].accumulated == amounts[-1]


def test_the_picture_is_the_cases_cash_flow_and_says_it_in_numbers() -> None:
    found = next(one for one in gate_paper(gate_facts(), "nb").blocks if isinstance(one, Illustration))

    assert found.chart.name == "cash-flow"
    assert [row["accumulated"] for row in found.chart.specification["data"]["values"]][1] == -1_920_000
    assert "nytte på 5,15\u00a0mill.\u00a0kr fra 2026 til 2031" in found.chart.spoken
    assert found.chart.spoken.endswith("Den er tjent inn ved utgangen av 2030.")


def test_without_the_picture_a_note_says_what_it_would_show() -> None:
    """The figures stand in the paper's own table."""
    found = next(one for one in gate_paper(gate_facts(), "en").blocks if isinstance(one, Illustration))

    (note,) = found.instead
    assert isinstance(note, Note)
    assert found.chart.spoken in note.text


def test_amounts_are_shown_at_a_scale_that_fits_them() -> None:
    assert scale_of([Decimal("131.66")]) == Scale(1, 2)
    assert scale_of([Decimal(-10_000), Decimal(3)]) == Scale(1, 0)
    assert scale_of([Decimal(100_000_000)]) == Scale(1000, 0)
    assert scale_of([]) == Scale(1, 2)


def test_the_file_is_named_in_letters_and_digits_only() -> None:
    names = [gate_paper(gate_facts(project=project), "en").name for project in (*HOSTILE, "a" * 200)]

    assert all(name.replace("-", "").isalnum() for name in names)
    assert max(len(name) for name in names) <= 80


def test_a_row_has_a_cell_for_each_column() -> None:
    with pytest.raises(ValueError, match="more or fewer cells"):
        Table("Odd", (Column("One"),), (Row(("1", "2")),))


def test_what_is_required_stands_in_the_paper_with_its_limit_source_and_day() -> None:
    """G11: what applies first, and strong."""
    table = tables(gate_facts())["Thresholds in force on 2 March 2026"]

    assert [row.cells for row in table.rows] == [
        (
            "Kommunestyret avgjør",
            "from NOK\u00a01,000,000 and below NOK\u00a050,000,000",
            "applies",
            "Vedtak 12/2025; in force since 1 January 2025",
        ),
        (
            "Ekstern kvalitetssikring",
            "above NOK\u00a0300,000,000",
            "outside its limits",
            "R-108/23; in force since 21 September 2019",
        ),
    ]
    assert [row.is_strong for row in table.rows] == [True, False]
    assert "investments come to NOK\u00a01,850,000 (2026 prices)" in notes(gate_facts())


def test_an_exemption_tells_its_reason_and_no_threshold_says_so() -> None:
    """G11."""
    facts = gate_facts()
    exempt = replace(facts.requirements[0], verdict="exempt", exemption="A municipality")

    [row] = tables(replace(facts, requirements=(exempt,)))["Thresholds in force on 2 March 2026"].rows

    assert row.cells[2] == "not bound by it: A municipality"
    assert "No threshold was in force on 2 March 2026." in notes(replace(facts, requirements=()))
