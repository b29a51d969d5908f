"""The coverage room: how far it is on foot, who is covered, by whom, and who could be."""
