"""A letter that waits to be confirmed: what its form beside its page is filled in from."""

from __future__ import annotations

from dataclasses import dataclass

from docclient.office.model import DocumentId
from docclient.office.queries.document_page import DocumentPage, DocumentView
from ui.recipients import with_recipients
from ui.session import Session
from ui.state.directory import Directory
from ui.state.offers import Choices


@dataclass(frozen=True, slots=True)
class PaperFound:
    """A digitised letter, what it can be filled in with, and the number it will get."""

    view: DocumentView
    content: bytes | None
    choices: Choices
    next_number: int | None

    @classmethod
    def read(cls, session: Session, document: DocumentId, known: Choices | None) -> PaperFound:
        """Off the window's thread. known: the choices, where an earlier letter brought them already."""
        office = session.office
        view = office.ask(DocumentPage(document))
        main = view.main_file()
        content = None
        if main is not None:
            with office.read(main.current.digest) as stream:
                content = stream.read()
        directory = Directory.read(office)
        register = next((each for each in directory.registers if not each.closed), None)
        return cls(view, content, known or with_recipients(directory.choices(texts=session.texts), session),
                   register.next_number if register is not None else None)
