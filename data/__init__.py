"""The demo city: a seeded, invented county-level city in northern China, one generator file a room."""
