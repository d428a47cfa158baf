"""All settings, read once from the environment into one frozen object."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, HttpUrl, SecretStr, TypeAdapter, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

import flows

PREFIX = "ACHTERDEHAND_"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_URL = TypeAdapter(HttpUrl)


class SettingsProblem(Exception):
    """A setting is missing or wrong; the message says which, and what to set."""


class Settings(BaseSettings):
    """Each field is `ACHTERDEHAND_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True)

    telegram_token: SecretStr | None = Field(None, description="The bot's token, from BotFather, like 123456:ABC-…")
    telegram_url: str = Field("https://api.telegram.org", description="Root of the Bot API.")
    data: Path = Field(Path("data"), description="Folder for the database and the key.")
    database_url: str | None = Field(None, description="Instead of a file in the data folder: postgresql://…")
    key_file: Path | None = Field(None, description="File with the master key; default: master.key in the data folder.")
    key: SecretStr | None = Field(None, description="The master key itself (base64), instead of a file.")
    http: str = Field("127.0.0.1:8080", description="host:port for /healthz, /metrics and the webhook.")
    flows: Path | None = Field(None, description="Folder with the scripts; default: those that come along.")
    locales: Path | None = Field(None, description="Folder with the translations; default: those that come along.")
    webhook: str | None = Field(None, description="Public https address of this server; empty: long polling.")
    sends_per_second: Annotated[int, Field(gt=0)] = Field(25, description="Messages a second, over all chats.")
    sends_per_chat: Annotated[float, Field(gt=0)] = Field(1, description="Messages a second, to one chat.")
    office: str = Field("", description="How people reach you without a coach, like: Bel 050 123 45 67.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    crash_at: str | None = Field(None, description="For the crash tests alone: die at a named point.")

    @field_validator("telegram_url", "webhook")
    @classmethod
    def _is_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            _URL.validate_python(value)
        except ValidationError:
            raise ValueError("write a whole address, like https://bot.example.org") from None
        return value.rstrip("/")

    @field_validator("webhook")
    @classmethod
    def _is_safe(cls, value: str | None) -> str | None:
        """Telegram brings updates over https alone; http is for a stand-in on this machine."""
        if (
            value is not None
            and not value.lower().startswith("https://")
            and _URL.validate_python(value).host not in LOOPBACK
        ):
            raise ValueError("write a public address that starts with https://")
        return value

    @field_validator("http")
    @classmethod
    def _is_host_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or int(port) > 65535:
            raise ValueError("write host:port, like 127.0.0.1:8080")
        return value

    @field_validator("telegram_token")
    @classmethod
    def _is_token(cls, value: SecretStr | None) -> SecretStr | None:
        number, _, secret = value.get_secret_value().partition(":") if value else ("1", "", "x")
        if not number.isdigit() or not secret:
            raise ValueError("a token has a number, a colon and a secret part, as BotFather gave it")
        return value

    @field_validator("log_level")
    @classmethod
    def _is_level(cls, value: str) -> str:
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("choose DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @property
    def host(self) -> str:
        return self.http.rpartition(":")[0]

    @property
    def port(self) -> int:
        return int(self.http.rpartition(":")[2])

    @property
    def scripts(self) -> Path:
        """The folder with the scripts."""
        return self.flows or Path(flows.__file__).parent / "scripts"

    @property
    def database(self) -> str:
        """The database's URL: a file in the data folder unless another was set."""
        return self.database_url or f"sqlite:///{(self.data / 'achterdehand.db').absolute()}"

    @property
    def master_key_file(self) -> Path:
        return self.key_file or self.data / "master.key"

    @property
    def token(self) -> str:
        """The token. Raises SettingsProblem when there is none."""
        if self.telegram_token is None:
            raise SettingsProblem(
                f"Set {PREFIX}TELEGRAM_TOKEN to the token that BotFather gave you, for example 123456:ABC-DEF."
            )
        return self.telegram_token.get_secret_value()


def load() -> Settings:
    """Read the environment. Raises SettingsProblem with one sentence per wrong setting."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsProblem("\n".join(_sentence(one) for one in error.errors())) from None


_WANTED = {
    "sends_per_second": "write a whole number above 0, like 25",
    "sends_per_chat": "write a number above 0, like 1 or 0.5",
}
"""What to write in a field whose type speaks for itself."""


def _sentence(error: ErrorDetails) -> str:
    field = str(error["loc"][0]) if error["loc"] else ""
    said = _WANTED.get(field) or error["msg"].removeprefix("Value error, ")
    return f"Set {PREFIX}{field.upper()} to something else: {said}."
