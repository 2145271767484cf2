"""Views to lines of text, for pipes and plain terminals."""
