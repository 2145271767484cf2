"""Views to output, one module a medium; no arithmetic."""
