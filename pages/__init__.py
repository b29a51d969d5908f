"""The pages; navigation.py lists them."""
