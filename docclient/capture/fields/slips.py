"""Comparing words as a reader of scans must: marks lost, letters mistaken for their look-alikes."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# digits that Tesseract reads as letters, in places where only a digit can stand
DIGIT_SLIPS = str.maketrans({"O": "0", "o": "0", "Q": "0", "D": "0", "Ø": "0", "Ó": "0", "ó": "0", "l": "1", "I": "1",
                             "|": "1", "!": "1", "i": "1", "í": "1", "Í": "1", "Z": "2", "z": "2", "S": "5", "s": "5",
                             "B": "8", "g": "9"})


@cache
def plain(text: str) -> str:
    """Lower case without marks, đ as d, punctuation as spaces, single spaces."""
    bare = "".join(letter for letter in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w]+|_", " ", bare.replace("đ", "d")).split())


TONES = "\u0300\u0301\u0303\u0309\u0323"


@cache
def letters_of(text: str) -> str:
    """Lower case with hats, horns and bars, without tones: "Hoàng" and "Hoáng" have the letters "hoang"."""
    apart = unicodedata.normalize("NFD", text.lower())
    return unicodedata.normalize("NFC", "".join(sign for sign in apart if sign not in TONES))


def likeness(one: str, other: str) -> float:
    """1 for equal texts, less by the share of letters to change; compared without marks and case."""
    one, other = plain(one), plain(other)
    longest = max(len(one), len(other))
    return 1.0 if longest == 0 else 1 - _distance(one, other) / longest


@cache
def _distance(one: str, other: str) -> int:
    """Letters to insert, delete or change (Levenshtein)."""
    if len(one) < len(other):
        one, other = other, one
    previous = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, against in enumerate(other, 1):
            current.append(min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (letter != against)))
        previous = current
    return previous[-1]


def as_digits(text: str) -> tuple[str, int]:
    """The digits meant by `text`, and how many letters had to be taken for digits. Empty when that makes no number."""
    bare = re.sub(r"[\s.,]", "", text)
    meant = bare.translate(DIGIT_SLIPS)
    if not meant.isascii() or not meant.isdigit():
        return "", 0
    return meant, sum(was != now for was, now in zip(bare, meant, strict=True))


def is_upper(text: str) -> bool:
    """Printed in capitals: nearly all its letters are."""
    letters = [letter for letter in text if letter.isalpha()]
    return bool(letters) and sum(letter.isupper() for letter in letters) >= 0.8 * len(letters)
