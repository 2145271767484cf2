"""Decisions over plain values: no file, clock, database or terminal is touched here."""
