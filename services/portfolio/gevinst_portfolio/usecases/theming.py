"""Choosing how the organisation's charts look."""

from collections.abc import Sequence

from gevinst_portfolio.domain.permissions import ADMINISTER
from gevinst_portfolio.events.register import ThemeChosen
from gevinst_portfolio.store import themes
from gevinst_shared.charts.themes import Theme, read_logo, refuse_pale
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded
from gevinst_shared.values.actor import Place


async def choose_theme(
    work: Work, *, light: Sequence[str], dark: Sequence[str], font: str | None, logo: str | None
) -> Stored:
    """Keep the theme; refuses colours that do not stand out, and what is no logo."""
    work.require(ADMINISTER, Place())
    if logo is not None:
        read_logo(logo)
    refuse_pale(Theme(tuple(light), tuple(dark)))
    fact = ThemeChosen(light=tuple(light), dark=tuple(dark), font=font, logo=logo)
    record = recorded(work, fact, subject=f"organisations/{work.organisation}")
    values = {
        "light": list(light),
        "dark": list(dark),
        "font": font,
        "logo": logo,
        "created_at": work.now,
    }
    return await themes.put_theme(work.connection, values, record)
