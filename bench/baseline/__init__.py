"""A Strawberry application as Strawberry's documentation has it, with nothing but what its packages install.

None of them installs sniffio, which httpcore looks for again and again in every call; Stepgraph has it for that reason.
"""

from bench.baseline.absence import hide

hide("sniffio")
