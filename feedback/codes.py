"""Short codes that people read off a screen and type on a phone. Imports no Django.

25 characters of which no two look alike; what is easily mistaken for one of them is forgiven.
"""

import re
import secrets

ALPHABET = "0123456789CDFHJKMNPRTVWXY"
LENGTH = 6

_FORGIVEN = str.maketrans("OQILZSGBUAE", "00112568V43")
_WELL_FORMED = re.compile(f"[{ALPHABET}]{{{LENGTH}}}", re.ASCII)


def new_code() -> str:
    """Six random characters: one of 244 million codes."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise(typed: str) -> str | None:
    """The code meant by what was typed, or None if it cannot be one.

    Spaces and dashes are dropped, lower case is raised, look-alike letters are replaced; of a whole
    address only what follows /m/ counts.
    """
    typed = typed[:200].rpartition("/m/")[2]
    code = re.sub(r"[\s\-–—/]", "", typed).upper().translate(_FORGIVEN)
    return code if _WELL_FORMED.fullmatch(code) else None


def spaced(code: str) -> str:
    """Two halves, as people read it aloud: "4F7 K2M"."""
    return f"{code[: LENGTH // 2]} {code[LENGTH // 2 :]}"
