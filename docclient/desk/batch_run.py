"""A batch of the desk at work: documents come from the office, are signed or sealed, and go back one by one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from docclient.certificate_care import Checked, check_before, is_fresh
from docclient.desk.agency_notes import annex_request, copy_request, give_annex, open_annexes
from docclient.desk.batch_records import BatchAct, DeskBatch, Entry, is_over
from docclient.desk.signing_results import Outcome, SigningProgress, SigningResult, result_of, unwatched
from docclient.desk.stamping import with_stamps
from docclient.desk.trust import trust_of
from docclient.desk.workplace import fetch_file, put_file
from docclient.errors import Trouble, trouble_of_os_error
from docclient.office.certificate_proof import certificate_proof
from docclient.office.commands.copying import SignCopy
from docclient.office.commands.issuing import NumberOutgoing, SealOutgoing
from docclient.office.commands.outgoing import SignOutgoing
from docclient.office.door import Office, Receipt
from docclient.office.errors import AnnexUnsealed, NotNow, StaleDocument
from docclient.office.model import Digest, DocumentId, State
from docclient.office.queries.document_page import DocumentPage, DocumentView
from docclient.office.queries.office import MySignaturePicture, PictureView, SealPicture
from docclient.time_stamping import StampWish
from signing.batch import FolderStore, Item, Revive, manner_of, resume, sign_batch
from signing.batch import State as ItemState
from signing.certificate_check import CertificateState
from signing.files import replacing, sha256_of
from signing.keys import Key
from signing.page import Place
from signing.request import Filling
from signing.sign import Role, SigningRequest
from signing.tokens.probe import Manner
from signing.trust import TrustStore

MannerTold = Callable[[Manner], bool]
"""Told, before the first document, how the token will ask for its PIN; False: do not begin."""


@dataclass(frozen=True, slots=True)
class Care:
    """Who is asked and told while a batch runs. revive: see `signing.batch.Revive`. online: whether the certificate's
    state may be asked for over the network. known: what was found about it a moment ago. wish: the level of the
    signatures; what cannot be stamped now is kept and stamped later (docclient.desk.stamping)."""

    progress: SigningProgress = unwatched
    stop: threading.Event = field(default_factory=threading.Event)
    revive: Revive | None = None
    manner: MannerTold | None = None
    checked: Checked | None = None
    online: bool = False
    known: CertificateState | None = None
    wish: StampWish = field(default_factory=StampWish)

    def agreed(self, key: Key, documents: int) -> bool:
        """Is the person content with how the token asks? Found out only where it matters: from two documents on."""
        if self.manner is None or documents < 2:
            return True
        found = manner_of(key)
        return found is None or self.manner(found)

    def looked_at(self, key: Key, trust: TrustStore) -> CertificateState | None:
        """As `check_before`: no key of a batch signs before this."""
        return check_before(key, trust, online=self.online, checked=self.checked, known=self.known)

    def reviving(self, trust: TrustStore, state: CertificateState) -> Revive | None:
        """Brings the key back, and looks at its certificate again where the last look is no longer fresh: a token may
        stay away for days."""
        revive, seen = self.revive, [state]
        if revive is None:
            return None

        def back(trouble: Trouble) -> Key | None:
            key = revive(trouble)
            if key is None or is_fresh(seen[-1], key.certificate):
                return key
            again = self.looked_at(key, trust)
            if again is None:
                return None
            seen.append(again)
            return key

        return back


def begin(office: Office, act: BatchAct, entries: Sequence[Entry], key: Key, care: Care, where: Path,
          places: Mapping[DocumentId, Place] | None = None) -> list[SigningResult] | None:
    """A new batch under `where`. None: the person did not want to begin. Raises: CertificateRefused; FolderNotWritable,
    DiskFull; what the office raises when asked for pictures and trust."""
    trust = trust_of(office)
    state = care.looked_at(key, trust)
    if state is None or not care.agreed(key, len(entries)):
        return None
    batch = DeskBatch.begin(where, act, entries)
    try:
        _keep(batch.check, certificate_proof(state))
        if act is BatchAct.SIGN:
            shown = picture(office, office.ask(MySignaturePicture()), batch.folder)
            request = SigningRequest(role=Role.PERSONAL, image=shown, trust=trust)
        else:
            shown = picture(office, office.ask(SealPicture()), batch.folder)
            request = SigningRequest(role=Role.AGENCY, image=shown, trust=trust)
        request = with_stamps(request, care.wish)
        items = [_item(batch, index, request, (places or {}).get(entry.document))
                 for index, entry in enumerate(entries)]
        store = FolderStore.create(batch.store, items, request)
        batch.write()
    except BaseException:
        batch.remove()
        raise
    hands = _Hands(office, batch, care, fresh=True)
    with store:
        done = sign_batch(items, key, request, store=store, progress=hands.told, stop=care.stop, bring=hands.bring,
                          deliver=hands.deliver, children=hands.children, revive=care.reviving(trust, state))
    return hands.ended(done)


def go_on_with(office: Office, batch: DeskBatch, key: Key | None, care: Care) -> list[SigningResult] | None:
    """What is signed is handed over first, without the key; then the rest is signed. None, and raises: as `begin`, and
    BatchBusy, BatchUnreadable."""
    hands = _Hands(office, batch, care, fresh=False)
    hands.annexes_over = {index for index, item in enumerate(FolderStore.look(batch.store))
                          if batch.entries[index].annex is not None and item.finished}
    done = resume(batch.store, None, progress=hands.told, bring=hands.bring, deliver=hands.deliver,
                  children=hands.children)
    if key is not None and not all(is_over(item) for item in done):
        with FolderStore.open(batch.store) as store:
            trust, left = store.request.trust, sum(not is_over(item) for item in store.items)
        state = care.looked_at(key, trust)
        if state is None or not care.agreed(key, left):
            return None
        _keep(batch.check, certificate_proof(state))
        hands.check = None
        done = resume(batch.store, key, progress=hands.told, stop=care.stop, bring=hands.bring, deliver=hands.deliver,
                      children=hands.children, revive=care.reviving(trust, state))
    return hands.ended(done)


def _item(batch: DeskBatch, index: int, request: SigningRequest, place: Place | None) -> Item:
    return Item(batch.source(index), batch.target(index), replace(request, place=place) if place is not None else None,
                title=batch.entries[index].title)


def _keep(path: Path, content: bytes) -> None:
    with replacing(path) as file:
        file.write(content)


@dataclass(slots=True)
class _Hands:
    """Fetches from the office and gives back to it. fresh: the queue was read a moment ago."""

    office: Office
    batch: DeskBatch
    care: Care
    fresh: bool
    check: Digest | None = None
    receipts: dict[int, Receipt] = field(default_factory=dict)
    annexes_over: set[int] = field(default_factory=set)

    @property
    def children(self) -> int | None:
        """None: as many as are worth it. With annexes none: files are then checked one after the other, in the order of
        the key, for the office takes a document after its annexes only."""
        return 0 if any(each.annex is not None for each in self.batch.entries) else None

    def index(self, item: Item) -> int:
        return int(item.source.stem)

    def entry(self, item: Item) -> Entry:
        return self.batch.entries[self.index(item)]

    def bring(self, item: Item) -> Item:
        """Put the very bytes there that are to be signed. Raises: what is against signing them now."""
        if self.batch.act is BatchAct.SIGN:
            return self._bring_to_sign(item)
        return self._bring_annex(item) if self.entry(item).annex is not None else self._bring_to_seal(item)

    def deliver(self, item: Item) -> None:
        """Give the office what was signed; done already, when the program ended in between, is done."""
        if self.batch.act is BatchAct.SIGN:
            self._deliver_signed(item)
        elif self.entry(item).annex is not None:
            self._deliver_annex(item)
        else:
            self._deliver_sealed(item)

    def told(self, done: int, total: int, item: Item) -> None:
        index = self.index(item)
        if item.state is ItemState.DELIVERED:     # written down by now: the files are not needed any more
            item.source.unlink(missing_ok=True)
            item.target.unlink(missing_ok=True)
        entry, annexes = self.batch.entries[index], sum(each.annex is not None for each in self.batch.entries)
        if entry.annex is not None and item.finished:
            self.annexes_over.add(index)
        result = result_of(item, entry.document, self.receipts.get(index))
        if entry.annex is not None and item.finished:       # the document is not over with it
            result = replace(result, outcome=Outcome.WAITING, receipt=None, trouble=None)
        self.care.progress(done - len(self.annexes_over), total - annexes, result)

    def ended(self, items: Sequence[Item]) -> list[SigningResult]:
        if all(is_over(item) for item in items):
            self.batch.remove()
        return [self._result(items, index) for index, entry in enumerate(self.batch.entries) if entry.annex is None]

    def _result(self, items: Sequence[Item], index: int) -> SigningResult:
        """Of a document; one that could not be sealed for an annex fails for what is wrong with that."""
        document = self.batch.entries[index].document
        result = result_of(items[index], document, self.receipts.get(index))
        if isinstance(result.trouble, AnnexUnsealed):
            about_annexes = (item.trouble for item, entry in zip(items, self.batch.entries, strict=True)
                             if entry.document == document and entry.annex is not None)
            return replace(result, trouble=next((each for each in about_annexes if each is not None), result.trouble))
        return result

    def proof(self) -> Digest | None:
        """The certificate's check of this run, put in the office once."""
        if self.check is None and self.batch.check.exists():
            self.check = put_file(self.office, self.batch.check)
        return self.check

    def _bring_to_sign(self, item: Item) -> Item:
        entry = self.entry(item)
        assert entry.version is not None and entry.file is not None
        if not self.fresh:
            document = self.office.ask(DocumentPage(entry.document)).document
            if document.state is not State.WAITING_SIGNATURE:
                raise NotNow(command="SignOutgoing", state=document.state.value)
            if document.version != entry.version:
                raise StaleDocument(seen=entry.version, current=document.version)
        fetch_file(self.office, entry.file, item.source)
        return item

    def _deliver_signed(self, item: Item) -> None:
        entry = self.entry(item)
        assert entry.version is not None and entry.file is not None
        signed = put_file(self.office, item.target)
        self.receipts[self.index(item)] = self.office.do(
            SignOutgoing(entry.document, entry.version, entry.file, signed, self.proof()),
            key=f"sign:{entry.document}:{entry.version}:{signed}", acting_for=entry.acting_for)

    def _bring_to_seal(self, item: Item) -> Item:
        view = numbered(self.office, self.entry(item).document)
        document, main = view.document, view.main_file()
        assert main is not None and document.code_number is not None and document.issued_date is not None
        fetch_file(self.office, main.current.digest, item.source)
        if document.copy_kind:
            return replace(item, request=copy_request(self.office, view))
        return replace(item, filling=Filling(document.code_number, document.issued_date))

    def _bring_annex(self, item: Item) -> Item:
        view = numbered(self.office, self.entry(item).document)
        annex = next((each for each in open_annexes(view) if each.id == self.entry(item).annex), None)
        if annex is None:               # signed by itself meanwhile
            raise NotNow(command="SealAnnex", state=view.document.state.value)
        fetch_file(self.office, annex.current.digest, item.source)
        return replace(item, request=annex_request(self.office, view))

    def _deliver_annex(self, item: Item) -> None:
        annex, seen, sealed = self.entry(item).annex, Digest(sha256_of(item.source)), put_file(self.office, item.target)
        assert annex is not None
        view = self.office.ask(DocumentPage(self.entry(item).document))
        if any(each.current.digest == sealed for each in view.files):       # done by the run before
            return
        self.receipts[self.index(item)] = give_annex(self.office, view, annex, seen, sealed)

    def _deliver_sealed(self, item: Item) -> None:
        view = self.office.ask(DocumentPage(self.entry(item).document))
        main, sealed = view.main_file(), put_file(self.office, item.target)
        if main is not None and main.current.digest == sealed:
            return
        document, seen = view.document, Digest(sha256_of(item.source))
        seal = SignCopy if document.copy_kind else SealOutgoing
        self.receipts[self.index(item)] = self.office.do(
            seal(document.id, document.version, seen, sealed, self.proof()),
            key=f"seal:{document.id}:{document.version}:{sealed}")


def numbered(office: Office, document: DocumentId) -> DocumentView:
    """The document with its number, taken now if it has none yet; no number is given back whatever happens then.
    Raises: NotNow, what the office raises."""
    view = office.ask(DocumentPage(document))
    if view.document.state is State.SIGNED:
        office.do(NumberOutgoing(document, view.document.version), key=f"number:{document}:{view.document.version}")
        view = office.ask(DocumentPage(document))
    if view.document.state is not State.NUMBERED:
        raise NotNow(command="SealOutgoing", state=view.document.state.value)
    return view


def picture(office: Office, view: PictureView, folder: Path) -> Path | None:
    """The picture a signature shows, as a file; None when the office has none."""
    if view.digest is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise trouble_of_os_error(error, folder / "picture.png") from error
    return fetch_file(office, Digest(view.digest), folder / f"{view.digest}.png")
