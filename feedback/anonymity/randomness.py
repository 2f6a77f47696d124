"""The one source of chance for what must tell nothing: ids of slips, orders of comments and codes."""

import random

chance = random.SystemRandom()


def random_id() -> int:
    """63 random bits."""
    return chance.getrandbits(63)
