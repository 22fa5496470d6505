"""The process of `signing.verifier`: questions from standard input, reports to what was standard output."""

from __future__ import annotations

import os
import pickle
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import IO

from signing import hex_strings, name_strings
from signing.report import Conclusion, FileReport, Reason
from signing.trust import TrustStore
from signing.verifier import Question, read_message, write_message
from signing.verify import verify_file

MOST_MEMORY = 3 << 30
"""Bytes of address space. A 300 MB scan is verified in far less; a decompression bomb ends here instead of in swap."""


def main() -> None:
    questions, answers = take_the_pipes()
    hex_strings.install()
    name_strings.install()
    _limit_memory()
    trust: TrustStore | None = None
    with suppress(EOFError, OSError):
        while True:
            question = pickle.loads(read_message(questions))   # our own parent's, over our own pipe
            if question.trust == trust:
                question = replace(question, trust=trust)       # what was parsed of it serves this file too
            trust = question.trust
            write_message(answers, pickle.dumps(_answer(question)))


def _answer(question: Question) -> FileReport:
    try:
        return verify_file(question.path, question.trust, at=question.at, online=question.online,
                           deadline_s=question.deadline_s)
    except Exception:   # a fault of ours or of a library: this file stays undetermined, the next is not affected
        return FileReport(str(question.path), Conclusion.UNDETERMINED, Reason.GENERIC,
                          checked_at=question.at or datetime.now(UTC))


def take_the_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Libraries that print must not spoil the answers."""
    taken = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    if sys.platform == "win32":
        import msvcrt
        for descriptor in taken:
            msvcrt.setmode(descriptor, os.O_BINARY)
    return os.fdopen(taken[0], "rb"), os.fdopen(taken[1], "wb")


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY if hard < 0 else min(MOST_MEMORY, hard), hard))


if __name__ == "__main__":
    main()
