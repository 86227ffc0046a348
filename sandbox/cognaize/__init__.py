"""Cognaize's workflow API, the far side of the project's Cognaize client."""
