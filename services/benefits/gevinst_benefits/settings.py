"""The benefits service's settings."""

from gevinst_shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """What the benefits service needs beside what every service needs."""
