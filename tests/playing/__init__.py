"""Tests of the player: a run stepped through, repeated, and gone on with differently."""
