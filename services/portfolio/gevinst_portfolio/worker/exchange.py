"""The portfolio service's part in the exchange, with what users see of what arrives (X3)."""

from dataclasses import replace

from gevinst_portfolio.store import sync_part
from gevinst_portfolio.usecases.arriving import arrive

PART = replace(sync_part.PART, after_take=arrive)
