"""Short codes that people read off a screen or a slip and type on a phone. Imports no Django.

25 characters of which no two look alike; what is easily mistaken for one of them is forgiven.
"""

import re
import secrets

ALPHABET = "0123456789CDFHJKMNPRTVWXY"
LENGTH = 6
SINGLE_USE_LENGTH = 8

_FORGIVEN = str.maketrans("OQILZSGBUAE", "00112568V43")
_IN_ALPHABET = re.compile(f"[{ALPHABET}]+", re.ASCII)


def new_code() -> str:
    """Six random characters: one of 244 million codes."""
    return _random(LENGTH)


def new_single_use_code() -> str:
    """Eight random characters: one of 152 thousand million, 37 bits."""
    return _random(SINGLE_USE_LENGTH)


def normalise(typed: str) -> str | None:
    """The meeting's code meant by what was typed, or None if it cannot be one.

    Spaces and dashes are dropped, lower case is raised, look-alike letters are replaced; of a whole
    address only what stands between /m/ and # counts.
    """
    return _meant(typed[:200].rpartition("/m/")[2].partition("#")[0], LENGTH)


def normalise_single_use(typed: str) -> str | None:
    """The single-use code meant by what was typed, or None if it cannot be one.

    As forgiving as `normalise`; of a whole address only what follows # counts.
    """
    return _meant(typed[:200].rpartition("#")[2], SINGLE_USE_LENGTH)


def spaced(code: str) -> str:
    """Two halves, as people read it aloud: "4F7 K2M", "K7M2 9XQP"."""
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}"


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _meant(typed: str, length: int) -> str | None:
    code = re.sub(r"[\s\-–—/]", "", typed).upper().translate(_FORGIVEN)
    return code if len(code) == length and _IN_ALPHABET.fullmatch(code) else None
