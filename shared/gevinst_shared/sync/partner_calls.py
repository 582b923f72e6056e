"""Calls to partners over HTTP: for a page, or with a hint. Where each leads is looked at (OWASP API7)."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote, urlencode

from gevinst_shared.http.outside import Answer, Outside
from gevinst_shared.sync.callers import ACCEPT, Caller, CallFailed, CallFault, allowed, made, read_object
from gevinst_shared.sync.pages import LONGEST_PAGE, Page, WrongPage, read_page
from gevinst_shared.sync.partner_tokens import Assert, PartnerTokens, asserted_here
from gevinst_shared.sync.refusals import FeedBegunAnew, PartnerStopped
from gevinst_shared.sync.serving import NoPage

LIMIT = 100
_REFUSED = frozenset({401, 403})


class PartnerCalls:
    """Calls partners, many at a time.

    `asserts` says what tokens are asked for with; without it, the organisation's own key alone does.
    """

    def __init__(
        self, outside: Outside, now: Callable[[], datetime], *, asserts: Assert | None = None
    ) -> None:
        self._outside = outside
        self._tokens = PartnerTokens(outside, now, asserts or asserted_here((), now))

    async def page(self, caller: Caller, cursor: str | None, *, grants_number: int = 0) -> Page | NoPage:
        """The partner's page for the caller, unchecked but for its shape; or `CallFailed`."""
        if caller.feed is None:
            raise CallFailed(CallFault.NO_FEED)
        asked = {"owner": caller.owner, "limit": str(LIMIT), "grants_number": str(grants_number)}
        query = urlencode(asked | ({} if cursor is None else {"cursor": cursor}), quote_via=quote)
        address = await allowed(f"{caller.feed}?{query}", caller.networks)
        headers = {**ACCEPT, **await self._authorized(caller)}
        answer = await made(
            self._outside.get(address, headers=headers, allowed=caller.networks, most_bytes=LONGEST_PAGE)
        )
        if answer.status == 200:
            try:
                return read_page(answer.content)
            except WrongPage as wrong:
                raise CallFailed(str(wrong), answer.text[:4000]) from wrong
        return self._no_page(caller, answer)

    async def hint(self, caller: Caller) -> None:
        """Tell the partner that it has something to read; or `CallFailed`."""
        if caller.feed is None:
            raise CallFailed(CallFault.NO_FEED)
        where = caller.feed.removesuffix("sync-feed") + "sync-hints"
        address = await allowed(f"{where}?owner={quote(caller.owner)}", caller.networks)
        headers = {**ACCEPT, **await self._authorized(caller)}
        answer = await made(self._outside.post(address, b"", headers=headers, allowed=caller.networks))
        if answer.status not in {200, 202, 204}:
            self._no_page(caller, answer)

    async def _authorized(self, caller: Caller) -> dict[str, str]:
        return {"Authorization": f"Bearer {await self._tokens.get(caller)}"}

    def _no_page(self, caller: Caller, answer: Answer) -> NoPage:
        if answer.status == 410:
            code = _problem_code(answer)
            if code == PartnerStopped.code:
                return NoPage.STOPPED
            if code == FeedBegunAnew.code:
                return NoPage.GONE
        if answer.status in _REFUSED:
            self._tokens.forget(caller)
            raise CallFailed(CallFault.TOKEN_REFUSED)
        named = {404: NoPage.STRANGER, 503: NoPage.PAUSED}
        if answer.status in named:
            return named[answer.status]
        raise CallFailed(CallFault.ODD_ANSWER)


def _problem_code(answer: Answer) -> str:
    kind = read_object(answer).get("type")
    return kind.rpartition("#")[2] if isinstance(kind, str) else ""
