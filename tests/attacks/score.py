"""The score: what every forgery and every honest file is called, as a table."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from signing.report import Conclusion, FileReport
from signing.verify import verify_file
from tests.attacks import forged_bytes, forged_cms, forged_updates, honest
from tests.attacks.cases import Forgery, Honest
from tests.attacks.material import Material

FORGERIES: list[Forgery] = [*forged_updates.cases.forgeries, *forged_bytes.cases.forgeries, *forged_cms.cases.forgeries]
HONEST: list[Honest] = honest.cases.honest


@dataclass(frozen=True)
class Result:
    """What was found out about one file. other: what pdfsig says of its signatures, in short."""

    case: Forgery | Honest
    report: FileReport
    other: str

    @property
    def verdict(self) -> str:
        reason = f" ({self.report.reason.value})" if self.report.reason else ""
        return f"{self.report.conclusion.value}{reason}"

    @property
    def ours(self) -> str:
        """Integrity as we see it: every signature's bytes, whoever signed and whatever came later."""
        signatures = self.report.signatures
        if not signatures:
            return "none"
        return "whole" if all(s.intact for s in signatures) else "broken"

    @property
    def agrees(self) -> bool:
        return self.ours == self.other


def examined(material: Material, case: Forgery | Honest) -> Result:
    path = material.folder / f"{case.name}.pdf"
    path.write_bytes(case.make(material))
    at = case.at(material) if isinstance(case, Honest) and case.at else None
    return Result(case, verify_file(path, material.trust, at=at), integrity_by_pdfsig(path))


def integrity_by_pdfsig(path: Path) -> str:
    """`whole`, `broken` (one does not hold or is not understood), `none`, or `?` where there is no pdfsig."""
    program = shutil.which("pdfsig")
    if program is None:
        return "?"
    ran = subprocess.run([program, "-nocert", str(path)], capture_output=True, text=True, errors="replace", timeout=30)
    found = re.findall(r"Signature Validation: (.+?)\.?$", ran.stdout, flags=re.M)
    if not found:
        return "none"
    return "whole" if all(one == "Signature is Valid" for one in found) else "broken"


def table_of(results: Iterable[Result]) -> str:
    """The page docs/verification-score.md."""
    found = list(results)
    forged = [r for r in found if isinstance(r.case, Forgery)]
    good = [r for r in found if isinstance(r.case, Honest)]
    lines = [
        "# How well forged and honest files are told apart", "",
        "Written by `tests/attacks/test_score.py`, which makes every file below from our own signed files and fails",
        "when this page is out of date. `make score` writes it anew.", "",
        f"- **{len(forged)} forgeries**: {_counted(forged)}.",
        f"- **{len(good)} honest files**: {_counted(good)}, as their bytes deserve.", "",
        "A forgery by a stranger's key is undetermined, not invalid: its bytes are whole, nobody here vouches for the",
        "signer.", "",
    ]
    for heading, group in (("Forgeries", forged), ("Honest files", good)):
        lines += [f"## {heading}", "", "| class | what was done | verdict |", "| --- | --- | --- |"]
        lines += [f"| {r.case.family} | {r.case.what} | {r.verdict} |" for r in group]
        lines.append("")
    return "\n".join([*lines, *_comparison(found)]) + "\n"


def _counted(results: list[Result]) -> str:
    return ", ".join(f"{sum(r.report.conclusion is one for r in results)} {one.value}" for one in Conclusion)


WHY = {
    ("none", "broken"): "the structure is broken: we call the file invalid as a whole, pdfsig the signature in it",
    ("broken", "none"): "the signature stands in the file and nothing leads to it; pdfsig passes over it, we tell",
    ("broken", "whole"): "the signature was taken out of the form and told as removed; pdfsig finds its field",
    ("none", "whole"): "pdfsig repairs the tables and checks the old signature; we call the file invalid as a whole",
    ("whole", "broken"): "pdfsig does not check document time-stamps, signatures without a /SubFilter, or files with "
                         "bytes before the header; digest and value do hold",
    ("whole", "none"): "pdfsig does not reach the signature behind the tables; we do",
}


def _comparison(found: list[Result]) -> list[str]:
    differing = sorted((r for r in found if not r.agrees), key=lambda r: (r.ours, r.other))
    lines = [
        "## Agreement with pdfsig on integrity", "",
        "pdfsig (poppler) reads the same files with other code. Compared is only whether the signed bytes are whole;",
        f"it does not judge what was added later. Of {len(found)} files, {len(found) - len(differing)} agree.", ""]
    for (ours, other), group in groupby(differing, key=lambda r: (r.ours, r.other)):
        names = ", ".join(f"`{r.case.name}`" for r in group)
        lines += [f"- ours {ours}, pdfsig {other}: {WHY.get((ours, other), 'unexplained')}. {names}", ""]
    return lines
