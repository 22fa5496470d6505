"""What is printed or exported: registers, handling slips. Plain facts in, files out; knows no office.

    model.py        the facts of each paper, as text
    registers.py    a register to PDF/A
    workbook.py     a register to a spreadsheet
    slips.py        a handling slip to PDF/A
    typeset.py      facts and a template to PDF/A-2b
    columns.py      the registers' columns (resources/papers/registers.toml)
    layout.py       dates, and texts as paper can carry them
"""
