"""Published embeds in the database."""

from gevinst_portfolio.events.embeds import EmbedPublished, EmbedRevoked
from gevinst_portfolio.tables.embeds import embed
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.embeds.published import Publications

PUBLICATIONS = Publications(outbox, embed, published=EmbedPublished, revoked=EmbedRevoked)
