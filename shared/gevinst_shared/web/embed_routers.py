"""Everything about embeds that a service answers to."""

from fastapi import APIRouter

from gevinst_shared.embeds.published import Publications
from gevinst_shared.web.embedded import published_router, ticketed_router
from gevinst_shared.web.embeds import embeds_router, ticket_router
from gevinst_shared.web.oembed import oembed_router


def embed_routers(publications: Publications) -> tuple[APIRouter, ...]:
    """Tickets and what they show, published embeds and what they show, oEmbed."""
    return (
        ticket_router(),
        embeds_router(publications),
        ticketed_router(),
        published_router(publications),
        oembed_router(publications),
    )
