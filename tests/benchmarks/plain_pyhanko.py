"""What a script with pyHanko does: open, sign into the field with a picture, write, next. Nothing is checked.

In a process of its own, because it loads the PKCS#11 library itself. Prints the seconds from the first letter to the
last; starting and logging in are left out.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.stamp import StaticStampStyle

from signing.form import LEADER
from tests.signing.batch_token import PIN


def main() -> None:
    module, letter, picture, folder, count = sys.argv[1:]
    session = open_pkcs11_session(module, token_criteria=TokenCriteria(label="Lãnh đạo"), user_pin=PIN.decode())
    signer = PKCS11Signer(session, cert_id=b"\x01", key_id=b"\x01")
    metadata = PdfSignatureMetadata(field_name=LEADER, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES,
                                    certify=True, docmdp_permissions=MDPPerm.FILL_FORMS)
    pdf_signer = PdfSigner(metadata, signer, stamp_style=StaticStampStyle(background=PdfImage(picture), border_width=0))
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    begun = time.perf_counter()
    for number in range(int(count)):
        with Path(letter).open("rb") as source, (out / f"{number}.pdf").open("w+b") as target:
            pdf_signer.sign_pdf(IncrementalPdfFileWriter(source), output=target)
    sys.stdout.write(f"{time.perf_counter() - begun}\n")


if __name__ == "__main__":
    main()
