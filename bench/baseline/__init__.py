"""The same graph as Strawberry's own documentation would have it: what Stepgraph is measured against."""
