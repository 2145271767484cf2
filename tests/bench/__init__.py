"""How fast the project is, beside references timed in the same run."""
