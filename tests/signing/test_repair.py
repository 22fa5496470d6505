"""Files that cannot be signed as they are: each named, repaired on a copy where that is honest, refused where not."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Encryption, Name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm

from signing.errors import BadInput, FileNotReadable, NotAllowed, Trouble
from signing.files import SameFile
from signing.keys import Key
from signing.pdf import Damaged, Encrypted, NotAPdf, Restricted, UsageRights, UsesXfa
from signing.repair import (
    BeyondRepair,
    CarriesSignatures,
    ChangesNotPermitted,
    DynamicForm,
    PagesWouldDiffer,
    hindrance,
    is_hybrid,
    repair_copy,
)
from signing.report import Conclusion
from signing.same_pages import differing_page
from signing.sign import SigningRequest, sign_pdf
from signing.sign_troubles import AlreadyFinal
from signing.verify import verify_file
from tests.signing import odd_files
from tests.signing.conftest import PASSWORD, People, Stages

Make = Callable[[Path, Path], Path]


def static(source: Path, target: Path) -> Path:
    return odd_files.with_xfa(source, target, static=True)


@pytest.mark.parametrize(("make", "named", "done"), [
    (odd_files.broken_table, Damaged, "repaired_cross_references"),
    (odd_files.without_tail, Damaged, "repaired_cross_references"),
    (odd_files.hybrid, None, "repaired_hybrid_references"),
    (odd_files.locked, Restricted, "repaired_restrictions"),
    (static, UsesXfa, "repaired_xfa"),
    (odd_files.with_usage_rights, UsageRights, "repaired_usage_rights"),
])
def test_named_repaired_and_signed(stages: Stages, people: People, leader: Key, tmp_path: Path, make: Make,
                                   named: type[Trouble] | None, done: str) -> None:
    odd = make(stages.draft, tmp_path / "odd.pdf")
    before = odd.read_bytes()
    assert type(hindrance(odd)) is (named or type(None))
    repaired = repair_copy(odd, tmp_path / "repaired.pdf")

    assert repaired.done == (done,)
    assert odd.read_bytes() == before
    assert hindrance(repaired.target) is None and not is_hybrid(repaired.target)
    assert differing_page(odd, repaired.target) is None
    assert differing_page(repaired.target, stages.draft) is None or make is static
    assert not list(tmp_path.glob(".*"))
    signed = sign_pdf(repaired.target, tmp_path / "signed.pdf", leader, SigningRequest(trust=people.trust))
    assert verify_file(signed.target, people.trust).conclusion is Conclusion.VALID
    assert subprocess.run(["qpdf", "--check", str(signed.target)], capture_output=True, check=False).returncode == 0
    with signed.target.open("rb") as file:
        strict = PdfFileReader(file, strict=True)
        strict.embedded_signatures[0].compute_integrity_info()   # refuses hybrid references, among others


def certified_as_final(stages: Stages, people: People, target: Path) -> Path:
    path = people.folder / "final-repair.p12"
    people.leader.save_pkcs12(path, PASSWORD)
    with stages.draft.open("rb") as file, target.open("wb") as out:
        signers.sign_pdf(IncrementalPdfFileWriter(file), signers.PdfSignatureMetadata(
            field_name="S", certify=True, docmdp_permissions=MDPPerm.NO_CHANGES, md_algorithm="sha256"),
            signer=signers.SimpleSigner.load_pkcs12(str(path), passphrase=PASSWORD), output=out)
    return target


def refused(source: Path, target: Path, trouble: type[Trouble]) -> None:
    before = source.read_bytes()
    with pytest.raises(trouble) as raised:
        repair_copy(source, target)
    assert type(raised.value) is trouble, raised.value
    assert not target.exists() and not list(target.parent.glob(".*")) and source.read_bytes() == before


def test_signatures_are_never_broken_by_a_repair(stages: Stages, tmp_path: Path) -> None:
    """Also when the damage hides them: no form leads to the signature, but it is there."""
    refused(stages.sealed, tmp_path / "a.pdf", CarriesSignatures)
    refused(odd_files.broken_table(stages.signed, tmp_path / "broken.pdf"), tmp_path / "a.pdf", CarriesSignatures)
    with pikepdf.open(stages.signed) as pdf:
        del pdf.Root["/AcroForm"]["/Fields"]
        with pytest.warns(UserWarning, match="not reachable"):
            pdf.save(tmp_path / "hidden.pdf")
    refused(odd_files.broken_table(tmp_path / "hidden.pdf", tmp_path / "h.pdf"), tmp_path / "a.pdf", CarriesSignatures)


def test_what_is_certified_as_final_stays_final(stages: Stages, people: People, tmp_path: Path) -> None:
    final = certified_as_final(stages, people, tmp_path / "final.pdf")
    refused(final, tmp_path / "a.pdf", AlreadyFinal)
    refused(odd_files.broken_table(final, tmp_path / "broken.pdf"), tmp_path / "a.pdf", AlreadyFinal)


def test_a_password_is_never_got_around(stages: Stages, tmp_path: Path) -> None:
    refused(odd_files.locked(stages.draft, tmp_path / "locked.pdf", user="mat khau"), tmp_path / "a.pdf", Encrypted)


def test_an_owner_who_forbids_changes_is_obeyed(stages: Stages, tmp_path: Path) -> None:
    forbidden = odd_files.locked(stages.draft, tmp_path / "locked.pdf", change=False)
    assert type(hindrance(forbidden)) is Restricted
    refused(forbidden, tmp_path / "a.pdf", ChangesNotPermitted)
    assert issubclass(ChangesNotPermitted, NotAllowed)


def test_the_older_encryption_is_known_too(stages: Stages, tmp_path: Path) -> None:
    with pikepdf.open(stages.draft) as pdf:
        pdf.save(tmp_path / "rc4.pdf", encryption=Encryption(owner="x", user="", R=4, aes=True))
    assert repair_copy(tmp_path / "rc4.pdf", tmp_path / "a.pdf").done == ("repaired_restrictions",)


def test_a_form_that_is_a_shell_is_not_emptied(stages: Stages, tmp_path: Path) -> None:
    refused(odd_files.with_xfa(stages.draft, tmp_path / "x.pdf", static=False), tmp_path / "a.pdf", DynamicForm)


def test_what_is_lost_is_not_made_up(stages: Stages, tmp_path: Path) -> None:
    data = stages.draft.read_bytes()
    for number, share in enumerate((0.2, 0.5, 0.8)):
        (tmp_path / f"{number}.pdf").write_bytes(data[:int(len(data) * share)])
        refused(tmp_path / f"{number}.pdf", tmp_path / "a.pdf", BeyondRepair)
    whole = odd_files.broken_table(odd_files.updated(stages.draft, tmp_path / "u.pdf"), tmp_path / "b.pdf")
    assert repair_copy(whole, tmp_path / "w.pdf").done == ("repaired_cross_references",)
    updated = whole.read_bytes()
    (tmp_path / "half.pdf").write_bytes(updated[:updated.rindex(b"xref\n", 0, updated.rindex(b"startxref"))])
    refused(tmp_path / "half.pdf", tmp_path / "a.pdf", BeyondRepair)
    (tmp_path / "words.pdf").write_text("Kính gửi")
    refused(tmp_path / "words.pdf", tmp_path / "a.pdf", NotAPdf)
    with pytest.raises(FileNotReadable):
        repair_copy(tmp_path / "none.pdf", tmp_path / "a.pdf")


def test_a_copy_that_looks_different_is_thrown_away(stages: Stages, tmp_path: Path,
                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    """One thin line more on the page is enough."""
    from signing import repair

    mended = repair._mended

    def and_more(pdf: pikepdf.Pdf, source: Path, *, damaged: bool) -> tuple[str, ...]:
        pdf.pages[0].contents_add(b"q 0.3 w 100 100 m 140 100 l S Q")
        return mended(pdf, source, damaged=damaged)

    monkeypatch.setattr(repair, "_mended", and_more)
    refused(odd_files.locked(stages.draft, tmp_path / "locked.pdf"), tmp_path / "a.pdf", PagesWouldDiffer)


def test_pages_are_told_apart_by_drawing_and_by_text(stages: Stages, tmp_path: Path) -> None:
    def changed(name: str, change: Callable[[pikepdf.Pdf], object]) -> Path:
        with pikepdf.open(stages.draft) as pdf:
            change(pdf)
            pdf.save(tmp_path / name)
        return tmp_path / name

    assert differing_page(stages.draft, changed("same.pdf", lambda pdf: None)) is None
    assert differing_page(stages.draft, changed("more.pdf", lambda pdf: pdf.add_blank_page())) is not None
    turned = changed("turned.pdf", lambda pdf: pdf.pages[0].obj.__setitem__(Name.Rotate, 180))
    assert differing_page(stages.draft, turned) == 1
    with pytest.raises(ValueError, match="Error"):
        differing_page(stages.draft, garbage(tmp_path / "garbage.pdf"))


def garbage(path: Path) -> Path:
    path.write_bytes(b"%PDF-1.7 and no more")
    return path


def test_the_source_is_never_the_target(stages: Stages, tmp_path: Path) -> None:
    odd = odd_files.locked(stages.draft, tmp_path / "a.pdf")
    with pytest.raises(SameFile):
        repair_copy(odd, odd)


def test_a_hybrid_file_signed_as_it_is_says_so(stages: Stages, people: People, leader: Key, tmp_path: Path) -> None:
    odd = odd_files.hybrid(stages.draft, tmp_path / "odd.pdf")
    signed = sign_pdf(odd, tmp_path / "signed.pdf", leader, SigningRequest(trust=people.trust))

    assert signed.warnings == ("hybrid_references",)
    assert verify_file(signed.target, people.trust).conclusion is Conclusion.VALID


def test_every_hindrance_is_bad_input() -> None:
    assert all(issubclass(kind, BadInput) for kind in (Restricted, UsageRights, CarriesSignatures, DynamicForm,
                                                       PagesWouldDiffer, BeyondRepair))


def test_a_signature_written_right_into_its_field_is_seen(stages: Stages, tmp_path: Path) -> None:
    with pikepdf.open(stages.draft) as pdf:
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([pdf.make_indirect(pikepdf.Dictionary(
            FT=pikepdf.Name.Sig, T=pikepdf.String("S"), V=pikepdf.Dictionary(
                Type=pikepdf.Name.Sig, Filter=pikepdf.Name("/Adobe.PPKLite"), ByteRange=pikepdf.Array([0, 1, 2, 3]),
                Contents=pikepdf.String(b"\x30\x80"))))]), SigFlags=3)
        pdf.save(tmp_path / "inline.pdf")
    refused(odd_files.broken_table(tmp_path / "inline.pdf", tmp_path / "b.pdf"), tmp_path / "a.pdf", CarriesSignatures)
