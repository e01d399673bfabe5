"""api_webhooks: the webhooks of the structures."""

from chorale.http.chorale import webhooks
from chorale.http.edge.api import Api

api = Api("api_webhooks")
webhooks.declare(api)
