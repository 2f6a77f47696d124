"""Mail servers that fail."""

from smtplib import SMTPException

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend


class Down(BaseEmailBackend):
    """Takes nothing."""

    def send_messages(self, email_messages) -> int:
        raise ConnectionRefusedError


class RefusesTwo(EmailBackend):
    """Takes all but what goes to anybody called two."""

    def send_messages(self, messages) -> int:
        if any("two@" in address for message in messages for address in message.to):
            raise SMTPException
        return super().send_messages(messages)
