"""Run a subcommand in this process and look at all it gave: exit code, answer, what was said."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from docclient.__main__ import main


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    output: str
    said: str

    @property
    def answer(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.output)


def docclient(*arguments: object) -> Ran:
    output, said = io.StringIO(), io.StringIO()
    code: object = 0
    with (contextlib.redirect_stdout(output), contextlib.redirect_stderr(said),
          patch.object(sys, "argv", ["docclient", *map(str, arguments)])):
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    return Ran(int(code or 0) if isinstance(code, int) or code is None else 1, output.getvalue(), said.getvalue())
