"""How a resolver is called, written out for each field: to put its arguments together takes as long as the call."""

from collections.abc import Callable
from typing import Any

from strawberry.types.fields.resolver import StrawberryResolver

from plan.arguments import Arguments
from plan.expressions import Names

# Takes the object, the info, and the arguments where they are not the same in every operation.
Call = Callable[[Any, Any, Arguments], Any]


def call_of(resolver: StrawberryResolver[Any], resolve: Callable[..., Any], arguments: Arguments | None) -> Call:
    """What calls a resolver: for a list's steps of one status it is

        lambda source, info, arguments: a0(process=source, info=info, status=a1)

    Args:
        resolver: The resolver, as Strawberry has it.
        resolve: Its function.
        arguments: The arguments asked, where they are the same in every operation.
    """
    names = Names()
    given = ["source"] if resolver.self_parameter else []
    given += [f"{asked.name}=source" for asked in (resolver.parent_parameter, resolver.root_parameter) if asked]
    if resolver.info_parameter:
        given.append(f"{resolver.info_parameter.name}=info")
    if arguments is None:
        given.append("**arguments")
    else:
        given += [f"{name}={names.add(value)}" for name, value in arguments.items()]
    call: Call = names.evaluate(f"lambda source, info, arguments: {names.add(resolve)}({', '.join(given)})")
    return call
