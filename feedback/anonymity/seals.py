"""Keys that open slips. One random key a round, in a file outside the database and its backups.

When a round is collated the file is destroyed; what lingers of its slips in a write-ahead log, a
free page or an old backup can then be read by nobody. A key is read from its file each time and
never kept in memory, so that no worker holds one that another worker has destroyed.
"""

from __future__ import annotations

import hmac
import json
import logging
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from feedback.scores.instruments import Instrument

_KEY_BYTES, _NONCE_BYTES = 32, 12
# Bytes of one question's edit: a reason and the words to black out.
LONGEST_EDIT = 1000
_log = logging.getLogger("together")


class SealLost(Exception):
    """The key of this round cannot be had, or does not fit: its slips can neither be written nor read."""


@dataclass(frozen=True)
class Edit:
    """What the minute-taker decided about a comment: these words are blacked out, or without words all of it."""

    reason: str
    words: tuple[str, ...] = ()

    @property
    def withholds(self) -> bool:
        return not self.words


@dataclass(frozen=True)
class SlipContent:
    """What one person said: {statement key: option key} and {question key: text}. Blanks are left out.

    `edits` are the minute-taker's, by question. `number` is that of a paper slip, in the order of typing.
    """

    answers: Mapping[str, str]
    comments: Mapping[str, str]
    edits: Mapping[str, Edit] = field(default_factory=dict)
    number: int = 0


def create_key(name: str) -> None:
    """Makes the key of a round. One that is there already stays: nothing was sealed unless it opened.

    Raises SealLost where it cannot be written.
    """
    try:
        _create(_path(name))
    except OSError as error:
        raise SealLost(name) from error


def _create(path: Path) -> None:
    draft = path.with_suffix(f".{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(AESGCM.generate_key(_KEY_BYTES * 8))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        _sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def destroy_key(name: str) -> bool:
    """Overwrites and removes the key of a round. Whether it is gone now; if not, the log says so."""
    path = _path(name)
    try:
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        _sync_folder(path.parent)
    except FileNotFoundError:
        return True
    except OSError:
        _log.exception("A key could not be destroyed: see that SEAL_DIR can be written, then run manage.py daily.")
        return False
    return True


def kept_keys() -> dict[str, datetime]:
    """The names of all keys that there are, and when each was made."""
    kept = {}
    for path in settings.SEAL_DIR.glob("*.key"):
        with suppress(FileNotFoundError):  # another worker has just destroyed it
            kept[path.stem] = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    return kept


def has_folder() -> bool:
    """Whether the folder of keys can be reached; if not, its keys may still come back."""
    return settings.SEAL_DIR.is_dir()


def is_kept(name: str) -> bool:
    return _path(name).is_file()


@dataclass(frozen=True)
class Seal:
    """Seals and opens the slips of one round."""

    _key: bytes
    _cipher: AESGCM
    _bound_to: bytes
    _size: int

    @classmethod
    def of(cls, name: str, instrument: Instrument) -> Seal:
        """Raises SealLost where the key is gone or unreadable."""
        try:
            key = _path(name).read_bytes()
            return cls(key, AESGCM(key), name.encode(), _longest(instrument))
        except (OSError, ValueError) as error:
            raise SealLost(name) from error

    def alias(self, slip: int) -> str:
        """Stands for a slip on a page: whoever has the database alone cannot tell for which."""
        return hmac.digest(self._key, f"alias {slip}".encode(), "sha256")[:9].hex()

    def close(self, content: SlipContent) -> bytes:
        """The sealed slip. All slips of an instrument are of one length, whatever was written."""
        edits = {question: [edit.reason, *edit.words] for question, edit in content.edits.items()}
        parts = [dict(content.answers), dict(content.comments), edits, content.number]
        plain = json.dumps(parts, ensure_ascii=False).encode()
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain.ljust(self._size), self._bound_to)

    def open(self, sealed: bytes | memoryview) -> SlipContent:
        """Raises SealLost where this key did not seal it."""
        sealed = bytes(sealed)
        try:
            plain = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], self._bound_to)
            answers, comments, edits, number = json.loads(plain)
        except (InvalidTag, ValueError) as error:
            raise SealLost(self._bound_to.decode()) from error
        return SlipContent(
            answers, comments, {key: Edit(reason, tuple(words)) for key, (reason, *words) in edits.items()}, number
        )


def _longest(instrument: Instrument) -> int:
    """Bytes enough for any slip: without control characters, which the form drops, no character takes over four."""
    option = max(len(option.key) for option in instrument.scale)
    answers = sum(len(statement.key) + option + 8 for statement in instrument.statements)
    comments = sum(len(question.key) + 4 * question.longest + 8 for question in instrument.questions)
    edits = sum(len(question.key) + LONGEST_EDIT for question in instrument.questions)
    return answers + comments + edits + 32


def _path(name: str) -> Path:
    return settings.SEAL_DIR / f"{name}.key"


def _sync_folder(folder: Path) -> None:
    """Makes a new or removed name in the folder outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
