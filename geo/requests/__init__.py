"""Requests: categories, requests with their events, call-backs and attachments, incidents, proposals from clusters."""
