"""Keeps passwords out of what is remembered of documents, and out of what is said of variables.

Documents are kept by their text, and shown in errors and by tools; variables are forgotten with their request.
"""

import re
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    GraphQLError,
    ObjectFieldNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    visit,
)

SECRET_INPUTS = frozenset({"password"})
FIELDS_THAT_TAKE_SECRETS = frozenset({("Mutation", "login")})

# What graphql-core says of a value before, or without, repeating it.
_REASON = re.compile(
    r"Expected a? ?value of (?:non-null )?type '[\w!\[\]]+' (?:to be provided|not to be None|to be an object"
    r"|to include required field '\w+'|not to include unknown field '\w+')"
    r"|\w+ cannot represent a non string value"
)


def refuse_secrets_in(query: str, document: DocumentNode) -> None:
    """Let a document pass that holds no password.

    Raises:
        GraphQLError: It holds one, in place of a variable or as a variable's default.
    """
    if any(name in query for name in SECRET_INPUTS):
        places = _SecretPlaces()
        visit(document, places)
        if places.names_of_literals or places.variables & places.variables_with_default:
            raise GraphQLError(
                "Send a password by a variable without a default, never in the document, which is kept.",
                extensions={"code": "INVALID_REQUEST"},
            )


def without_values(error: GraphQLError) -> GraphQLError:
    """An error of a variable's value that says where it is wrong, and how, but does not repeat it."""
    place, _, reason = error.message.partition(": ")
    said = _REASON.match(reason)
    return GraphQLError(f"{place}: {said[0]}." if said else f"{place}.", error.nodes, extensions=error.extensions)


class _SecretPlaces(Visitor):
    """Collects what stands where secrets belong."""

    def __init__(self) -> None:
        super().__init__()
        self.names_of_literals: set[str] = set()
        self.variables: set[str] = set()
        self.variables_with_default: set[str] = set()

    def enter_object_field(self, node: ObjectFieldNode, *_args: Any) -> None:
        self._note(node)

    def enter_argument(self, node: ArgumentNode, *_args: Any) -> None:
        self._note(node)

    def enter_variable_definition(self, node: VariableDefinitionNode, *_args: Any) -> None:
        if node.default_value is not None:
            self.variables_with_default.add(node.variable.name.value)

    def _note(self, node: ObjectFieldNode | ArgumentNode) -> None:
        if node.name.value not in SECRET_INPUTS:
            return
        if isinstance(node.value, VariableNode):
            self.variables.add(node.value.name.value)
        else:
            self.names_of_literals.add(node.name.value)
