"""``docs/works-requests.md``: a request for each frame of the works chain, made from the table of the chain.

``make generate`` writes it again.
"""

import json
from pathlib import Path
from typing import Any

from chorale.domain.frames import FRAME_ROWS, Frame
from chorale.domain.works.chain import STEPS, Addressee, steps_of

PAGE = Path("docs/works-requests.md")
HEAD = """# Une requête par pièce de travaux

`POST /cpro/facturesTravaux/v1/soumettre`. **Dépôt initial** : la pièce ouvre un dossier de facturation, elle indique le
marché (`references.numeroMarche`). **Association** : elle suit une pièce du dossier (`idPiecePrecedente`). Une pièce
refusée, ou que le service financier a rejetée, se remplace par `idPieceRemplacee` au lieu de `idPiecePrecedente`. Les
champs qui nomment MOE, MOA, valideur et service financier sont facultatifs : le marché les dit.

Page faite par `make generate` à partir de `chorale/domain/works/chain.py`.
"""
EXTRA: dict[Frame, tuple[str, dict[str, Any]]] = {
    Frame.A4: (
        "Le montant est celui de la période, demandes jointes comprises. `listeDemandesJointes` : les demandes "
        "acceptées de sous-traitants qui sont payées avec elle ; `chiffres` est facultatif.",
        {"listeDemandesJointes": [1000001], "chiffres": {"mois": "2026-11", "numeroSituation": 3}},
    ),
    Frame.A5: (
        "`dateMiseADispositionMOE` : le jour où la MOE, hors de l'outil, a reçu la demande.",
        {"dateMiseADispositionMOE": "2026-11-02"},
    ),
    Frame.A19: (
        "`listeParts` seulement si la répartition n'est pas celle que proposent les pièces précédentes.",
        {
            "listeParts": [
                {"identifiant": "99000001000019", "montantTtc": 10800.0},
                {"identifiant": "99000003600014", "montantTtc": 1200.0, "idPiece": 1000001},
            ]
        },
    ),
    Frame.A8: (
        "Le montant est celui du décompte général ; ce qui est réclamé en plus va dans `reserves`, avec ses motifs, et "
        "se lit dans `reclamation`. Le mandataire d'un groupement le répartit par `listeParts`.",
        {"reserves": {"motifs": "Sujétions imprévues du poste 3", "montantReclame": 5000.0}},
    ),
    Frame.A22: (
        "Le montant est celui du projet de décompte final. La MOE en reçoit la copie : `copieMOE` est vrai si rien "
        "n'est dit, `false` est refusé.",
        {"copieMOE": True},
    ),
}
"""What is said of a frame, and the fields that only it has."""
CONTRACT = "2026-T-015"
PREVIOUS = 1000042


def requests() -> dict[Frame, dict[str, Any]]:
    """The body for each frame, in the order of the chain."""
    return {frame: _request(frame) for frame in dict.fromkeys(step.frame for step in STEPS)}


def _request(frame: Frame) -> dict[str, Any]:
    opens = all(step.opens_file and not step.follows for step in steps_of(frame))
    link = {"references": {"numeroMarche": CONTRACT}} if opens else {"idPiecePrecedente": PREVIOUS}
    return {
        "modeDepot": "DEPOT_PDF_API",
        "numeroFactureTravaux": f"{frame.name}-2026-11",
        "cadreDeFacturation": {"codeCadreFacturation": frame.value},
        **link,
        "montantTotal": {"montantHtTotal": 10000.0, "montantTtcTotal": 12000.0},
        "pieceJointePrincipale": {"nom": f"{frame.name}.pdf", "contenu": "JVBERi0xLjcK…"},
        **EXTRA.get(frame, ("", {}))[1],
    }


def generated() -> str:
    """The page."""
    parts = [HEAD]
    for frame, body in requests().items():
        steps = steps_of(frame)
        actors = ", ".join(dict.fromkeys(role.value for step in steps for role in step.actors))
        after = ", ".join(dict.fromkeys(one.name for step in steps for one in step.follows))
        ways = ["dépôt initial"] if any(step.opens_file for step in steps) else []
        ways += [f"association à {after}"] if after else []
        lands = {Addressee.PAYER: "service financier"}.get(steps[0].lands, steps[0].lands.value)
        said = EXTRA.get(frame, ("", {}))[0]
        parts.append(
            f"\n## {frame.name} : {FRAME_ROWS[frame].label}\n\nDéposée par {actors} ; {' ou '.join(ways)} ; lue par : "
            f"{lands}. {said}".rstrip()
            + f"\n\n```json\n{json.dumps(body, indent=2, ensure_ascii=False)}\n```\n"
        )
    return "".join(parts)
