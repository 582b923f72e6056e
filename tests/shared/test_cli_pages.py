"""The gateway's pages for people: complete, readable without a script, and served by the real Envoy."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from gevinst_shared.cli.gateway.replies import STATUSES
from gevinst_shared.cli.gateway.settings import Address, GatewaySettings
from gevinst_shared.cli.gateway.writing import permissions_page, problems_page, start_page
from gevinst_shared.settings import SERVICES
from gevinst_shared.web.languages import LANGUAGES, language_of
from gevinst_shared.web.openapi import merged
from gevinst_shared.web.problems import SHARED_STATUSES
from tests.support.gateway import AUDIENCE, Gateway, gateway_options, running_gateway
from tests.support.generated import openapi_file

PAGES = ("/", "/gallery", "/docs/problems", "/docs/permissions")
VOID = {"meta", "link", "input"}


class Reader(HTMLParser):
    """A page as its elements: their attributes, and the text of each element with an id."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self.open: list[tuple[str, str | None]] = []
        self.feed(page)
        assert self.open == [], "an element is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.elements.append((tag, named))
        if tag not in VOID:
            self.open.append((tag, named.get("id")))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, name in self.open:
            if name is not None:
                self.texts[name] = self.texts.get(name, "") + data

    def values(self, name: str) -> list[str]:
        return [value for _, attributes in self.elements if (value := attributes.get(name)) is not None]


@pytest.fixture(scope="module")
def documents() -> dict[str, dict[str, Any]]:
    return {service: json.loads(openapi_file(service).read_text("utf-8")) for service in SERVICES}


@pytest.fixture(scope="module")
def gateway(
    tmp_path_factory: pytest.TempPathFactory, documents: dict[str, dict[str, Any]]
) -> Iterator[Gateway]:
    directory = tmp_path_factory.mktemp("pages")
    shown = directory / "shown.json"
    shown.write_text(json.dumps(merged(documents)))
    with running_gateway(directory, openapi_file=shown) as running:
        yield running


def settings(directory: Path, **changes: Any) -> GatewaySettings:
    return GatewaySettings(listen=Address("127.0.0.1", 1), **{**gateway_options(directory, 2), **changes})


def test_each_service_publishes_everything_it_refuses(documents: dict[str, dict[str, Any]]) -> None:
    for service, document in documents.items():
        own = import_module(f"gevinst_{service}.app").STATUSES
        expected = {refusal.code: status for refusal, status in {**SHARED_STATUSES, **own}.items()}

        published = document["x-problems"]

        assert {code: problem["status"] for code, problem in published.items()} == expected
        assert all(tuple(problem["texts"]) == LANGUAGES for problem in published.values())


def test_a_code_means_the_same_in_every_service(documents: dict[str, dict[str, Any]]) -> None:
    whole = merged(documents)["x-problems"]

    for document in documents.values():
        for code, problem in document["x-problems"].items():
            assert whole[code] == problem, code
    for refusal, status in STATUSES.items():
        assert whole.get(refusal.code, {"status": status})["status"] == status


def test_every_reference_of_the_merged_document_leads_somewhere(
    documents: dict[str, dict[str, Any]],
) -> None:
    whole = merged(documents)

    references = set(re.findall(r'"\$ref": "#/components/(\w+)/([\w-]+)"', json.dumps(whole)))

    assert {(kind, name) for kind, name in references if name not in whole["components"][kind]} == set()


def test_each_refusal_has_a_place_that_says_it_in_five_languages(
    documents: dict[str, dict[str, Any]],
) -> None:
    whole = merged(documents)
    page = Reader(problems_page(whole))

    places = {attributes["id"] for tag, attributes in page.elements if tag == "article"}
    languages = [attributes["lang"] for tag, attributes in page.elements if attributes.get("class") == "text"]

    assert places == {*whole["x-problems"], *(refusal.code for refusal in STATUSES)}
    assert languages == [*LANGUAGES] * len(places)
    for code, problem in whole["x-problems"].items():
        assert str(problem["status"]) in page.texts[code]
        for text in problem["texts"].values():
            assert text["title"] in page.texts[code]
            assert re.sub(r"[{}`]", "", text["detail"]) in page.texts[code]


