"""The maps room."""
