"""Figures of a period, counted from folded cases, and the document that carries them."""