def test_what_a_request_brings_along_is_marked_and_nothing_is_taken_as_html() -> None:
    text = {"title": "<Odd>", "detail": "Send `{name}` & <b>no more</b>."}
    problem = {"status": 409, "texts": dict.fromkeys(LANGUAGES, text)}

    page = problems_page({"x-problems": {"odd": problem}})

    assert "<h3>&lt;Odd&gt;</h3>" in page
    assert "Send <code><var>name</var></code> &amp; &lt;b&gt;no more&lt;/b&gt;." in page


def test_each_permission_shows_its_roles_and_operations(documents: dict[str, dict[str, Any]]) -> None:
    whole = merged(documents)
    page = permissions_page(whole)

    for path, item in whole["paths"].items():
        for method, operation in item.items():
            is_shown = f"<code>{method.upper()} {path}</code>" in page
            assert is_shown == ("x-permission" in operation), path
    assert re.search(
        r"<code>portfolio:arrange</code>\s*</h3>\s*<ul [^>]*>\s*<li>administrator</li>\s*"
        r"<li>portfolio-office</li>\s*</ul>",
        page,
    )


def test_the_start_says_how_to_get_a_token_of_our_own_only_where_there_is_one(tmp_path: Path) -> None:
    development = start_page(settings(tmp_path, issuer_upstream=Address("127.0.0.1", 3)))
    production = start_page(settings(tmp_path))

    assert "gevinst token --as" in development
    assert "gevinst token" not in production
    assert f"<code>{AUDIENCE}</code>" in production


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_needs_no_script(gateway: Gateway, path: str) -> None:
    answer = gateway.client.get(path)
    page = Reader(answer.text)
    ids, links = page.values("id"), page.values("href")
    tags = [tag for tag, _ in page.elements]

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "script-src 'none'; style-src 'self';" in answer.headers["content-security-policy"]
    assert {"script", "style"}.isdisjoint(tags)
    assert page.values("style") == []
    assert ("html", {"lang": "en"}) in page.elements
    assert tags.count("main") == tags.count("h1") == tags.count("title") == 1
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert set(page.values("aria-labelledby")) <= set(ids)


@pytest.mark.slow
def test_every_link_of_the_pages_leads_somewhere_without_a_token(gateway: Gateway) -> None:
    links = {link for path in PAGES for link in Reader(gateway.client.get(path).text).values("href")}
    there = {
        link for link in links if not link.startswith(("#", "/notifications/"))
    }  # nobody is behind those

    answers = {link: gateway.client.get(link).status_code for link in there}

    assert {"/docs", "/openapi.json", "/portfolio/v1/openapi.json", "/benefits/v1/status"} <= there
    assert set(answers.values()) == {200}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "language", "title"),
    [
        ("nb-NO,nb;q=0.9,en;q=0.8", "nb", "Ikke logget inn"),
        ("no", "nb", "Ikke logget inn"),
        ("NN", "nn", "Ikkje logga inn"),
        ("da-DK, en", "da", "Ikke logget ind"),
        ("sv", "sv", "Inte inloggad"),
        ("en, nb", "en", "Not signed in"),
        ("nbx", "en", "Not signed in"),
        ("", "en", "Not signed in"),
    ],
)
def test_the_gateway_refuses_in_the_callers_language(
    gateway: Gateway, asked: str, language: str, title: str
) -> None:
    answer = gateway.client.get("/portfolio/v1/echo", headers={"accept-language": asked})

    assert (answer.status_code, answer.headers["content-language"]) == (401, language)
    assert answer.headers["content-language"] == language_of(asked)  # as the services understand it
    assert answer.json()["title"] == title


@pytest.mark.slow
def test_each_kind_of_refusal_is_translated(gateway: Gateway) -> None:
    asked = {"accept-language": "da"}
    unknown = gateway.client.get("/nothing", headers=asked)
    gone = gateway.client.get("/notifications/v1/status", headers=asked)
    large = gateway.client.post(
        "/portfolio/v1/echo", content=b"x" * 1_000_001, headers={**asked, **gateway.signed_in}
    )

    told = [(answer.status_code, answer.headers["content-language"]) for answer in (unknown, gone, large)]

    assert told == [(404, "da"), (503, "da"), (413, "da")]


def test_swagger_ui_is_one_that_reads_the_documents_as_they_are() -> None:
    bundle = (files("fastapi_swagger.resources") / "swagger-ui-bundle.js").read_text("utf-8")

    version = re.search(r'PACKAGE_VERSION:"(\d+)\.', bundle)

    assert version is not None
    assert int(version[1]) >= 5  # the first that reads OpenAPI 3.1
