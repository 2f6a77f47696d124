"""What partnerships promise each other: the charter of the Guide."""
