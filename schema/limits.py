"""Holds GraphQL documents to limits of size and of upstream cost, before the first REST call."""

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    Lexer,
    MaxIntrospectionDepthRule,
    OperationDefinitionNode,
    OverlappingFieldsCanBeMergedRule,
    Source,
    TokenKind,
    get_operation_ast,
    get_variable_values,
    parse,
    specified_rules,
    validate,
)
from graphql.execution.values import VariableValues
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from schema.limits_cost import CallCost, FieldCost, FieldCosts, PricedOperation
from schema.limits_pricing import Pricing
from schema.limits_rules import (
    DocumentLimits,
    IntrospectionListsRule,
    LimitExceeded,
    NoIntrospectionRule,
    limits_rule,
    merging_rule,
)
from schema.secrets import refuse_secrets_in, without_values

__all__ = ["CallCost", "DocumentCheck", "DocumentLimiter", "DocumentLimits", "FieldCost", "FieldCosts", "LimitExceeded"]

REMEMBERED_DOCUMENTS = 256
MAX_NUMBER_LENGTH = 400
MANY_DIGITS = re.compile(rf"\d{{{MAX_NUMBER_LENGTH}}}")
MAX_VARIABLE_ERRORS = 50  # as many as graphql-core reports
NO_VARIABLES = VariableValues({}, {})

Admitted = tuple[PricedOperation, VariableValues]
Rules = tuple[type[ASTValidationRule], ...]


