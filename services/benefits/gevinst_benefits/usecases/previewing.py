"""Showing what a partner gets of plans, before it leaves (X1)."""

from gevinst_benefits.domain.permissions import EXCHANGE
from gevinst_benefits.store import sync_previews
from gevinst_benefits.usecases.exchanging import PART
from gevinst_shared.sync.previewing import Previewing

PREVIEWS = Previewing(PART, change=EXCHANGE, has_record=sync_previews.has_record)
