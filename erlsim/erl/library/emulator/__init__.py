"""Modules about the node itself: which modules it has, how they come there, and its memory."""
