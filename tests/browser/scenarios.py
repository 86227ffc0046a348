"""Finds the scenarios a file holds, so that each is a test of its own."""

import re
from pathlib import Path


def scenarios_of(file):
    """The names of what a module of JavaScript exports, in order."""
    source = (Path(__file__).parent / file).read_text()
    return re.findall(r"^export async function (\w+)", source, re.MULTILINE)
