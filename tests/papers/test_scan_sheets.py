"""Papers for the scanner are known again by the scanner's reader, however they lie and however coarsely they come."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from docclient.capture.marks import find_marks, has_patch_code
from docclient.papers.scan_sheets import RegisterLabel, print_label, print_separators
from docclient.words import Language

AT = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
RECORD = "0198f4a2-1111-7abc-8def-0123456789ab"


def drawn(pdf: Path, dpi: float, page: int = 0) -> np.ndarray:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return np.asarray(document[page].render(scale=dpi / 72).to_pil().convert("L"))
    finally:
        document.close()


@pytest.fixture(scope="module")
def separators(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return print_separators(tmp_path_factory.mktemp("papers") / "separators.pdf", AT, 2)


@pytest.mark.parametrize("dpi", [100, 200, 300])
@pytest.mark.parametrize("turns", [0, 1, 2])
def test_a_separator_is_known_whichever_way_it_lies(separators: Path, dpi: int, turns: int):
    sheet = np.ascontiguousarray(np.rot90(drawn(separators, dpi, 1), turns))
    assert find_marks(sheet, dpi).separator


def test_its_patch_code_is_enough_where_the_other_code_is_dirty(separators: Path):
    sheet = drawn(separators, 200).copy()
    height = sheet.shape[0]
    sheet[round(0.4 * height):round(0.6 * height)] = 255
    assert has_patch_code(sheet, 200) and find_marks(sheet, 200).separator


@pytest.mark.parametrize("language", list(Language))
def test_a_separator_is_one_sheet_of_a4(tmp_path: Path, language: Language):
    pdf = pypdfium2.PdfDocument(print_separators(tmp_path / "one.pdf", AT, 1, language))
    assert len(pdf) == 1 and [round(side) for side in pdf[0].get_size()] == [595, 842]
    pdf.close()


def test_a_label_on_a_sheet_names_its_record(tmp_path: Path):
    pdf = print_label(RegisterLabel(RECORD, "Ủy ban nhân dân xã Tân Hiệp", "17", "05/3/2026", "301/SNV-VP"),
                      tmp_path / "label.pdf", AT)
    sheet = Image.new("L", (1654, 2339), "white")
    sheet.paste(Image.fromarray(drawn(pdf, 200)).rotate(3, expand=True, fillcolor=255), (900, 150))
    marks = find_marks(np.asarray(sheet), 200)
    assert marks.document == RECORD and not marks.separator
