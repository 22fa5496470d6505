"""The process of `signing.batch.crew`: jobs from standard input, results to what was standard output."""

from __future__ import annotations

import pickle
import traceback
from contextlib import suppress
from typing import Any

from signing.batch.jobs import Job
from signing.errors import Trouble
from signing.request import SigningRequest
from signing.verifier import read_message, write_message
from signing.verifier_child import take_the_pipes


def main() -> None:
    """Until the parent closes the pipe, or dies."""
    questions, answers = take_the_pipes()
    with suppress(EOFError, OSError):
        own: SigningRequest = pickle.loads(read_message(questions))   # our own parent's, over our own pipe
        write_message(answers, b"up")
        while True:
            job, request = pickle.loads(read_message(questions))
            write_message(answers, pickle.dumps(_answer(job, request or own)))


def _answer(job: Job, request: SigningRequest) -> tuple[str, Any]:
    try:
        return "result", job.run(request)
    except Trouble as trouble:
        return "trouble", (type(trouble), {name: _plain(fact) for name, fact in trouble.facts.items()})
    except Exception as error:   # a fault of ours: the batch's thread raises it
        return "fault", "".join(traceback.format_exception(error))


def _plain(fact: object) -> object:
    return fact if isinstance(fact, str | int | float) or fact is None else str(fact)


if __name__ == "__main__":
    main()
