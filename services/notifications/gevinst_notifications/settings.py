"""The notifications service's settings."""

from gevinst_shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """What the notifications service needs beside what every service needs."""
