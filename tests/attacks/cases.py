"""A file made for the score: its class, what was done to it, and how it is made from our own signed files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from signing.report import Conclusion, Reason
from tests.attacks.material import Material


@dataclass(frozen=True)
class Forgery:
    """family: the published class of attack. what: done to the file, in one line."""

    family: str
    what: str
    make: Callable[[Material], bytes]

    @property
    def name(self) -> str:
        return self.make.__name__


@dataclass(frozen=True)
class Honest:
    """A file nobody tampered with, and the conclusion its bytes deserve.

    remark: a warning that must be told beside the verdict. at: the moment to judge for, by way of the material.
    """

    family: str
    what: str
    make: Callable[[Material], bytes]
    conclusion: Conclusion = Conclusion.VALID
    reason: Reason = Reason.PASSED
    remark: str = ""
    at: Callable[[Material], datetime] | None = None

    @property
    def name(self) -> str:
        return self.make.__name__


class Collection:
    """Cases in the order they are written; used as a decorator."""

    def __init__(self) -> None:
        self.forgeries: list[Forgery] = []
        self.honest: list[Honest] = []

    def forgery(self, family: str, what: str) -> Callable[[Callable[[Material], bytes]], Callable[[Material], bytes]]:
        def add(make: Callable[[Material], bytes]) -> Callable[[Material], bytes]:
            self.forgeries.append(Forgery(family, what, make))
            return make
        return add

    def counterpart(self, family: str, what: str, *, conclusion: Conclusion = Conclusion.VALID,
                    reason: Reason = Reason.PASSED, remark: str = "",
                    at: Callable[[Material], datetime] | None = None,
                    ) -> Callable[[Callable[[Material], bytes]], Callable[[Material], bytes]]:
        def add(make: Callable[[Material], bytes]) -> Callable[[Material], bytes]:
            self.honest.append(Honest(family, what, make, conclusion, reason, remark, at))
            return make
        return add
