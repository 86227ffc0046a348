"""Values for arguments, made up by their types and names: literals, variables, and variables inside literals."""

import json
from dataclasses import dataclass, field
from random import Random

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
)

MOST_ENTRIES = 4  # of a list
UNSENDABLE = ["", "no/guid", "GONE", "-", "ünknown"]


@dataclass
class Known:
    """What callers may know of the far side, by the names of the arguments that take it."""

    guids: dict[str, list[str]]
    ids: list[str] = field(default_factory=list)
    cursors: list[str] = field(default_factory=list)


@dataclass
class Variable:
    """A variable of a document.

    Attributes:
        name: Without the dollar.
        declared: Its type, and its default where it has one.
        purpose: The argument it was made for.
        values: What is sent for it: nothing, or one value.
    """

    name: str
    declared: str
    purpose: str
    values: list[object]


class ValueMaker:
    """Makes the values of one document.

    Attributes:
        variables: Those made so far, by name.
        used: The names of those used since somebody emptied this.
    """

    def __init__(self, random: Random, known: Known) -> None:
        self.random = random
        self.known = known
        self.variables: dict[str, Variable] = {}
        self.used: set[str] = set()

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def argument(self, type_: GraphQLInputType, name: str) -> str:
        """A value for an argument, as it is written in the document."""
        return self._written(type_, name, plain_share=0.65)

    def condition(self) -> str:
        """A value for `if`."""
        return self._written(GraphQLNonNull(GraphQLBoolean), "if", plain_share=0.4)

    def _written(self, type_: GraphQLInputType, name: str, *, plain_share: float = 0.85, is_only: bool = False) -> str:
        if self.chance(plain_share):
            return self._literal(type_, name)
        variable = self._known_variable(type_, name) or self._new_variable(type_, name, is_only)
        self.used.add(variable.name)
        return f"${variable.name}"

    def _literal(self, type_: GraphQLInputType, name: str) -> str:
        if isinstance(type_, GraphQLNonNull):
            return self._present_literal(type_.of_type, name)
        return "null" if self.chance(0.08) else self._present_literal(type_, name)

    def _present_literal(self, type_: GraphQLInputType, name: str) -> str:
        match type_:
            case GraphQLList():
                if self.chance(0.05):
                    return self._literal(type_.of_type, name)  # one value stands for a list of it
                return f"[{', '.join(self._written(type_.of_type, name) for _ in range(self._length()))}]"
            case GraphQLInputObjectType(is_one_of=True):
                key = self.random.choice(list(type_.fields))
                return f"{{{key}: {self._written(GraphQLNonNull(type_.fields[key].type), key, is_only=True)}}}"
            case GraphQLInputObjectType():
                written = (f"{key}: {self._written(type_.fields[key].type, key)}" for key in self._given(type_))
                return f"{{{', '.join(written)}}}"
            case GraphQLEnumType():
                return self.random.choice(list(type_.values))
        return json.dumps(self._scalar(type_.name, name), ensure_ascii=self.chance(0.5))

    def value(self, type_: GraphQLInputType, name: str) -> object:
        """A value as it is sent in variables."""
        if not isinstance(type_, GraphQLNonNull) and self.chance(0.15):
            return None
        match type_.of_type if isinstance(type_, GraphQLNonNull) else type_:
            case GraphQLList(of_type=item):
                return [self.value(item, name) for _ in range(self._length())]
            case GraphQLInputObjectType(is_one_of=True, fields=fields):
                key = self.random.choice(list(fields))
                return {key: self.value(GraphQLNonNull(fields[key].type), key)}
            case GraphQLInputObjectType() as inner:
                return {key: self.value(inner.fields[key].type, key) for key in self._given(inner)}
            case GraphQLEnumType(values=values):
                return self.random.choice(list(values))
            case scalar:
                return self._scalar(scalar.name, name)

    def _given(self, type_: GraphQLInputObjectType) -> list[str]:
        is_required = {key: isinstance(at.type, GraphQLNonNull) for key, at in type_.fields.items()}
        return [
            key for key, at in type_.fields.items() if (is_required[key] and at.default is None) or self.chance(0.35)
        ]

    def _length(self) -> int:
        return self.random.choice([0, 1, 1, 2, 3, MOST_ENTRIES])

    def _known_variable(self, type_: GraphQLInputType, name: str) -> Variable | None:
        fitting = [known for known in self.variables.values() if (known.declared, known.purpose) == (str(type_), name)]
        return self.random.choice(fitting) if fitting and self.chance(0.5) else None

    def _new_variable(self, type_: GraphQLInputType, name: str, is_only: bool) -> Variable:
        nullable = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        required = GraphQLNonNull(nullable)
        if is_only or self.chance(0.5 if isinstance(type_, GraphQLNonNull) else 0.2):
            declared, values = str(required), [self.value(required, name)]
        elif isinstance(type_, GraphQLNonNull) or self.chance(0.3):
            default = self._default(required, name)
            declared, values = f"{nullable} = {default}", self.random.choice([[], [self.value(required, name)]])
        else:
            declared, values = str(nullable), self.random.choice([[], [self.value(nullable, name)]])
        if self.chance(0.01):
            values = [None]  # which is wrong for most
        variable = Variable(f"v{len(self.variables)}", declared, name, values)
        self.variables[variable.name] = variable
        return variable

    def _default(self, type_: GraphQLInputType, name: str) -> str:
        return written(self.value(type_, name), type_)

    def _scalar(self, type_name: str, name: str) -> object:
        match type_name:
            case "Int":
                return self.random.choice([1, 2, 3, 3, 5, 20, 0, -1, 2001]) if self.chance(0.3) else 3
            case "Float":
                return self.random.choice([0, -1.5, 1e300, 7])
            case "Boolean":
                return self.chance(0.6)
            case "BigInt":
                return self.random.choice([0, 2**62, "-9223372036854775808", "12"])
            case "ID":
                return self.random.choice(self.known.ids) if self.known.ids and self.chance(0.9) else "bm8"
        return self._text(name)

    def _text(self, name: str) -> str:
        if name == "after":
            return self.random.choice(self.known.cursors) if self.known.cursors and self.chance(0.85) else "?"
        if name in self.known.guids:
            return self.random.choice(self.known.guids[name] if self.chance(0.93) else UNSENDABLE)
        if name == "idempotencyKey":
            return self.random.choice(["one", "two", "three"])
        return self.random.choice(["CAPA-*", "", 'say "no"\n', "日本 \\ 🚀", "long " * 20, "3"])


def written(value: object, type_: GraphQLInputType) -> str:
    """A value as a literal."""
    inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    match value:
        case None:
            return "null"
        case list():
            return f"[{', '.join(written(item, inner.of_type) for item in value)}]"
        case dict():
            return f"{{{', '.join(f'{key}: {written(item, inner.fields[key].type)}' for key, item in value.items())}}}"
    return str(value) if isinstance(inner, GraphQLEnumType) else json.dumps(value)
