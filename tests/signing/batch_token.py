"""A leader's token behind the misbehaving module, letters to sign with it, and a program to be killed while it signs.

    python -m tests.signing.batch_token FOLDER    goes on with the batch there; a line on standard output per step
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from docclient.demonstration.authority import Authority
from docclient.tools.softhsm import SoftHsm
from signing.batch import FolderStore, Item, resume
from signing.report import Conclusion
from signing.sign import Role, SigningRequest
from signing.tokens.host import close_hosts
from signing.tokens.pkcs11 import TokenKey, open_token_key
from signing.trust import TrustStore
from signing.verify import verify_file
from tests.fakes.token_shim import Shim, shim

PIN = b"246810"


@dataclass(frozen=True)
class LeadersToken:
    """The token, and the request that signs as its owner."""

    shim: Shim
    request: SigningRequest

    def key(self) -> TokenKey:
        return open_token_key(self.shim.module, pin=bytearray(PIN), environment=self.shim.environment)

    def batch(self, folder: Path, letter: Path, count: int) -> list[Item]:
        """`count` copies of a letter, to be signed into `folder`/out; the batch itself is kept in `folder`/batch."""
        items = []
        for number in range(count):
            source = folder / "in" / f"{number}.pdf"
            source.parent.mkdir(parents=True, exist_ok=True)
            source.write_bytes(letter.read_bytes())
            items.append(Item(source, folder / "out" / source.name))
        FolderStore.create(folder / "batch", items, self.request).close()
        return items

    def check(self, items: list[Item]) -> None:
        """Every result is there, valid and signed once; nothing else lies beside them."""
        for item in items:
            report = verify_file(item.target, self.request.trust)
            assert report.conclusion is Conclusion.VALID and len(report.signatures) == 1, item.target
        folder = items[0].target.parent
        assert sorted(folder.iterdir()) == sorted(item.target for item in items)


def make_token(folder: Path, library: Path, **more: str) -> LeadersToken:
    """A new store under `folder` with a person's key in it."""
    authority = Authority.make("Cơ quan chứng thực thử nghiệm")
    issued = authority.issue_person("Chủ tịch xã Tân Hiệp")
    store = SoftHsm.at(folder / "hsm")
    token = store.add_token("Lãnh đạo", pin=PIN, officer_pin=b"13579135")
    store.import_key(token, pin=PIN, private_key=issued.private_key,
                     certificates=[issued.certificate_der, *issued.chain_der], identifier=b"\x01", name="")
    store.host.stop()
    trust = TrustStore().with_certificates([authority.anchor_der, authority.issuing_der]).with_crls(authority.crl())
    return LeadersToken(shim(library, store, folder / "state", **more), SigningRequest(role=Role.PERSONAL, trust=trust))


def main() -> None:
    about = json.loads(os.environ["LEADERS_TOKEN"])
    token = Shim(Path(about["module"]), about["environment"])
    key = open_token_key(token.module, pin=bytearray(PIN), environment=token.environment)

    def tell(done: int, total: int, item: Item) -> None:
        sys.stdout.write(f"{item.source.name} {item.state}\n")
        sys.stdout.flush()

    resume(Path(sys.argv[1]), key, progress=tell, children=int(about["children"]))
    key.close()
    close_hosts()


if __name__ == "__main__":
    main()
