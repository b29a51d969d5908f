"""Yizhan: the map that city neighbourhoods run on."""
