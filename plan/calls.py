"""Calls of resolvers, written out for each field: else a call would take as long to put together as to make."""

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
    called = names.add(resolve)
    given = ["source"] if resolver.self_parameter else []
    takes_object = resolver.parent_parameter or resolver.root_parameter  # one parameter, where it is both
    if takes_object:
        given.append(f"{takes_object.name}=source")
    if resolver.info_parameter:
        given.append(f"{resolver.info_parameter.name}=info")
    if arguments is None:
        given.append("**arguments")
    else:
        given += [f"{name}={names.add(value)}" for name, value in arguments.items()]
    call: Call = names.evaluate(f"lambda source, info, arguments: {called}({', '.join(given)})")
    return call
