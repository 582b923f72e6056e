"""The contracts in the repository are those of the code: a change is seen in review, never by surprise."""

import pytest

from gevinst_shared.settings import SERVICES
from tests.support import generated


@pytest.mark.parametrize("service", SERVICES)
def test_the_openapi_document_is_the_one_in_the_repository(service: str) -> None:
    file = generated.openapi_file(service)
    assert file.read_text(encoding="utf-8") == generated.written(generated.openapi(service)), (
        "The API changed. Write it down: python -m tests.support.generated"
    )


def test_the_table_of_permissions_is_the_one_in_the_repository() -> None:
    assert generated.PERMISSIONS.read_text(encoding="utf-8") == generated.permissions(), (
        "The permissions changed. Write them down: python -m tests.support.generated"
    )


@pytest.mark.parametrize("service", SERVICES)
def test_every_schema_has_a_name_of_its_own(service: str) -> None:
    """Two classes of one name in one service would show their modules in the document."""
    schemas = generated.openapi(service)["components"]["schemas"]

    assert [name for name in schemas if "__" in name] == []
