"""From the nodes of a valid document to selections.

Which fields are asked, under which names, in which fragments, is found out by graphql-core itself; here each of them
is turned into what reads it and what completes its value, by "Value Completion" of the GraphQL specification.
"""

from operator import attrgetter
from typing import Any

from graphql import (
    GraphQLAbstractType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.execution.collect_fields import (
    FieldDetailsList,
    FragmentDetails,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues
from strawberry.types.field import StrawberryField

from plan import completion
from plan.arguments import Asked, argument_reader
from plan.calls import call_of
from plan.fields import Completion, ConstantField, Field, PlainField, ResolvedField
from plan.selections import Selection

Path = tuple[str, ...]


class Unplannable(Exception):
    """The document asks for something that is left to graphql-core."""


class Compiler:
    """Compiles one operation.

    Args:
        schema: The schema.
        converter: Strawberry's, which made the schema.
        operation: A valid operation.
        fragments: The fragments of its document.
        variables: Those that shape the operation: the conditions of `@skip` and `@include`.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        converter: Any,
        operation: OperationDefinitionNode,
        fragments: dict[str, FragmentDetails],
        variables: VariableValues,
    ) -> None:
        self._schema = schema
        self._converter = converter
        self._operation = operation
        self._fragments = fragments
        self._variables = variables

    def root_fields(self) -> list[Field]:
        """The fields at the root.

        Raises:
            Unplannable: The operation is left to graphql-core.
        """
        root = self._schema.get_root_type(self._operation.operation)
        if root is None:
            raise Unplannable
        collected = collect_fields(self._schema, self._fragments, self._variables, root, self._operation)
        return self._fields(root, collected.grouped_field_set, ())

    def _selection(self, type_: GraphQLObjectType, asked: FieldDetailsList, path: Path) -> Selection:
        collected = collect_subfields(self._schema, self._fragments, self._variables, self._operation, type_, asked)
        return Selection(self._fields(type_, collected.grouped_field_set, path))

    def _fields(self, type_: GraphQLObjectType, asked: GroupedFieldSet, path: Path) -> list[Field]:
        return [self._field(type_, key, details, (*path, key)) for key, details in asked.items()]

    def _field(self, type_: GraphQLObjectType, key: str, asked: FieldDetailsList, path: Path) -> Field:
        name = asked[0].node.name.value
        if name == "__typename":
            return ConstantField(key, type_.name)
        definition = type_.fields.get(name)
        field = definition.extensions.get(self._converter.DEFINITION_BACKREF) if definition else None
        if definition is None or not isinstance(field, StrawberryField) or field.extensions:
            raise Unplannable
        completed = self._completion(definition.type, asked, path)
        resolver = field.base_resolver
        if resolver is None:
            if field.default_resolver is not getattr:
                raise Unplannable
            return PlainField(key, attrgetter(field.python_name), field.python_name, completed)
        resolve = resolver.wrapped_func
        if not callable(resolve):
            raise Unplannable
        takes_object = resolver.parent_parameter or resolver.root_parameter
        if len(resolver.signature.parameters) == 1 and takes_object and not field.is_async:
            return PlainField(key, resolve, None, completed)
        arguments, read_arguments = self._arguments(definition, field, asked)
        return ResolvedField(
            key=key,
            path=path,
            parent=type_,
            definition=definition,
            nodes=[details.node for details in asked],
            strawberry_field=field,
            call=call_of(resolver, resolve, arguments),
            is_async=field.is_async,
            takes_info=resolver.info_parameter is not None,
            arguments=arguments,
            read_arguments=read_arguments,
            complete=completed.complete,
            expect=field.metadata.get("expect"),
        )

    def _arguments(self, definition: GraphQLField, field: StrawberryField, asked: FieldDetailsList) -> Any:
        try:
            return argument_reader(Asked(definition, asked[0].node, field, self._converter))
        except Exception as error:
            raise Unplannable from error  # graphql-core reports it in every operation

    def _completion(self, type_: GraphQLOutputType, asked: FieldDetailsList, path: Path) -> Completion:
        is_required = is_non_null_type(type_)
        inner = type_.of_type if is_non_null_type(type_) else type_
        if is_leaf_type(inner):
            return completion.leaf(inner, is_required=is_required)
        if is_list_type(inner):
            return completion.list_of(self._completion(inner.of_type, asked, path), is_required=is_required)
        if is_object_type(inner):
            return completion.instance_of(inner, self._selection(inner, asked, path), is_required=is_required)
        if is_abstract_type(inner):
            return self._abstract_completion(inner, asked, path, is_required=is_required)
        raise Unplannable

    def _abstract_completion(
        self, type_: GraphQLAbstractType, asked: FieldDetailsList, path: Path, *, is_required: bool
    ) -> Completion:
        definition = type_.extensions[self._converter.DEFINITION_BACKREF]
        if getattr(definition, "resolve_type", None):
            raise Unplannable

        def select(member: GraphQLObjectType) -> Selection:
            return self._selection(member, asked, path)

        return completion.member_of(self._schema.get_possible_types(type_), select, is_required=is_required)