class DocumentCheck:
    """Parses, validates and prices documents, and remembers the results by the document's text.

    Strawberry's own caches look documents up by the value of their whole tree, which takes longer than many an
    operation, and its validation cannot leave suggestions out.
    """

    def __init__(self, limits: DocumentLimits, costs: FieldCosts, *, introspection: bool, suggestions: bool) -> None:
        """Takes what documents are held to; add neither Strawberry's caches nor its limiters.

        Args:
            limits: The numbers; going past one is a `LimitExceeded`.
            costs: The REST calls of the schema's fields. What an operation costs is worked out with the variables
                of each request: a list whose size comes from a variable is as long as that request says.
            introspection: Whether `__schema` and `__type` are answered; if not, they are an INVALID_REQUEST.
            suggestions: Whether errors in a document or its variables say "Did you mean".
        """
        self._limits = limits
        self._costs = costs
        self._suggestions = suggestions
        self._first_rules: Rules = (limits_rule(limits), *(() if introspection else (NoIntrospectionRule,)))
        self._in_place_of: dict[type[ASTValidationRule], type[ASTValidationRule]] = {
            OverlappingFieldsCanBeMergedRule: merging_rule(limits),
            MaxIntrospectionDepthRule: IntrospectionListsRule,
        }
        self.document = lru_cache(REMEMBERED_DOCUMENTS)(self._document)
        self.errors = lru_cache(REMEMBERED_DOCUMENTS)(self._errors)
        self.prices = lru_cache(REMEMBERED_DOCUMENTS)(self._prices)
        # Operations of valid documents, each with what it is admitted as where no variable has a say in that.
        self._valid: OrderedDict[tuple[str, str | None], tuple[PricedOperation, Admitted | None]] = OrderedDict()

    def _document(self, query: str) -> DocumentNode:
        if MANY_DIGITS.search(query):
            _refuse_long_numbers(query)
        try:
            document = parse(query, max_tokens=self._limits.tokens)
        except GraphQLSyntaxError as error:
            if not error.description.startswith("Document contains more than"):
                raise
            allowed = self._limits.tokens
            raise LimitExceeded("tokens", allowed, allowed + 1, "The document has {} or more tokens") from None
        refuse_secrets_in(query, document)  # an exception is not remembered
        return document

    def _errors(self, schema: GraphQLSchema, query: str, rules: Rules = specified_rules) -> list[GraphQLError]:
        return validate(
            schema,
            self.document(query),
            [
                *self._first_rules,
                *(self._in_place_of.get(rule, rule) for rule in rules),
                MaybeNullValidationRule,
                OneOfInputValidationRule,
            ],
            hide_suggestions=not self._suggestions,
        )

    def _prices(self, schema: GraphQLSchema, query: str, operation_name: str | None) -> PricedOperation | None:
        document = self.document(query)
        operation = get_operation_ast(document, operation_name)
        return Pricing(schema, document, self._costs).operation(operation) if operation else None

    def mistakes(self, schema: GraphQLSchema, query: str) -> list[GraphQLError]:
        """Return what is wrong with a document, whatever the variables of its requests."""
        try:
            errors = self.errors(schema, query)
        except GraphQLError as error:
            return [error]
        return errors or list(self._fixed_excess(schema, query))

    def _fixed_excess(self, schema: GraphQLSchema, query: str) -> Iterator[GraphQLError]:
        for node in self.document(query).definitions:
            if isinstance(node, OperationDefinitionNode) and not node.variable_definitions:
                operation = self.prices(schema, query, node.name.value if node.name else None)
                yield from self._excess(operation, NO_VARIABLES) if operation else ()

    def request_errors(
        self, schema: GraphQLSchema, query: str, operation_name: str | None, variables: dict[str, Any]
    ) -> list[GraphQLError]:
        """Return what is wrong with one request for a valid document: its variables, or what it would cost."""
        operation = self.prices(schema, query, operation_name)
        if not operation:
            return [GraphQLError("Say in operationName which operation of the document to run.")]
        values = self._coerce(schema, operation, variables)
        errors = values if isinstance(values, list) else self._excess(operation, values)
        is_always_admitted = values is NO_VARIABLES and not errors
        self._valid[query, operation_name] = operation, (operation, NO_VARIABLES) if is_always_admitted else None
        if len(self._valid) > REMEMBERED_DOCUMENTS:
            self._valid.popitem(last=False)
        return errors

    def price(
        self, schema: GraphQLSchema, query: str, operation_name: str | None, variables: dict[str, Any]
    ) -> tuple[PricedOperation, Mapping[str, Any]] | None:
        """Return the operation of a request for a valid document and its variables, None where they are not valid."""
        operation = self.prices(schema, query, operation_name)
        values = self._coerce(schema, operation, variables) if operation else []
        return None if operation is None or isinstance(values, list) else (operation, values.coerced)

    @property
    def allowed_calls(self) -> int:
        """How many REST calls an operation may need."""
        return self._limits.upstream_calls

    def admit(
        self, schema: GraphQLSchema, query: str, operation_name: str | None, variables: dict[str, Any] | None
    ) -> Admitted | None:
        """Return the operation of a request and its variables, if it is remembered and nothing is wrong with it."""
        asked = query, operation_name
        if asked not in self._valid:
            return None
        self._valid.move_to_end(asked)
        operation, admitted = self._valid[asked]
        if admitted is not None:
            return admitted
        values = self._coerce(schema, operation, variables or {})
        return None if isinstance(values, list) or self._excess(operation, values) else (operation, values)

    def _coerce(
        self, schema: GraphQLSchema, operation: PricedOperation, variables: dict[str, Any]
    ) -> VariableValues | list[GraphQLError]:
        definitions = operation.node.variable_definitions
        if not definitions:
            return NO_VARIABLES
        values = get_variable_values(
            schema, definitions, variables, max_errors=MAX_VARIABLE_ERRORS, hide_suggestions=not self._suggestions
        )
        if isinstance(values, list) and operation.takes_secrets:
            return [without_values(error) for error in values]
        return values

    def _excess(self, operation: PricedOperation, values: VariableValues) -> list[GraphQLError]:
        allowed, calls = self._limits.upstream_calls, operation.calls(values.coerced)
        if calls <= allowed:
            return []
        reason = "The operation may take {} upstream calls"
        return [LimitExceeded("upstreamCalls", allowed, calls, reason, operation.node)]


def _refuse_long_numbers(query: str) -> None:
    """Python takes its time over numbers of thousands of digits, and then refuses them in words of its own."""
    lexer = Lexer(Source(query))
    while (token := lexer.advance()).kind is not TokenKind.EOF:
        length = token.end - token.start
        if token.kind in (TokenKind.INT, TokenKind.FLOAT) and length > MAX_NUMBER_LENGTH:
            raise LimitExceeded("numberLength", MAX_NUMBER_LENGTH, length, "A number in the document has {} characters")


class DocumentLimiter(SchemaExtension):
    """Applies a `DocumentCheck` to one operation."""

    def __init__(self, check: DocumentCheck) -> None:
        self._check = check

    def on_parse(self) -> Iterator[None]:
        if self.execution_context.query:
            self.execution_context.graphql_document = self._check.document(self.execution_context.query)
        yield

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        if context.query:
            schema, query = context.schema._schema, context.query
            errors = list(self._check.errors(schema, query, context.validation_rules))
            context.pre_execution_errors = errors or self._check.request_errors(
                schema, query, context._provided_operation_name, context.variables or {}
            )
        yield
