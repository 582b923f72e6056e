"""The exchange with other bodies: partners, grants, what they are given and what they gave (X1)."""

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.sync.tables import sync_tables

sync = sync_tables(metadata)
