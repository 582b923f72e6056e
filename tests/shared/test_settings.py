"""Settings come from the environment, once, and do not give their secrets away."""

from pathlib import Path

import pytest

from gevinst_shared.settings import ServiceSettings, SettingsMissing, from_environment

ENOUGH = {
    "GEVINST_BENEFITS_DATABASE_URL": "postgresql+asyncpg://app:secret@db/benefits",
    "GEVINST_ISSUERS_FILE": "issuers.json",
}


def read(**environment: str) -> ServiceSettings:
    return from_environment(ServiceSettings, "benefits", {**ENOUGH, **environment})


def test_the_variable_of_the_service_comes_before_that_of_all() -> None:
    settings = read(GEVINST_LOG_LEVEL="INFO", GEVINST_BENEFITS_LOG_LEVEL="DEBUG")

    assert settings.log_level == "DEBUG"


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql+asyncpg://owner:secret@db/benefits\n")

    settings = read(GEVINST_BENEFITS_OWNER_DATABASE_URL_FILE=str(file))

    assert settings.owner_database_url == "postgresql+asyncpg://owner:secret@db/benefits"


def test_what_is_missing_is_named_as_it_is_set() -> None:
    with pytest.raises(SettingsMissing) as refused:
        from_environment(ServiceSettings, "benefits", {"GEVINST_ISSUERS_FILE": "issuers.json"})

    assert "GEVINST_BENEFITS_DATABASE_URL or GEVINST_DATABASE_URL: not set" in str(refused.value)


def test_a_file_that_cannot_be_read_is_named_with_its_variable() -> None:
    with pytest.raises(SettingsMissing, match=r"GEVINST_TOKEN_URL_FILE names /no/file"):
        read(GEVINST_TOKEN_URL_FILE="/no/file")


def test_printed_settings_show_no_password() -> None:
    settings = read(GEVINST_BENEFITS_OWNER_DATABASE_URL="postgresql+asyncpg://owner:secret@db/benefits")

    assert "secret" not in f"{settings!r} {settings}"
