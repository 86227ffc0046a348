"""Operations made up from the schema: valid, bounded, and of every form the language has."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from graphql import (
    GraphQLAbstractType,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLSchema,
    build_schema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)
from graphql.utilities import do_types_overlap
from value_maker import MOST_ENTRIES, Known, ValueMaker

SCHEMA = build_schema((Path(__file__).parents[2] / "schema" / "schema.graphql").read_text())
DEEPEST = 8
MOST_ALIASES = 60
MOST_DIRECTIVES = 20
MOST_FIELDS = 300
BULKS = ["completeSteps", "reopenSteps", "changeTicketStatuses"]
INTROSPECTION = [
    "__schema { queryType { name } }",
    '__type(name: "Ticket") { name kind fields { name type { kind ofType { name } } } }',
]


@dataclass(frozen=True)
class Operation:
    """A GraphQL request."""

    document: str
    variables: dict[str, object]
    name: str | None

    @property
    def body(self) -> dict[str, object]:
        """What is posted."""
        return {"query": self.document, "variables": self.variables, "operationName": self.name}

    @property
    def most_items(self) -> int:
        """How many changes one of its root fields can ask for."""
        return MOST_ENTRIES if any(name in self.document for name in BULKS) else 1


@dataclass
class Size:
    """What counts towards the limits of documents, every spread fragment as if it was written out."""

    fields: int = 0
    aliases: int = 0
    directives: int = 0
    depth: int = 0

    def add(self, other: "Size", depth: int) -> None:
        self.fields += other.fields
        self.aliases += other.aliases
        self.directives += other.directives
        self.depth = max(self.depth, depth + other.depth)

    def has_room_for(self, other: "Size", depth: int) -> bool:
        return (
            self.fields + other.fields < MOST_FIELDS
            and self.aliases + other.aliases < MOST_ALIASES
            and self.directives + other.directives < MOST_DIRECTIVES
            and depth + other.depth < DEEPEST + 4
        )


@dataclass
class Definition:
    """A fragment or an operation, and what it uses: fragments and variables, also by its fragments."""

    text: str = ""
    size: Size = field(default_factory=Size)
    fragments: set[str] = field(default_factory=set)
    variables: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Scope:
    """Where a selection stands.

    Attributes:
        type: What is selected of.
        depth: Levels of fields around it.
        clashing: Names that stand for different things in the objects that may be answered here.
    """

    type: GraphQLCompositeType
    depth: int = 0
    clashing: frozenset[str] = frozenset()


def fields_of(type_: GraphQLCompositeType) -> dict[str, GraphQLField]:
    """The fields of a type; unions have none."""
    return getattr(type_, "fields", {})


def clashing_names(types: Iterable[GraphQLCompositeType]) -> frozenset[str]:
    """The names of fields whose types differ."""
    found: dict[str, set[str]] = {}
    for type_ in types:
        for name, definition in fields_of(type_).items():
            found.setdefault(name, set()).add(str(definition.type))
    return frozenset(name for name, kinds in found.items() if len(kinds) > 1)


COMPOSITES = [
    type_ for name, type_ in SCHEMA.type_map.items() if is_composite_type(type_) and not name.startswith("__")
]
FRAGMENT_TYPES = [type_ for type_ in COMPOSITES if type_ is not SCHEMA.mutation_type]
CLASHING_ANYWHERE = clashing_names(COMPOSITES)
CLASHING_IN = {
    type_.name: clashing_names([type_, *SCHEMA.get_possible_types(type_)])
    for type_ in COMPOSITES
    if is_abstract_type(type_)
}


class OperationMaker:
    """Makes operations of one random stream.

    A name in the answer stands for the same field with the same arguments all over a document, so that fields of the
    same name can always be merged.
    """

    def __init__(self, random: Random, known: Known, schema: GraphQLSchema = SCHEMA) -> None:
        self._random = random
        self._known = known
        self._schema = schema

    def operation(self) -> Operation:
        """The next one."""
        self._values = ValueMaker(self._random, self._known)
        self._fragments: dict[str, tuple[GraphQLCompositeType, Definition]] = {}
        self._keys: dict[tuple[str, str, str], str] = {}
        self._plain: dict[str, str] = {}
        for number in range(self._random.choice([0, 0, 1, 2, 3])):
            self._fragments[f"f{number}"] = self._fragment(f"f{number}")
        count = 1 if self._chance(0.88) else self._random.randint(2, 3)
        definitions = [self._operation(f"o{number}", is_only=count == 1) for number in range(count)]
        used = sorted({name for definition in definitions for name in definition.fragments})
        texts = [*(definition.text for definition in definitions), *(self._fragments[name][1].text for name in used)]
        self._random.shuffle(texts)
        chosen = self._random.randrange(count)
        name = f"o{chosen}" if count > 1 else None
        values = {key: self._values.variables[key].values for key in sorted(definitions[chosen].variables)}
        variables = {key: value for key, given in values.items() for value in given}
        if self._chance(0.02):
            variables["unasked"] = 1
        return Operation("\n".join(texts), variables, name if self._chance(0.99) else "missing")

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _operation(self, name: str, *, is_only: bool) -> Definition:
        is_mutation = self._chance(0.2)
        root = self._schema.mutation_type if is_mutation else self._schema.query_type
        assert root is not None
        self._begin(self._random.randint(4, 70))
        body = self._selections(Scope(root), self._random.choice([1, 1, 2, 3, 4]))
        if not is_mutation and self._chance(0.01):
            body = f"{{ {self._random.choice(INTROSPECTION)} {body[1:]}"
        definition = self._end()
        declared = ", ".join(f"${key}: {self._values.variables[key].declared}" for key in sorted(definition.variables))
        head = "mutation" if is_mutation else "query"
        if not is_only:
            head = f"{head} {name}"
        is_short = is_only and not is_mutation and not declared and self._chance(0.5)
        definition.text = body if is_short else f"{head}{f' ({declared})' if declared else ''} {body}"
        return definition

    def _fragment(self, name: str) -> tuple[GraphQLCompositeType, Definition]:
        type_ = self._random.choice(FRAGMENT_TYPES)
        self._begin(self._random.randint(2, 12))
        body = self._selections(Scope(type_, DEEPEST - 4, CLASHING_ANYWHERE), self._random.randint(1, 5))
        definition = self._end()
        definition.size.depth -= DEEPEST - 4
        definition.text = f"fragment {name} on {type_.name} {body}"
        return type_, definition

    def _begin(self, fields: int) -> None:
        self._left = fields
        self._now = Definition()
        self._values.used = self._now.variables

    def _end(self) -> Definition:
        definition = self._now
        for name in list(definition.fragments):
            definition.variables |= self._fragments[name][1].variables
        return definition

    def _selections(self, scope: Scope, count: int) -> str:
        found = [self._selection(scope) for _ in range(count)]
        written = [selection for selection in found if selection]
        return f"{{ {' '.join(written or [self._field(scope, '__typename')])} }}"

    def _selection(self, scope: Scope) -> str | None:
        if self._left <= 0:
            return None
        if self._chance(0.15) and (spread := self._spread(scope)):
            return spread
        if not fields_of(scope.type) or self._chance(0.6 if is_abstract_type(scope.type) else 0.07):
            return self._field(scope, "__typename") if self._chance(0.1) else self._inline_fragment(scope)
        if self._chance(0.06):
            return self._field(scope, "__typename")
        fields = fields_of(scope.type)
        names = [
            name
            for name, definition in fields.items()
            if scope.depth < DEEPEST - 1 or not is_composite_type(get_named_type(definition.type))
        ]
        # What leads on is asked more often than what is only one more text.
        leading = [name for name in names if is_composite_type(get_named_type(fields[name].type))]
        choice = leading if leading and self._chance(0.4) else names
        return self._field(scope, self._random.choice(choice)) if choice else self._field(scope, "__typename")

    def _spread(self, scope: Scope) -> str | None:
        fitting = [
            name
            for name, (type_, definition) in self._fragments.items()
            if do_types_overlap(self._schema, type_, scope.type)
            and self._now.size.has_room_for(definition.size, scope.depth)
        ]
        if not fitting:
            return None
        name = self._random.choice(fitting)
        _, definition = self._fragments[name]
        self._now.size.add(definition.size, scope.depth)
        self._now.fragments |= {name, *definition.fragments}
        return f"...{name}{self._conditions()}"

    def _inline_fragment(self, scope: Scope) -> str:
        types = self._types_within(scope.type)
        is_bare = bool(fields_of(scope.type)) and self._chance(0.2)
        type_ = scope.type if is_bare else self._random.choice(types)
        condition = "" if is_bare else f" on {type_.name}"
        count = self._random.choice([1, 2, 3, 5])
        clashing = scope.clashing or CLASHING_IN.get(type_.name, frozenset())
        return f"...{condition}{self._conditions()} {self._selections(Scope(type_, scope.depth, clashing), count)}"

    def _types_within(self, type_: GraphQLCompositeType) -> list[GraphQLCompositeType]:
        if not is_abstract_type(type_):
            return [type_, *getattr(type_, "interfaces", ())]
        abstract: GraphQLAbstractType = type_
        members = list(self._schema.get_possible_types(abstract))
        interfaces = {interface.name: interface for member in members for interface in member.interfaces}
        # The first member of a result is what is hoped for.
        return [*[members[0]] * (len(members) // 2), *members, *interfaces.values(), *[type_] * self._chance(0.1)]

    def _field(self, scope: Scope, name: str) -> str:
        if name == "__typename":
            self._count(scope)
            return f"{self._named(scope, name, '', 'String!')}{self._conditions()}"
        definition = fields_of(scope.type)[name]
        arguments = self._arguments(name, definition)
        self._count(scope)
        head = f"{self._named(scope, name, arguments, str(definition.type))}{arguments}{self._conditions()}"
        below = get_named_type(definition.type)
        if not is_composite_type(below):
            return head
        clashing = CLASHING_IN.get(below.name, frozenset())
        count = self._random.choice([1, 2, 3, 4, 5, 7])
        return f"{head} {self._selections(Scope(below, scope.depth + 1, clashing), count)}"

    def _count(self, scope: Scope) -> None:
        self._left -= 1
        self._now.size.fields += 1
        self._now.size.depth = max(self._now.size.depth, scope.depth + 1)

    def _arguments(self, field_name: str, definition: GraphQLField) -> str:
        given = [
            f"{name}: {self._values.argument(argument.type, field_name if name in ('id', 'guid') else name)}"
            for name, argument in definition.args.items()
            if str(argument.type).endswith("!") or self._chance(0.35)
        ]
        return f"({', '.join(given)})" if given else ""

    def _named(self, scope: Scope, name: str, arguments: str, type_name: str) -> str:
        """The field's name, with its alias before it where it needs or gets one."""
        is_full = self._now.size.aliases >= MOST_ALIASES
        can_be_plain = name not in scope.clashing and self._plain.setdefault(name, arguments) == arguments
        if can_be_plain and (is_full or not self._chance(0.1)):
            return name
        key = self._keys.setdefault((name, arguments, type_name), f"a{len(self._keys)}")
        self._now.size.aliases += 1
        return f"{key}: {name}"

    def _conditions(self) -> str:
        if self._now.size.directives >= MOST_DIRECTIVES or not self._chance(0.09):
            return ""
        names = self._random.choice([["include"], ["skip"], ["skip", "include"]])
        self._now.size.directives += len(names)
        return "".join(f" @{name}(if: {self._values.condition()})" for name in names)
