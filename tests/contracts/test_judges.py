"""The OpenAPI documents stand before judges that know nothing of us."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

from tests.contracts.clients import (
    Call,
    call_with,
    install_python_generator,
    python_client,
    typescript_client,
)
from tests.contracts.judges import (
    HERE,
    Explanation,
    Finding,
    explanations,
    install_tools,
    redocly,
    spectral,
    unexplained,
    unused,
)
from tests.support.tree import ROOT, relative

SAMPLE = HERE / "sample-openapi.yaml"
DOCUMENTS = [SAMPLE, *sorted((ROOT / "services").glob("*/openapi.json"))]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def tools() -> None:
    install_tools()
    install_python_generator()


@pytest.fixture(scope="module")
def findings(tools: None) -> dict[Path, list[Finding]]:
    return {document: [*spectral(document), *redocly(document)] for document in DOCUMENTS}


@pytest.fixture
def running_sample() -> Iterator[str]:
    """The address of a server that answers the sample's list with one project."""
    server = HTTPServer(("127.0.0.1", 0), _OneProject)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class _OneProject(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps({"items": [{"id": "0199a0c2-7b4e-7c11-8a52-3f1d2b6c9e10", "name": "Digital post"}]})
        self.send_response(200 if self.headers["Authorization"] == "Bearer a-token" else 401)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_the_judges_find_nothing_that_is_not_explained(
    document: Path, findings: dict[Path, list[Finding]]
) -> None:
    left = unexplained(findings[document], explanations())

    assert not left, "\n".join(map(str, left))


def test_each_explanation_is_still_needed_and_given_once(findings: dict[Path, list[Finding]]) -> None:
    explained = explanations()
    every = [finding for found in findings.values() for finding in found]

    assert len({(one.judge, one.rule, one.where) for one in explained}) == len(explained)
    assert all(len(one.reason.split()) >= 5 for one in explained)
    assert not unused(every, explained)


def test_a_document_with_faults_is_found_out_by_both_judges(tmp_path: Path) -> None:
    document = yaml.safe_load(SAMPLE.read_text("utf-8"))
    del document["paths"]["/projects"]["get"]["operationId"]
    del document["paths"]["/projects"]["get"]["responses"]["401"]
    del document["components"]["schemas"]["ProjectIn"]["properties"]["name"]["maxLength"]
    faulty = tmp_path / "faulty.json"
    faulty.write_text(json.dumps(document))

    rules = {finding.rule for finding in [*spectral(faulty), *redocly(faulty)]}

    assert {"operation-operationId", "owasp:api4:2023-string-limit"} <= rules
    assert {"owasp:api8:2023-define-error-responses-401", "operation-operationId"} <= rules


def test_an_explanation_covers_its_own_rule_and_place_only() -> None:
    finding = Finding("spectral", "license-url", "services/benefits/openapi.json#info/license", "…")
    here = Explanation(
        "spectral", "license-url", "services/*/openapi.json#info/*", "because of this and that"
    )
    elsewhere = Explanation("spectral", "license-url", "services/*/openapi.json#paths/*", "because of that")

    assert unexplained([finding], [here]) == []
    assert unexplained([finding], [elsewhere]) == [finding]
    assert unused([finding], [here, elsewhere]) == [elsewhere]


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_types_for_typescript_are_generated_and_compile_strictly(document: Path, tmp_path: Path) -> None:
    types = typescript_client(document, tmp_path)

    assert "export interface paths" in types.read_text("utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_a_python_client_is_generated_and_compiles(document: Path, tmp_path: Path) -> None:
    package = python_client(document, tmp_path)

    assert (package / "client.py").exists()


def test_a_generated_python_client_calls_a_running_service(running_sample: str, tmp_path: Path) -> None:
    package = python_client(SAMPLE, tmp_path)

    answer = call_with(package, Call("projects", "list_projects", running_sample, "a-token", {"limit": 1}))

    assert answer["status"] == 200
    assert answer["parsed"]["items"][0]["name"] == "Digital post"


def test_the_node_lock_has_hashes_no_addresses_and_the_safe_version() -> None:
    lock = json.loads((HERE / "package-lock.json").read_text("utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}

    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    # 6.11.2 was published with malware.
    assert packages["node_modules/@asyncapi/specs"]["version"] == "6.11.1"
