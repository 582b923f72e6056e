"""Published embeds in the database."""

from gevinst_benefits.events.embeds import EmbedPublished, EmbedRevoked
from gevinst_benefits.tables.embeds import embed
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.embeds.published import Publications

PUBLICATIONS = Publications(outbox, embed, published=EmbedPublished, revoked=EmbedRevoked)
