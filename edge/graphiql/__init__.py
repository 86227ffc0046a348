"""GraphiQL, the query editor in the browser: built by npm out of this folder, and served whole from `dist/`."""

from edge.graphiql.page import GraphiQL
from edge.graphiql.settings import Example, GraphiQLSettings, Session

__all__ = ["Example", "GraphiQL", "GraphiQLSettings", "Session"]
