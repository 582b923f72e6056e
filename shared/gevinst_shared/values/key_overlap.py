"""How long a body's signing keys live beside each other (X1)."""

from datetime import timedelta

OVERLAP = timedelta(days=30)
"""So long does a key hold on beside the one that came after it."""
MOST_KEYS = 4
"""So many keys may be valid at once."""
