"""Holds GraphQL documents to limits of size and of upstream cost, before the first REST call."""

import re
from collections.abc import Callable, Iterator
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
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from schema.limits_cost import FieldCost, FieldCosts, PricedField, Pricing
from schema.limits_rules import (
    DocumentLimits,
    IntrospectionListsRule,
    LimitExceeded,
    NoIntrospectionRule,
    limits_rule,
    merging_rule,
)

__all__ = ["DocumentLimits", "FieldCost", "FieldCosts", "LimitExceeded", "document_extensions", "limits_rule"]

REMEMBERED_DOCUMENTS = 256
MAX_NUMBER_LENGTH = 400
MANY_DIGITS = re.compile(rf"\d{{{MAX_NUMBER_LENGTH}}}")
MAX_VARIABLE_ERRORS = 50  # as many as graphql-core reports

Rules = tuple[type[ASTValidationRule], ...]


def document_extensions(
    limits: DocumentLimits, costs: FieldCosts, *, introspection: bool, suggestions: bool
) -> list[Callable[[], SchemaExtension]]:
    """Return the extensions that hold every document of a schema to the limits.

    They parse and validate in Strawberry's place, and remember both for the last 256 documents, so add neither
    its caches nor its limiters. What an operation costs is worked out with the variables of each request: a list
    whose size comes from a variable is as long as that request says.

    Args:
        limits: The numbers; going past one is a `LimitExceeded`.
        costs: The REST calls of the schema's fields.
        introspection: Whether `__schema` and `__type` are answered; if not, they are an INVALID_REQUEST.
        suggestions: Whether errors in a document or its variables say "Did you mean".
    """
    check = DocumentCheck(limits, costs, introspection=introspection, suggestions=suggestions)
    return [lambda: DocumentLimiter(check)]


class DocumentCheck:
    """Parses, validates and prices documents, and remembers the results by the document's text.

    Strawberry's own caches look documents up by the value of their whole tree, which takes longer than many an
    operation, and its validation cannot leave suggestions out.
    """

    def __init__(self, limits: DocumentLimits, costs: FieldCosts, *, introspection: bool, suggestions: bool) -> None:
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

    def _document(self, query: str) -> DocumentNode:
        if MANY_DIGITS.search(query):
            _refuse_long_numbers(query)
        try:
            return parse(query, max_tokens=self._limits.tokens)
        except GraphQLSyntaxError as error:
            if not error.description.startswith("Document contains more than"):
                raise
            allowed = self._limits.tokens
            raise LimitExceeded("tokens", allowed, allowed + 1, "The document has {} or more tokens") from None

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

    def _prices(
        self, schema: GraphQLSchema, query: str, operation_name: str | None
    ) -> tuple[OperationDefinitionNode, tuple[PricedField, ...]] | None:
        document = self.document(query)
        operation = get_operation_ast(document, operation_name)
        return (operation, Pricing(schema, document, self._costs).operation(operation)) if operation else None

    def request_errors(
        self, schema: GraphQLSchema, query: str, operation_name: str | None, variables: dict[str, Any]
    ) -> list[GraphQLError]:
        """Return what is wrong with one request for a valid document: its variables, or what it would cost."""
        priced = self.prices(schema, query, operation_name)
        if not priced:
            return [GraphQLError("Say in operationName which operation of the document to run.")]
        operation, fields = priced
        values = get_variable_values(
            schema,
            operation.variable_definitions or (),
            variables,
            max_errors=MAX_VARIABLE_ERRORS,
            hide_suggestions=not self._suggestions,
        )
        if isinstance(values, list):
            return values
        allowed, calls = self._limits.upstream_calls, sum(field.calls(values.coerced) for field in fields)
        if calls <= allowed:
            return []
        return [LimitExceeded("upstreamCalls", allowed, calls, "The operation may take {} upstream calls", operation)]


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
