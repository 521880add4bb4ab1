"""How each language writes dates and times, where that is not Django's way: always with 24 hours."""
