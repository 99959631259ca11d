"""Clients that strangers would generate: made, built, and sent through one scenario (scripts/clients)."""
