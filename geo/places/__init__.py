"""The places room."""
