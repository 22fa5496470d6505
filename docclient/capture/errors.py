"""What can go wrong between paper and archive. Words: resources/words/*/capture.toml."""

from __future__ import annotations

from signing.errors import BadInput, NotAllowed, WrongUse


class NotAnImage(BadInput):
    """Neither PNG, JPEG, TIFF nor PDF, or not readable as what it claims. facts: file."""

    code = "capture.not_an_image"


class ImageDamaged(BadInput):
    """The file breaks off or its picture cannot be decoded. facts: file, page."""

    code = "capture.image_damaged"


class ImageTooLarge(BadInput):
    """More pixels than any scan of paper has. facts: file, width, height (pixels), limit (million pixels)."""

    code = "capture.image_too_large"


class ImageTooSmall(BadInput):
    """Too few pixels to hold a page. facts: file, width, height (pixels)."""

    code = "capture.image_too_small"


class TooManyPages(BadInput):
    """facts: file, pages, limit."""

    code = "capture.too_many_pages"


class PdfEncrypted(BadInput):
    """The PDF asks for a password, or its maker forbids taking its content. facts: file."""

    code = "capture.pdf_encrypted"


class PdfDamaged(BadInput):
    """facts: file."""

    code = "capture.pdf_damaged"


class PdfSigned(NotAllowed):
    """The PDF carries a signature: digitising would make a file without it. facts: file."""

    code = "capture.pdf_signed"


class SecretFound(NotAllowed):
    """A secrecy word stands where the secrecy stamp belongs. No content, not even the word. facts: file, page.

    Source: Decree 30/2020, Annex I (box 10a); state secrets never enter this product.
    """

    code = "capture.secret_found"


class SecretPile(NotAllowed):
    """A secrecy word was read on a page of a pile, which is locked since: nothing of it is shown or read any more, and
    it lies on this machine until somebody who may decides to remove it. No content, not even the word.

    Source: Decree 30/2020, Annex I (box 10a); the procedure for secrets that turn up by mistake.
    """

    code = "capture.secret_pile"


class SecretPileUnlocked(SecretPile):
    """The same, where the disk did not take the lock: the pile is let go of and shown no more, but it can be opened
    again. No content, not even the word. facts: reason, the code of what kept it from being locked."""

    code = "capture.secret_pile_unlocked"


class NothingToDigitise(WrongUse):
    """No input was named."""

    code = "capture.no_input"


class OutIsInput(WrongUse):
    """The result would take the place of an original. facts: file."""

    code = "capture.out_is_input"
