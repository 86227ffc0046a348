"""The arguments of a field, as its resolver takes them: once for a document where they hold no variable."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    ListValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    get_argument_values,
    is_leaf_type,
    is_non_null_type,
)
from graphql.execution.values import VariableValues
from strawberry import UNSET
from strawberry.types.field import StrawberryField

from plan.inputs import conversion

Arguments = Mapping[str, Any]
ReadArguments = Callable[[VariableValues], Arguments]

# Values that may be shared by operations, because nobody can change them.
_UNCHANGEABLE = (str, int, float, bool, type(None), type(UNSET), Enum)


class Asked:
    """A field of a schema and the node of a document that asks for it.

    Args:
        definition: The field.
        node: The node.
        field: The field as Strawberry has it.
        converter: Strawberry's, which made the schema.
    """

    def __init__(self, definition: GraphQLField, node: FieldNode, field: StrawberryField, converter: Any) -> None:
        self.definition = definition
        self.node = node
        name_of = converter.config.name_converter.from_argument
        self.names = {name_of(argument): argument.python_name for argument in field.arguments}
        self._conversions = {name_of(argument): conversion(argument.type, converter) for argument in field.arguments}

    def read(self, variables: VariableValues) -> Arguments:
        """The arguments with these variables, as graphql-core coerces and Strawberry converts them.

        Raises:
            Exception: What graphql-core would report for the field.
        """
        return self.convert(self.coerce(variables))

    def coerce(self, variables: VariableValues) -> dict[str, Any]:
        """The values of the arguments, with defaults. Raises what graphql-core would report for the field."""
        return get_argument_values(self.definition, self.node, variables)

    def convert(self, values: dict[str, Any]) -> Arguments:
        """The values as the resolver takes them: inputs as objects, new ones each time."""
        return {
            python_name: self._conversions[name](values[name])
            for name, python_name in self.names.items()
            if name in values
        }


def argument_reader(asked: Asked) -> tuple[Arguments | None, ReadArguments]:
    """How to read the arguments of a field: those of every operation, or else what reads them of its variables.

    Raises:
        Exception: What graphql-core would report for the field, in every operation.
    """
    if not asked.definition.args:
        return {}, asked.read
    sources = {argument.name.value: argument.value for argument in asked.node.arguments or ()}
    if not any(map(_has_variable, sources.values())):
        values = asked.coerce(VariableValues({}, {}))
        arguments = asked.convert(values)
        may_be_shared = all(isinstance(value, _UNCHANGEABLE) for value in arguments.values())
        return (arguments if may_be_shared else None), lambda _variables: asked.convert(values)
    return None, _reader_of_plain_variables(asked, sources) or asked.read


def _has_variable(value: ValueNode) -> bool:
    match value:
        case VariableNode():
            return True
        case ListValueNode(values=values):
            return any(map(_has_variable, values))
        case ObjectValueNode(fields=fields):
            return any(_has_variable(field.value) for field in fields)
    return False


def _reader_of_plain_variables(asked: Asked, sources: dict[str, ValueNode]) -> ReadArguments | None:
    """What reads arguments that each are one variable of a leaf type; None where any is not."""
    if not all(isinstance(source, VariableNode) for source in sources.values()):
        return None
    if set(sources) != set(asked.definition.args) or not all(map(_is_leaf, asked.definition.args.values())):
        return None
    variables = {name: source.name.value for name, source in sources.items() if isinstance(source, VariableNode)}
    names = [
        (python_name, variables[name], is_non_null_type(asked.definition.args[name].type))
        for name, python_name in asked.names.items()
    ]

    def read(values: VariableValues) -> Arguments:
        coerced = values.coerced
        arguments = {}
        for python_name, variable, is_required in names:
            value = coerced.get(variable, UNSET)
            if value is UNSET or (value is None and is_required):
                return asked.read(values)  # a default, or an error
            arguments[python_name] = value
        return arguments

    return read


def _is_leaf(argument: GraphQLArgument) -> bool:
    return is_leaf_type(argument.type.of_type if is_non_null_type(argument.type) else argument.type)
