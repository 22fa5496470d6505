"""What the window's tests share: an application with the real theme, lanes that are closed again, small PDFs."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from docclient.words import Language
from ui import theme
from ui.background import Background
from ui.rendering.renderer import Renderer
from ui.texts import Texts


@pytest.fixture(scope="session", autouse=True)
def themed(qapp: object) -> None:
    theme.apply(qapp)


@pytest.fixture
def texts() -> Texts:
    return Texts()


@pytest.fixture(params=list(Language), ids=[str(language) for language in Language])
def each_language(request: pytest.FixtureRequest) -> Texts:
    return Texts(request.param)


@pytest.fixture
def background() -> Iterator[Background]:
    lanes = Background()
    yield lanes
    lanes.close()


@pytest.fixture
def renderer(qapp: object) -> Iterator[Renderer]:
    process = Renderer()
    yield process
    process.close()


@pytest.fixture(scope="session")
def three_pages() -> bytes:
    """A PDF of three blank A4 pages, the second one landscape."""
    from pypdf import PdfWriter

    writer = PdfWriter()
    for width, height in ((595, 842), (842, 595), (595, 842)):
        writer.add_blank_page(width, height)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
