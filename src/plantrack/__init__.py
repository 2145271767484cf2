"""Where every plan of a repository stands, what is next, and why."""

__version__ = "0.1.0"
