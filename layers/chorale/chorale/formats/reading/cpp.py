"""Business terms in the platform's own format (XSD CPPFacturePivot V2.02), of which minimal mixed flux are made."""

from chorale.formats.reading.terms import TermTable, table

UNIT = "cpp:CPPFactures/cpp:CPPFacturePivotUnitaire"
_SELLER, _BUYER, _DATA = f"{UNIT}/cpp:Fournisseur", f"{UNIT}/cpp:Debiteur", f"{UNIT}/cpp:DonneesFacture"

CPP: TermTable = table(
    {
        "BT-1": f"{_DATA}/cpp:Id",
        "BT-2": f"{_DATA}/cpp:DateEmissionFacture",
        "BT-3": f"{_DATA}/cpp:Type",
        "BT-5": f"{_DATA}/cpp:Devise",
        "BT-10": f"{_BUYER}/cpp:CodeService",
        "BT-12": f"{_DATA}/cpp:Engagement/cpp:NumeroMarche",
        "BT-13": f"{_DATA}/cpp:Engagement/cpp:NumeroEngagement",
        "BT-23": f"{_DATA}/cpp:Cadre",
        "BT-25": f"{_DATA}/cpp:IdFactureOrigine",
        "BT-27": f"{_SELLER}/cpp:RaisonSociale",
        "BT-30": f"{_SELLER}/cpp:Identifiant",
        "BT-40": f"{_SELLER}/cpp:CodePays",
        "BT-44": f"{_BUYER}/cpp:Nom",
        "BT-47": f"{_BUYER}/cpp:Identifiant",
        "validator": f"{UNIT}/cpp:CycleDeValidation/cpp:ValidationUnitaire/cpp:ProducteurStatut/cpp:Id",
        "BT-72": f"{_DATA}/cpp:DateLivraison",
        "BT-81": f"{_DATA}/cpp:ModePaiement/cpp:Code",
        "BT-84": f"{_SELLER}/cpp:ReferenceBancaire/cpp:Compte",
        "BT-86": f"{_SELLER}/cpp:ReferenceBancaire/cpp:Etablissement",
        "BT-109": f"{_DATA}/cpp:Montants/cpp:MontantHT",
        "BT-112": f"{_DATA}/cpp:Montants/cpp:MontantTTC",
        "BT-115": f"{_DATA}/cpp:Montants/cpp:MontantNetAPayer",
    },
    {
        "BG-23": (
            f"{_DATA}/cpp:TVAs/cpp:TVA",
            {"BT-116": "cpp:BaseHt", "BT-117": "cpp:MontantTVA", "BT-119": "cpp:Taux"},
        ),
        "BG-24": (
            f"{UNIT}/cpp:PJ",
            {
                "BT-123": "cpp:NomPJOrigine",
                "BT-125": "cpp:Contenu",
                "file name": "cpp:NomPJ",
                "mime type": "cpp:MimeTypePJ",
                "type": "cpp:CategoriePJ",
                "main": "cpp:TypePJ",
            },
        ),
        "BG-25": (
            f"{_DATA}/cpp:Lignes/cpp:Ligne",
            {
                "BT-129": "cpp:Quantite",
                "BT-131": "cpp:MontantHT",
                "BT-146": "cpp:PrixUnitaire",
                "BT-152": "cpp:TauxTVA",
                "BT-155": "cpp:ReferenceProduit",
            },
        ),
    },
    (),
    "TypeIdentifiant",
)
