"""Prints the CPU time to refuse, or to accept, documents made to be slow: `python -m bench.hostile_documents`.

Each document is new to the service, so nothing is remembered: this is what one request of an attacker costs.
"""

from time import process_time

from graphql import GraphQLError, build_schema, get_introspection_query

from schema.limits import DocumentCheck, DocumentLimits, FieldCost

SCHEMA = build_schema("""
    enum Status { OPEN COMPLETED }
    type Query { process(guid: String, first: Int): Process, processes(first: Int = 20, ids: [Int]): [Process] }
    type Process { guid: String, name: String, number: String, status: Status, parent: Process, next: Process
        steps(status: Status): [Step] }
    type Step { guid: String, name: String, process: Process, owner: Person }
    type Person { guid: String, fullName: String, email: String }
""")
COSTS = {
    ("Query", "process"): FieldCost(),
    ("Query", "processes"): FieldCost(list_size=20, list_size_argument="first"),
    ("Process", "steps"): FieldCost(list_size=6),
}
RUNS = 5


def numbered(count: int, text: str) -> str:
    return " ".join(text.format(n, n + 1) for n in range(count))


def chain(count: int, body: str, last: str) -> str:
    """Fragments F0 to F<count>; in the body, NEXT is the next one."""
    bodies = [*(body.replace("NEXT", f"...F{n + 1}") for n in range(count)), last]
    return " ".join(f"fragment F{n} on Process {{ {text} }}" for n, text in enumerate(bodies))


DOCUMENTS = {
    "an ordinary query": "{ processes(first: 20) { guid name status steps { guid name owner { fullName } } } }",
    "the introspection query": get_introspection_query(),
    "20 doubling fragments": "{ process { ...F0 } } " + chain(20, "NEXT NEXT", "name"),
    "20 doubling fragments below aliases": "{ process { ...F0 } } "
    + chain(20, "a: parent { NEXT } b: parent { NEXT }", "name"),
    "2,000 aliases": "{ process { " + numbered(2000, "a{0}: name") + " } }",
    "20 aliases of the dearest list": "{ " + numbered(20, "a{0}: processes(first: {1}) {{ steps {{ name }} }}") + " }",
    "one field 990 times": "{ process { " + "name " * 990 + "} }",
    "one list 240 times": "{ process { " + "steps { name } " * 240 + "} }",
    "repeated nested lists": "{ process { " + "parent { parent { parent { steps { name } } } } " * 70 + "} }",
    "70 fragments in one place": "{ process { "
    + numbered(70, "...F{0}")
    + " } } "
    + numbered(70, "fragment F{0} on Process {{ name steps {{ name }} }}"),
    "fragments that spread every later one": "{ process { ...F0 } } "
    + " ".join(
        f"fragment F{n} on Process {{ name {' '.join(f'...F{later}' for later in range(n + 1, 25))} }}"
        for n in range(25)
    ),
    "a chain of empty fragments below every field": "{ process { ...D0 } } "
    + " ".join(f"fragment D{n} on Process {{ parent {{ ...D{n + 1} }} next {{ ...D{n + 1} }} }}" for n in range(7))
    + " fragment D7 on Process { ...F0 } "
    + chain(80, "NEXT", "name"),
    "a circle of 100 fragments": "{ process { ...F0 } } " + chain(100, "NEXT", "...F0"),
    "150 levels": "{ process " + "{ parent " * 150 + "{ name }" + " }" * 151,
    "900 levels": "{ process " + "{ parent " * 900 + "{ name }" + " }" * 901,
    "190 inline fragments in one another": "{ process { " + "... { " * 190 + "name" + " }" * 192,
    "900 unknown fields": "{ process { " + numbered(900, "numbe{0}") + " } }",
    "300 unknown arguments": "{ process(" + numbered(300, "gui{0}: 1") + ") { name } }",
    "100 unknown enum values": "{ process { " + numbered(100, "steps(status: OPE{0}) {{ name }}") + " } }",
    "150 unknown types": "{ process { " + numbered(150, "... on Proces{0} {{ name }}") + " } }",
    "160 variables": f"query ({numbered(160, '$v{0}: Int')}) {{ process {{ name }} }}",
    "90 operations": numbered(90, "query Q{0} {{ process {{ ...F }} }}") + " fragment F on Process { name }",
    "150 directives": "{ process { " + "name @skip(if: true) " * 150 + "} }",
    "900 list entries": f"{{ processes(ids: [{'1 ' * 900}]) {{ name }} }}",
    "a number of 9,000 digits": "{ process(first: " + "9" * 9000 + ") { name } }",
    "a string of 9,000 characters": '{ process(guid: "' + "x" * 9000 + '") { name } }',
    "5,000 comments": "{ process { name } }" + "\n#" * 5000,
    "9,000 opening braces": "{" * 9000,
}


def examine(query: str) -> str:
    """Check one document with nothing remembered; return the first error, or "accepted"."""
    check = DocumentCheck(DocumentLimits(), COSTS, introspection=True, suggestions=True)
    try:
        check.document(query)
        errors = check.errors(SCHEMA, query) or check.request_errors(SCHEMA, query, None, {})
    except GraphQLError as error:
        errors = [error]
    return errors[0].message if errors else "accepted"


def milliseconds(query: str) -> float:
    started = process_time()
    for _ in range(RUNS):
        examine(query)
    return (process_time() - started) / RUNS * 1000


def main() -> None:
    for name, query in sorted(DOCUMENTS.items(), key=lambda item: -milliseconds(item[1])):
        print(f"{milliseconds(query):7.1f} ms {len(query):6d} bytes  {name}: {examine(query)[:70]}")


if __name__ == "__main__":
    main()
