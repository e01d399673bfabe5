"""Who reads /docs on the local hub can send each example as it stands, with the account that it names."""

import base64
import json

import httpx
import pytest
from chorale.apidoc.openapi import apis, examples
from chorale_local.seed import cast

from tests.patience import PATIENT

pytestmark = pytest.mark.platform


def test_every_example_of_the_documentation_runs_on_the_local_hub(hub):
    http = httpx.Client(base_url=hub.base_url, timeout=PATIENT)
    assert http.post("/_local/examples").json() == {"written": True}
    assert http.post("/_local/examples").json() == {"written": False}
    token = http.post(
        "/api/oauth/token",
        content=examples()["obtenirJeton"]["request"],
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    ).json()["access_token"]
    password = cast()["technical_accounts"]["password"]
    refused, made = {}, {}

    for operation in (operation for _, api in apis() for operation in api.operations() if not operation.public):
        example = examples()[operation.name]
        parameters = example.get("parameters", {})
        account = base64.b64encode(f"{example['account']}:{password}".encode()).decode()
        answer = http.request(
            operation.method,
            operation.path.format(**parameters),
            content=json.dumps(example["request"]) if "request" in example else None,
            headers={"Authorization": f"Bearer {token}", "cpro-account": account, "Content-Type": "application/json"},
        )
        made[operation.name] = content = answer.json() if answer.content else {}
        done = content.get("codeRetour", 0) == 0 if isinstance(content, dict) else True
        if answer.status_code not in (200, 204) or not done:
            refused[operation.name] = (answer.status_code, content)

    assert refused == {}
    assert len(made) > 100
