"""The screens of a desk by name, each made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ui.screens.screen import Screen


class Screens(Mapping[str, Screen]):
    """`[name]` makes the screen if it is not there yet; looking whether a name is known makes none."""

    def __init__(self, makers: Mapping[str, Callable[[], Screen]]) -> None:
        """makers: give the same screen each time they are called."""
        self._makers = makers

    def __getitem__(self, name: str) -> Screen:
        return self._makers[name]()

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)
