"""Published embeds."""

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.embeds.published import embed_table

embed = embed_table(metadata)
