"""Other tools for the same questions, beside ours."""
