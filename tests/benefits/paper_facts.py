"""A gate as its paper tells of it: digital post in a municipality, at its second gate."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import accumulate
from typing import Any

from gevinst_benefits.domain.charts import cash_flow as chart
from gevinst_benefits.papers.gate.facts import (
    BeforeFacts,
    BenefitFacts,
    CaseChange,
    CaseFacts,
    ConditionFacts,
    GateFacts,
    ItemFacts,
    LineFacts,
    RequirementFacts,
    RulingFacts,
    StandingFacts,
)
from gevinst_benefits.papers.gate.paper import gate_paper as paper_in_words
from gevinst_shared.charts.themes import HOUSE
from gevinst_shared.papers.illustrations import illustration, view_for_print
from gevinst_shared.papers.model import Block, Paper
from gevinst_shared.papers.wording import Words

COSTS = (1_850_000, 420_000, 380_000, 380_000, 380_000, 380_000)
GAINS = (0, 350_000, 900_000, 1_300_000, 1_300_000, 1_300_000)
# What a user could type to break out of a document, in typst, XML, fields and reading direction.
HOSTILE = (
    '#import "x"',
    "\\",
    '"); #panic(1)',
    "<w:br/>&amp;",
    "$x^2$ *b* _i_ @ref <label> // ```",
    "\u202egnp.exe",
    "😀👩‍👩‍👧 中文",
    "שלום عربي",
    "e\u0301\u200b\ufeff",
    "\u0000\u0007\ufffe\u2028",
    "{page} {0} {pages}",
    "=HYPERLINK(1)",
    "W" * 200,
)


def case_facts(**members: Any) -> CaseFacts:
    net = tuple(gain - cost for gain, cost in zip(GAINS, COSTS, strict=True))
    facts = CaseFacts(
        number=2,
        currency="NOK",
        price_year=2026,
        regime="no-r109-2021: Finansdepartementet, Rundskriv R-109/21",
        index=None,
        years=tuple(range(2026, 2032)),
        costs=_decimals(COSTS),
        benefits=_decimals(GAINS),
        net=_decimals(net),
        accumulated=_decimals(tuple(accumulate(net))),
        present_cost=Decimal("3579123.45"),
        present_benefit=Decimal("4491876.50"),
        net_present_value=Decimal("912753.05"),
        present_tax_financing=Decimal("-182550.61"),
        after_tax_financing=Decimal("1095303.66"),
        benefit_cost_ratio=Decimal("1.26"),
        payback_year=2030,
    )
    return replace(facts, **members)


def benefit_facts(name: str, **members: Any) -> BenefitFacts:
    facts = BenefitFacts(
        name=name,
        owner="Benefit owner, Home care",
        mode="budget-reduction",
        state="confirmed",
        ledger="money",
        amount=Decimal(850_000),
        unit_of_measure="NOK",
        price_year=2026,
        indicator_count=2,
    )
    return replace(facts, **members)


def gate_facts(**members: Any) -> GateFacts:
    """Two gates in: the case became dearer, a benefit is new, a mandatory item is open."""
    post, time = (
        benefit_facts("Mindre porto"),
        benefit_facts(
            "Kortere saksbehandlingstid for søknader om hjemmetjeneste",
            mode="redeployed",
            state="proposed",
            ledger="time",
            amount=Decimal("1200.5"),
            unit_of_measure="timer",
            price_year=None,
            indicator_count=0,
        ),
    )
    facts = GateFacts(
        gate_id="0198b6a4-7c1e-7000-8000-000000000001",
        organisation="0192:958935420",
        project="Digital post",
        gate_code="BP2",
        gate="BP2 Beslutte oppstart av planleggingsfasen",
        phase="Konsept",
        round=1,
        proposer="Kari Nordmann",
        proposed_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        proposed_on=date(2026, 3, 2),
        decide_by=date(2026, 3, 20),
        recommended=RulingFacts(
            "go-with-conditions",
            "Piloten i to soner bekreftet besparelsen.\nOpplæringen er ikke ferdig.",
            (ConditionFacts("Lær opp skrankene i alle soner", "Olav Hansen", date(2026, 5, 1)),),
            None,
        ),
        decision=None,
        before=BeforeFacts(
            gate="BP1 Beslutte oppstart av konseptfasen",
            outcome="go",
            decided_on=date(2025, 9, 12),
            case=case_facts(number=1, payback_year=2029),
            change=CaseChange(
                net_present_value=(Decimal("1205310.00"), Decimal("912753.05")),
                present_cost=(Decimal("3279123.45"), Decimal("3579123.45")),
                present_benefit=(Decimal("4484433.45"), Decimal("4491876.50")),
                frame_effect=Decimal("-2556.95"),
                effect=Decimal("-292556.95"),
                lines=(
                    LineFacts(
                        "Lisenser", "changed", Decimal(1_550_000), Decimal(1_850_000), Decimal(-300_000)
                    ),
                    LineFacts("Mindre papir", "added", Decimal(0), Decimal(12_000), Decimal(10_000)),
                ),
            ),
            not_comparable=None,
            benefits={"a": replace(post, amount=Decimal(900_000))},
        ),
        case=case_facts(),
        benefits={
            "a": post,
            "b": time,
            "c": benefit_facts(
                "Færre klager",
                ledger="quality",
                amount=Decimal("0.4"),
                unit_of_measure="poeng",
                mode="non-priced",
            ),
        },
        checklist=(
            ItemFacts("Nullalternativet er beskrevet.", True, "yes", ""),
            ItemFacts("Risikoen er vurdert og akseptert av prosjekteieren.", True, None, ""),
            ItemFacts("Personvernet er vurdert.", True, "no", "Venter på personvernombudet"),
            ItemFacts("Markedet er spurt.", False, "not-relevant", "Rammeavtalen gjelder"),
        ),
        standing=(
            StandingFacts(ConditionFacts("Avklar avtalen", "Olav Hansen", date(2026, 2, 1)), "reported"),
        ),
        requirements=(
            RequirementFacts(
                name="Ekstern kvalitetssikring",
                amount=Decimal(300_000_000),
                below=None,
                is_inclusive=False,
                currency="NOK",
                source="R-108/23",
                valid_from=date(2019, 9, 21),
                verdict="outside-limits",
                exemption=None,
            ),
            RequirementFacts(
                name="Kommunestyret avgjør",
                amount=Decimal(1_000_000),
                below=Decimal(50_000_000),
                is_inclusive=True,
                currency="NOK",
                source="Vedtak 12/2025",
                valid_from=date(2025, 1, 1),
                verdict="applies",
                exemption=None,
            ),
        ),
        investment=Decimal(1_850_000),
        basis_sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    )
    return replace(facts, **members)


def _decimals(amounts: tuple[int, ...]) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) for amount in amounts)


def gate_paper(facts: GateFacts, language: str) -> Paper:
    """The paper, its cash flow not drawn yet."""
    words = Words(language, "gevinst_benefits")
    drawn = facts if facts.case is None else replace(facts, cash_flow=cash_flow(facts.case, words))
    return paper_in_words(drawn, words)


def cash_flow(case: CaseFacts, words: Words) -> Block:
    view = view_for_print(words, HOUSE)
    series = {name: getattr(case, name) for name in chart.FIELDS}
    figures = chart.CashFlow(
        project="Digital post",
        number=case.number,
        currency=case.currency,
        price_year=case.price_year,
        years=case.years,
        net_present_value=case.net_present_value,
        payback_year=case.payback_year,
        **series,
    )
    return illustration(chart.chart(figures, view), view, words, instead=())
