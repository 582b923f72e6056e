"""M1: what holds of the ledger of adjustments whatever is done to it, by whom and at once."""

import asyncio
import json
import random
import sys
from asyncio.subprocess import PIPE
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.money.budget_adjustments import (
    BeyondAgreed,
    BeyondBooked,
    LineKey,
    PriceStep,
    amount_to_book,
    reversal_of,
    reversed_amount,
)
from gevinst_benefits.domain.money.kept_shares import KeptShare, divided, in_force
from gevinst_shared.values.ids import new_id
from tests.benefits.purse import Purse
from tests.benefits.world import connection_of
from tests.support.waiting import until

LINE = LineKey("Postage", 2027)
AMOUNTS = st.integers(-(10**12), 10**12).filter(bool)
INDEX = st.decimals("0.01", "999999", places=6)


@given(agreed=AMOUNTS, asked=st.lists(st.none() | AMOUNTS, max_size=20))
def test_bookings_never_pass_what_was_agreed_nor_zero(agreed: int, asked: list[int | None]) -> None:
    booked = 0
    for one in asked:
        try:
            booked += amount_to_book(agreed, booked, one, LINE)
        except BeyondAgreed:
            continue
        assert 0 < abs(booked) <= abs(agreed)
        assert (booked < 0) == (agreed < 0)


@given(
    booked=AMOUNTS,
    asked=st.lists(st.none() | st.integers(-10, 10**12), max_size=10),
    step=st.none() | st.builds(PriceStep, st.just(2027), INDEX, INDEX, st.just("x")),
)
def test_all_reversals_of_an_entry_sum_to_it_at_every_price_level(
    booked: int, asked: list[int | None], step: PriceStep | None
) -> None:
    """C1: rounding leaves nothing behind."""
    amount = booked if step is None else step.amount(booked)
    taken, back = 0, 0
    for one in [*asked, None]:
        try:
            base = reversal_of(booked, taken, one)
        except BeyondBooked:
            continue
        assert (base > 0) == (booked < 0)
        back += reversed_amount(step, booked, taken, base)
        taken += abs(base)

    assert taken == abs(booked)
    assert back == -amount


@given(
    gross=st.integers(0, 10**14),
    versions=st.lists(
        st.builds(
            KeptShare,
            number=st.integers(1, 50),
            from_year=st.integers(2020, 2040),
            share=st.none() | st.decimals(0, 1, places=6),
            amount=st.integers(0, 10**14),
        ),
        max_size=5,
    ),
    year=st.integers(2015, 2045),
)
def test_what_is_kept_and_what_goes_on_are_the_whole_saving(
    gross: int, versions: list[KeptShare], year: int
) -> None:
    """M3."""
    found = divided(gross, in_force(versions, year))

    assert found.kept + found.net == gross
    assert 0 <= found.kept <= gross


@pytest.mark.parametrize("seed", range(4))
async def test_after_any_row_of_operations_every_sum_holds(purse: Purse, seed: int) -> None:
    """M1: no year saves more than the benefit gives, no reversal takes more than was booked."""
    rng = random.Random(seed)
    phasing = await purse.agreed((2026, "300.00"), (2027, "-700.00"), (2028, "-2000.00"))
    entries: list[str] = []
    for _ in range(40):
        amount = rng.choice([None, f"{rng.choice(['', '-'])}{rng.randint(0, 900)}.{rng.randint(0, 99):02}"])
        if entries and rng.random() < 0.4:
            answer = await purse.reverse(rng.choice(entries), amount)
        else:
            answer = await purse.book(phasing, rng.choice([2026, 2027, 2028]), amount)
        assert answer.status_code in {201, 409}, answer.text
        if answer.status_code == 201:
            told = answer.json()
            entries += [one["id"] for one in told.get("items", [told])]
        await _assert_sums(purse)
    assert len(entries) > 5


async def test_twenty_bookings_at_once_save_no_more_than_the_benefit_gives(purse: Purse) -> None:
    phasing = await purse.agreed((2027, "-5000.00"))

    answers = await asyncio.gather(*(purse.book(phasing, 2027, "-150.00") for _ in range(20)))

    codes = [answer.status_code for answer in answers]
    assert (codes.count(201), codes.count(409)) == (6, 14)
    await _assert_sums(purse)


