"""Where the hub is and who calls: options shared by the commands that talk to it, with the demo hub as default."""

from typing import Annotated

import typer

from chorale_cli.client import HubClient

Hub = Annotated[str, typer.Option("--to", envvar="CHORALE_URL", help="Base URL of the hub.")]
ClientId = Annotated[str, typer.Option(envvar="CHORALE_CLIENT_ID", help="Application (OAuth2 client).")]
ClientSecret = Annotated[str, typer.Option(envvar="CHORALE_CLIENT_SECRET", help="Its secret.", show_default=False)]
Login = Annotated[str, typer.Option(envvar="CHORALE_LOGIN", help="Technical account.")]
Password = Annotated[str, typer.Option(envvar="CHORALE_PASSWORD", help="Its password.", show_default=False)]

DEMO_URL = "http://127.0.0.1:8000"
DEMO_CLIENT = "demo-client"
DEMO_SECRET = "demo-secret"  # noqa: S105 - published with the demo cast
DEMO_LOGIN = "TECH_1_99000007700018@cpro.fr"
DEMO_PASSWORD = "demo-password"  # noqa: S105 - published with the demo cast


def connect(hub: str, client_id: str, client_secret: str, login: str, password: str) -> HubClient:
    """A client for these options."""
    return HubClient(hub, client_id, client_secret, login, password)
