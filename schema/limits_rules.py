"""The limits of a document's size, and the validation rules that hold documents to them."""

from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    MaxIntrospectionDepthRule,
    Node,
    OperationDefinitionNode,
    OverlappingFieldsCanBeMergedRule,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
)
from graphql.validation.validate import ValidationAbortedError

from schema.limits_size import INTROSPECTION_FIELDS, Size, operation_sizes

LARGEST_REPORTED = 2**31 - 1  # counts can have hundreds of digits; clients read an Int


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """The most one document may ask for; fragments count as if written out wherever they are spread.

    Attributes:
        tokens: Tokens of the document, its comments included.
        depth: Levels of fields. Keep it well below 50: deeper answers can exhaust Python's stack.
        introspection_depth: Levels of fields from `__schema` or `__type` down, apart from `depth`. Lists
            of lists of lists of types are refused as well.
        introspection_fields: Fields of an operation from `__schema` or `__type` down. The query that tools send has
            some 230; each is answered for every type of the schema, or for every field of every type.
        introspection_aliases: Aliases among them but for those of `__type`: each can have the whole schema written
            out again, and tools use none.
        root_fields: Fields at the root of an operation.
        logins: Logins of an operation: passwords are not to be tried by the dozen.
        fields: Fields of an operation.
        aliases: Aliases of an operation.
        directives: Directives of an operation.
        field_comparisons: Steps of checking that fields with the same name in the answer ask the same thing.
        upstream_calls: REST calls an operation may take, estimated with its variables before the first.
    """

    tokens: int = 1000
    depth: int = 15
    introspection_depth: int = 20
    introspection_fields: int = 250
    introspection_aliases: int = 0
    root_fields: int = 100
    logins: int = 1
    fields: int = 1000
    aliases: int = 100
    directives: int = 30
    field_comparisons: int = 10_000
    upstream_calls: int = 500


class LimitExceeded(ValidationAbortedError):
    """Refuses a document or an operation for its size or its cost; validation ends with it.

    Its extensions tell the `limit` by name, what is `allowed`, and the `actual` number: at most 2147483647, and
    one more than allowed where counting stops at the limit.
    """

    def __init__(self, limit: str, allowed: int, actual: int, reason: str, node: Node | None = None) -> None:
        actual = min(actual, LARGEST_REPORTED)
        super().__init__(
            f"{reason.format(actual)}; {allowed} are allowed.",
            node,
            extensions={"code": "LIMIT_EXCEEDED", "limit": limit, "allowed": allowed, "actual": actual},
        )


def limits_rule(limits: DocumentLimits) -> type[ValidationRule]:
    """Make the rule that refuses operations larger than the limits, in time linear in the document.

    Put it before all other rules: it ends validation before they look at a document that is too large for them.
    """

    class LimitsRule(ValidationRule):
        def enter_document(self, document: DocumentNode, *_args: Any) -> None:
            for operation, size in operation_sizes(document):
                _hold(size, limits, operation)

    return LimitsRule


def _hold(size: Size, limits: DocumentLimits, operation: OperationDefinitionNode) -> None:
    for limit, allowed, actual, counted in (
        ("depth", limits.depth, size.depth, "levels of fields"),
        ("introspectionDepth", limits.introspection_depth, size.introspection_depth, "levels of introspection"),
        ("introspectionFields", limits.introspection_fields, size.introspection_fields, "fields of introspection"),
        ("introspectionAliases", limits.introspection_aliases, size.introspection_aliases, "aliases in introspection"),
        ("rootFields", limits.root_fields, size.root_fields, "root fields"),
        ("logins", limits.logins, size.logins, "logins"),
        ("fields", limits.fields, size.fields, "fields"),
        ("aliases", limits.aliases, size.aliases, "aliases"),
        ("directives", limits.directives, size.directives, "directives"),
    ):
        if actual > allowed:
            raise LimitExceeded(limit, allowed, actual, f"The operation has {{}} {counted}", operation)


def merging_rule(limits: DocumentLimits) -> type[ValidationRule]:
    """Make GraphQL's rule on fields of the same name, with a bound on the comparisons it takes."""
    allowed = limits.field_comparisons

    class BoundedOverlappingFieldsCanBeMergedRule(OverlappingFieldsCanBeMergedRule):
        def __init__(self, context: ValidationContext) -> None:
            super().__init__(context)
            self.rule_context.remaining_complexity_budget = allowed

        def enter_selection_set(self, selection_set: SelectionSetNode, *args: Any) -> None:
            try:
                super().enter_selection_set(selection_set, *args)
            except ValidationAbortedError:
                if self.rule_context.remaining_complexity_budget >= 0:
                    raise
                reason = "The document takes {} or more comparisons of fields"
                raise LimitExceeded("fieldComparisons", allowed, allowed + 1, reason) from None

    return BoundedOverlappingFieldsCanBeMergedRule


class IntrospectionListsRule(MaxIntrospectionDepthRule):
    """GraphQL's rule on lists of lists of types, which overlooks that those of `__schema` are a list already."""

    def _check_depth(self, node: Node, visited_fragments: dict[str, int], depth: int = 0) -> bool:
        is_list = isinstance(node, FieldNode) and node.name.value == "__schema"
        return super()._check_depth(node, visited_fragments, depth + is_list)


class NoIntrospectionRule(ValidationRule):
    """Refuses the fields that show the schema; `__typename` stays allowed."""

    def enter_field(self, node: FieldNode, *_args: Any) -> None:
        if node.name.value in INTROSPECTION_FIELDS:
            message = f"This service does not answer {node.name.value}: introspection is off."
            self.report_error(GraphQLError(message, node, extensions={"code": "INVALID_REQUEST"}))
