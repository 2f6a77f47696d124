"""Mail servers that break half way, and one at which two press at once."""

from collections.abc import Callable
from smtplib import SMTPAuthenticationError, SMTPServerDisconnected
from typing import ClassVar

from django.core.mail.backends.locmem import EmailBackend


class DropsAtTwo(EmailBackend):
    """Hangs up while it is handed what goes to anybody called two: who knows whether it took it."""

    def send_messages(self, messages) -> int:
        if any("two@" in address for message in messages for address in message.to):
            raise SMTPServerDisconnected
        return super().send_messages(messages)


class SilentAtTwo(EmailBackend):
    """Never answers to what goes to anybody called two."""

    def send_messages(self, messages) -> int:
        if any("two@" in address for message in messages for address in message.to):
            raise TimeoutError
        return super().send_messages(messages)


class GoneAtTwo(EmailBackend):
    """Cannot be reached any more as soon as it is somebody called two's turn."""

    def send_messages(self, messages) -> int:
        if any("two@" in address for message in messages for address in message.to):
            raise ConnectionRefusedError
        return super().send_messages(messages)


class Locked(EmailBackend):
    """Lets nobody in."""

    def open(self) -> None:
        raise SMTPAuthenticationError(535, b"Authentication failed")


class Busy(EmailBackend):
    """While it takes its first mail, somebody else does what `meanwhile` says."""

    meanwhile: ClassVar[list[Callable[[], object]]] = []

    def send_messages(self, messages) -> int:
        if self.meanwhile:
            self.meanwhile.pop()()
        return super().send_messages(messages)
