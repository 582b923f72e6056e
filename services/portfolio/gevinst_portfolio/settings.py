"""The portfolio service's settings."""

from gevinst_shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """What the portfolio service needs beside what every service needs."""
