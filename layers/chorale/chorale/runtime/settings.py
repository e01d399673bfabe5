"""Settings of a function: the only place that reads environment variables."""

import os
from functools import cache


class MissingSetting(RuntimeError):
    """The template did not give this function a variable that it needs."""


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise MissingSetting(
            f"environment variable {name} is not set: give it to the function in its template under infra/capabilities"
        )
    return value


class Settings:
    """Each property is read when it is first needed: a function gives only what it uses."""

    @property
    def ledger_table(self) -> str:
        return _required("LEDGER_TABLE")

    @property
    def directory_table(self) -> str:
        return _required("DIRECTORY_TABLE")

    @property
    def views_table(self) -> str:
        return _required("VIEWS_TABLE")

    @property
    def technical_table(self) -> str:
        return _required("TECHNICAL_TABLE")

    @property
    def deposit_bucket(self) -> str:
        return _required("DEPOSIT_BUCKET")

    @property
    def document_bucket(self) -> str:
        return _required("DOCUMENT_BUCKET")

    @property
    def integration_queue_url(self) -> str:
        return _required("INTEGRATION_QUEUE_URL")

    @property
    def call_queue_url(self) -> str:
        """URL of the queue of calls to webhooks."""
        return _required("CALL_QUEUE_URL")

    @property
    def event_bus(self) -> str:
        return _required("EVENT_BUS")

    @property
    def works_machine(self) -> str:
        """ARN of the state machine of the works chain."""
        return _required("WORKS_MACHINE")

    @property
    def token_key_secret(self) -> str:
        """ARN of the secret whose value signs access tokens."""
        return _required("TOKEN_KEY_SECRET")

    @property
    def stage(self) -> str:
        return os.environ.get("STAGE", "sandbox")

    @property
    def calls_per_minute(self) -> int:
        """Calls that one application may make in a minute; 0 for no limit."""
        return int(os.environ.get("CALLS_PER_MINUTE", "0"))

    @property
    def clamd_address(self) -> str:
        """``host:port`` or absolute path of the socket of clamd; empty for no antivirus."""
        return os.environ.get("CLAMD_ADDRESS", "")

    @property
    def uploads_scanned(self) -> bool:
        """Whether the deposit bucket is scanned by an antivirus whose answer is waited for."""
        return os.environ.get("UPLOADS_SCANNED", "false") == "true"

    @property
    def local_webhooks(self) -> bool:
        """Whether webhooks may go to loopback and without TLS: on the laptop only (the template has a rule)."""
        return os.environ.get("LOCAL_WEBHOOKS", "false") == "true" and self.stage != "production"

    @property
    def simulated_clock(self) -> bool:
        """Whether the clock may be moved: never in production (a rule of the template forbids it)."""
        return os.environ.get("SIMULATED_CLOCK", "false") == "true" and self.stage != "production"


@cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