async def test_twenty_reversals_at_once_take_no_more_than_was_booked(purse: Purse) -> None:
    entry = await purse.booked(await purse.agreed((2027, "-1000.00")), 2027)

    answers = await asyncio.gather(*(purse.reverse(entry["id"], "150.00") for _ in range(20)))

    codes = [answer.status_code for answer in answers]
    assert (codes.count(201), codes.count(409)) == (6, 14)
    await _assert_sums(purse)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"benefit_mode": "redeployed"}, "benefit_mode"),
        ({"currency": "DKK"}, "benefit_id_fkey"),
        ({"benefit_price_year": 2020}, "price_year"),
        ({"price_year": 2027}, "price_year"),
        ({"unit_id": UUID(int=1)}, "agreement_id_fkey"),
        ({"limit_minor": 1}, "limit_minor"),
        ({"saved_before": 0, "saved_after": 10}, "previous_number_fkey"),
        ({"number": 1, "previous_number": None, "saved_before": 0, "saved_after": 10}, "number_key"),
        ({"saved_after": 0}, "saved_after"),
        ({"practice": "when-verified"}, "verification_id"),
        ({"base_minor": 0, "amount_minor": 0}, "base_minor"),
        ({"amount_minor": -11}, "amount_minor"),
        ({"kind": "reversal", "is_saving": False, "saved_after": 1000, "reason": "x"}, "reverses_id"),
    ],
)
async def test_the_database_itself_refuses_what_the_ledger_does_not_allow(
    purse: Purse, change: dict[str, Any], constraint: str
) -> None:
    """B1, C1, M1: past all code that decides."""
    await purse.booked(await purse.agreed((2027, "-1000.00")), 2027, "-10.00")

    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await _book_another(purse, change)

    assert constraint in str(refused.value.constraint_name)


async def test_a_booked_entry_and_an_agreement_cannot_be_changed_by_the_service_itself(purse: Purse) -> None:
    """E1: history is appended."""
    await purse.booked(await purse.agreed((2027, "-1000.00")), 2027)

    for statement in ("UPDATE budget_entry SET base_minor = 1", "DELETE FROM budget_agreement"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with connection_of(purse.world.desk) as connection:
                await connection.execute(statement)


@pytest.mark.slow
async def test_killed_in_the_middle_nothing_is_half_and_nothing_acknowledged_is_lost(purse: Purse) -> None:
    """Three processes book and reverse at once and are killed, three times over."""
    phasing = await purse.agreed((2027, "-1000.00"), (2028, "-1000.00"))
    desk = purse.world.desk
    url = desk.installation.databases["benefits"].url
    acknowledged: list[str] = []
    for turn in range(3):
        workers = [
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.support.adjustment_worker"),
                *(url, desk.organisation, phasing, str(10 * turn + number)),
                stdout=PIPE,
            )
            for number in range(3)
        ]
        readers = [asyncio.create_task(_heard(worker, acknowledged)) for worker in workers]
        wanted = len(acknowledged) + 40

        async def is_done(wanted: int = wanted) -> bool:
            return len(acknowledged) >= wanted

        await until(is_done)
        for worker in workers:
            worker.kill()
            await worker.wait()
        await asyncio.gather(*readers)

    async with connection_of(desk) as connection:
        kept = {str(row["id"]) for row in await connection.fetch("SELECT id FROM budget_entry")}
        per_transaction = await connection.fetch(
            "SELECT count(*) AS entries FROM budget_entry WHERE kind = 'booking' GROUP BY booked_at"
        )
    assert set(acknowledged) <= kept
    assert len(set(acknowledged)) == len(acknowledged)
    assert {row["entries"] for row in per_transaction} == {2}
    await _assert_sums(purse)


async def _book_another(purse: Purse, change: dict[str, Any]) -> None:
    """Insert a second booking of 10 hundredths, changed, past all code that decides."""
    async with connection_of(purse.world.desk) as connection:
        row = dict(await connection.fetchrow("SELECT * FROM budget_entry"))
        chained = {"number": 2, "previous_number": 1, "saved_before": 1000, "saved_after": 1010}
        new = row | {"id": new_id(), "base_minor": -10, "amount_minor": -10} | chained | change
        marks = ", ".join(f"${place}" for place in range(1, len(new) + 1))
        statement = f"INSERT INTO budget_entry ({', '.join(new)}) VALUES ({marks})"
        await connection.execute(statement, *new.values())


async def _heard(worker: asyncio.subprocess.Process, acknowledged: list[str]) -> None:
    assert worker.stdout is not None
    async for line in worker.stdout:
        if line.endswith(b"\n"):
            acknowledged += json.loads(line)


async def _assert_sums(purse: Purse) -> None:
    """Recompute everything from the rows alone, and compare what the service says."""
    async with connection_of(purse.world.desk) as connection:
        rows = [dict(row) for row in await connection.fetch("SELECT * FROM budget_entry")]
    years = {row["year"] for row in rows}
    for year in years:
        chain = sorted((row for row in rows if row["year"] == year), key=lambda row: row["number"])
        saved = 0
        assert [row["number"] for row in chain] == list(range(1, len(chain) + 1))
        for row in chain:
            saved -= row["base_minor"] if row["is_saving"] else 0
            assert row["saved_after"] == saved
            assert 0 <= saved <= 100_000
    for row in rows:
        back = [one for one in rows if one["reverses_id"] == row["id"]]
        assert abs(sum(one["base_minor"] for one in back)) <= abs(row["base_minor"])
        assert all((one["base_minor"] < 0) != (row["base_minor"] < 0) for one in back)
    items = (await purse.finance.get("/reconciliation")).json()["items"]
    shown = {year["year"]: year for item in items for year in item["years"]}
    for year in years:
        net = -sum(row["base_minor"] for row in rows if row["year"] == year and row["is_saving"])
        if any(row["is_saving"] for row in rows if row["year"] == year):
            assert Decimal(shown[year]["booked"]["amount"]) * 100 == net
