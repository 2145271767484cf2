"""Documents to findings: what their authors would want to know about their plans."""
