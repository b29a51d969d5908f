"""The catalogues: the template of all texts, and Chinese."""
