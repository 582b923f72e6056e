"""Looking at a pool as a whole: its balances, what is late, and what it will have (M2, E2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gevinst_portfolio.domain.ledger import AccountKind
from gevinst_portfolio.domain.liquidity import Period, flows, forecast, yearly
from gevinst_portfolio.domain.pools import Arrear, Pool, arrears
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.store import ledger, pool_awards, pools
from gevinst_portfolio.store.pool_awards import AwardFigures
from gevinst_shared.db.work import Work


@dataclass(frozen=True, slots=True)
class PoolPosition:
    """Every kind of account with its balance; together they are zero. Whole hundredths."""

    pool: Pool
    balances: Mapping[AccountKind, int]

    @property
    def cash(self) -> int:
        return self.balances[AccountKind.FREE] + self.balances.get(AccountKind.COMMITTED, 0)


@dataclass(frozen=True, slots=True)
class LateAward:
    award: AwardFigures
    late: Sequence[Arrear]


@dataclass(frozen=True, slots=True)
class Forecast:
    """`periods` are quarters or years; the lowest balances are those of any quarter in them."""

    pool: Pool
    today: date
    cash: int
    periods: Sequence[Period]
    lowest: int
    lowest_cautious: int


async def get_position(work: Work, pool_id: UUID) -> PoolPosition:
    """The pool's trial balance now."""
    pool = await pools.get_pool(work.connection, pool_id)
    return PoolPosition(pool, await ledger.sum_balances(work.connection, pool_id))


async def list_arrears(work: Work, pool_id: UUID, day: date | None) -> tuple[PoolPosition, list[LateAward]]:
    """What was due before the day (None: today) and is unpaid as the ledger stands, per award."""
    position = await get_position(work, pool_id)
    found = [
        LateAward(
            award, arrears(award.open.instalments, award.open.settled, award.open.owed, day or work.today)
        )
        for award in await pool_awards.list_figures(work.connection, pool_id)
    ]
    return position, [one for one in found if one.late]


async def forecast_pool(work: Work, pool_id: UUID, quarters: int, *, by_year: bool) -> Forecast:
    """What will come in and go out, from the quarter of today on."""
    position = await get_position(work, pool_id)
    awards = await pool_awards.list_figures(work.connection, pool_id)
    coming = [flow for award in awards for flow in flows(award.open, work.today)]
    periods = forecast(position.cash, coming, Quarter.of(work.today), quarters)
    return Forecast(
        position.pool,
        work.today,
        position.cash,
        yearly(periods) if by_year else periods,
        min(position.cash, *(period.balance for period in periods)),
        min(position.cash, *(period.cautious_balance for period in periods)),
    )
