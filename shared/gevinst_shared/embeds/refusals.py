"""Why something is not shown on another's page."""

from gevinst_shared.values.refusal import Refusal


class NotShown(Refusal):
    """Expired, made for something else, taken back, erased: whoever looks cannot tell which."""

    code = "not-shown"
    title = "This is not shown here"
    detail = "It was shown for a limited time, was taken back, or was never shared. Load the page again."


class NotEmbeddable(Refusal):
    code = "not-embeddable"
    title = "This cannot be shown on other pages"
    detail = (
        "{resource} is no chart or status page of this service. Give its path and query as they stand after "
        "the version, such as /projects/0198b6a4-7c1e-7000-8000-000000000002/charts/gate-strip?language=nb."
    )


class OddOrigin(Refusal):
    code = "odd-origin"
    title = "Not an origin"
    detail = (
        "{origin} is not an origin. Write the scheme and the host, and the port where it is not the usual "
        "one, such as https://intranet.example; http is for localhost only."
    )


class EmbedsNotSetUp(Refusal):
    code = "embeds-not-set-up"
    title = "Embeds are not set up"
    detail = "This installation has no key for embeds. Whoever runs it sets GEVINST_EMBED_KEY."


class OnlyPublished(Refusal):
    """Who asks by oEmbed brings neither token nor ticket."""

    code = "only-published"
    title = "Only published embeds can be unfurled"
    detail = (
        "The address is not that of a published embed here. oEmbed brings no ticket: publish the chart or "
        "status page first, and use the address that you get."
    )


class OnlyJson(Refusal):
    code = "only-json"
    title = "Only as JSON"
    detail = "oEmbed answers are available as JSON here. Leave `format` away, or say json."
