"""api_structures: what a structure settles for itself."""

from chorale.http.edge.api import Api, Call, Resource
from chorale.http.organisations.resources import BASE
from chorale.usecases.directory.organisations import set_edi
from chorale.wire.organisations.resources import ParametresEdiAsk

api = Api("api_structures")


@api.resource(
    "PATCH",
    f"{BASE}/structures/{{uuid}}/parametres-edi",
    "modifierParametresEdi",
    ParametresEdiAsk,
    Resource(status=204),
)
def modifier_parametres_edi(call: Call[ParametresEdiAsk]) -> None:
    """Change what a structure exchanges by EDI."""
    set_edi(call.actor, call.parameters["uuid"], call.ask.reception_edi, call.ask.connexion_edi)
