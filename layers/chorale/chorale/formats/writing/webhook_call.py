"""The body of a webhook call, in the names of the public API."""

from chorale.domain.dates import instant
from chorale.domain.events import Event, EventType
from chorale.domain.exchange.webhooks import TYPES
from chorale.domain.statuses import FluxState


def message(event: Event, structure_id: int) -> dict[str, object]:
    """What a call says: ids and statuses, never a name or an amount. The receiver reads the rest with its rights."""
    said: dict[str, object] = {
        "id": event.id,
        "type": TYPES[event.type],
        "date": instant(event.at),
        "idStructure": structure_id,
        "version": event.version,
        "statut": event.target,
        "statutPrecedent": event.source or None,
    }
    if event.type is EventType.FLUX_DECIDED:
        codes = (FluxState(state).public_code if state else None for state in (event.target, event.source))
        return (
            said | dict(zip(("statut", "statutPrecedent"), codes, strict=True)) | {"numeroFluxDepot": event.object_id}
        )
    if event.type is EventType.WORKS_FILE_CHANGED:
        return said | {"idDossierFacturation": int(event.object_id)}
    if event.type is EventType.WORKS_CONTRACT_CHANGED:
        return said | {"idMarche": int(event.object_id)}
    return said | {"identifiantFactureCPP": int(event.object_id)}
