"""What the shared cache calls its entries."""

from django.utils.crypto import salted_hmac


def scrambled(key: str, key_prefix: str, version: int) -> str:
    """allauth names its limits by network address; the database keeps the name, so it must tell none."""
    return salted_hmac("coprod.caches", f"{key_prefix}:{version}:{key}", algorithm="sha256").hexdigest()
