"""Prints the CPU time to refuse, or to accept, documents made to be slow: `python -m bench.hostile_documents`.

Each document is new to the service, so nothing is remembered: this is what one request of an attacker costs before the
first REST call. What asks for the schema costs no call, so its answer is in the figure.
"""

from time import process_time

from graphql import GraphQLError, execute, get_introspection_query

from schema import build_schema
from schema.costs import COSTS
from schema.limits import DocumentCheck, DocumentLimits

SCHEMA = build_schema()._schema
RUNS = 5


def numbered(count: int, text: str) -> str:
    return " ".join(text.format(n, n + 1) for n in range(count))


def process(text: str) -> str:
    """An operation that asks something of a quality process."""
    return f'{{ qualityProcess(guid: "P1") {{ ... on QualityProcess {{ {text} }} }} }}'


def chain(count: int, body: str, last: str) -> str:
    """Fragments F0 to F<count>; in the body, NEXT is the next one."""
    bodies = [*(body.replace("NEXT", f"...F{n + 1}") for n in range(count)), last]
    return " ".join(f"fragment F{n} on QualityProcess {{ {text} }}" for n, text in enumerate(bodies))


TYPE = "name kind description specifiedByURL isOneOf"
FIELD = "name description isDeprecated deprecationReason"
ERRORS = ["NotFoundError", "InvalidInputError", "UnauthenticatedError", "PermissionDeniedError", "UpstreamError"]

DOCUMENTS = {
    "an ordinary query": "{ qualityProcesses(first: 20) { nodes { guid name status steps { guid name } } } }",
    "the introspection query": get_introspection_query(),
    "every field of every type": f"{{ __schema {{ types {{ {TYPE} fields {{ {FIELD} args {{ {FIELD} defaultValue "
    f"type {{ {TYPE} ofType {{ {TYPE} }} }} }} type {{ {TYPE} ofType {{ {TYPE} ofType {{ {TYPE} }} }} }} }} }} }} }}",
    "fields of the types of fields": "{ __schema { types { fields { type { fields { type { name } } } } } } }",
    "the whole schema 60 times": "{ " + numbered(60, "a{0}: __schema {{ types {{ fields {{ name }} }} }}") + " }",
    "one type 19 times": "{ "
    + numbered(19, 'a{0}: __type(name: "OperationError") {{ ...T }}')
    + f" }} fragment T on __Type {{ possibleTypes {{ name fields {{ {FIELD} type {{ name kind }} }} }} }}",
    "20 doubling fragments": process("...F0") + chain(20, "NEXT NEXT", "name"),
    "20 doubling fragments below aliases": process("...F0")
    + chain(20, "a: currentStep { qualityProcess { NEXT } } b: currentStep { qualityProcess { NEXT } }", "name"),
    "2,000 aliases": process(numbered(2000, "a{0}: name")),
    "20 aliases of the dearest list": "{ "
    + numbered(20, "a{0}: qualityProcesses(first: {1}) {{ nodes {{ steps {{ name }} }} }}")
    + " }",
    "one field 980 times": process("name " * 980),
    "one list 240 times": process("steps { name } " * 240),
    "repeated nested steps": process("currentStep { qualityProcess { currentStep { name } } } " * 80),
    "every error of a union 30 times": '{ ticket(guid: "T1") { '
    + " ".join(f"... on {error} {{ message code }}" for error in ERRORS * 30)
    + " } }",
    "70 fragments in one place": process(numbered(70, "...F{0}"))
    + numbered(70, "fragment F{0} on QualityProcess {{ name steps {{ name }} }}"),
    "fragments that spread every later one": process("...F0")
    + " ".join(
        f"fragment F{n} on QualityProcess {{ name {' '.join(f'...F{later}' for later in range(n + 1, 25))} }}"
        for n in range(25)
    ),
    "a chain of empty fragments below every field": process("...D0")
    + " ".join(
        f"fragment D{n} on QualityProcess {{ currentStep {{ qualityProcess {{ ...D{n + 1} }} }} steps {{ "
        f"qualityProcess {{ ...D{n + 1} }} }} }}"
        for n in range(5)
    )
    + " fragment D5 on QualityProcess { ...F0 } "
    + chain(80, "NEXT", "name"),
    "a circle of 100 fragments": process("...F0") + chain(100, "NEXT", "...F0"),
    "150 levels": process("currentStep { qualityProcess { " * 75 + "name" + " } }" * 75),
    "490 levels": process("currentStep { qualityProcess { " * 245 + "name" + " } }" * 245),
    "190 inline fragments in one another": process("... { " * 190 + "name" + " }" * 190),
    "900 unknown fields": process(numbered(900, "numbe{0}")),
    "300 unknown arguments": f"{{ ticket({numbered(300, 'gui{0}: 1')}) {{ __typename }} }}",
    "100 unknown enum values": process(numbered(100, "steps(status: OPE{0}) {{ name }}")),
    "150 unknown types": process(numbered(150, "... on QualityProces{0} {{ name }}")),
    "160 variables": f"query ({numbered(160, '$v{0}: Int')}) {{ upstreamBudgets {{ state }} }}",
    "90 operations": numbered(90, "query Q{0} {{ tickets {{ ...F }} }}")
    + " fragment F on TicketConnection { __typename }",
    "150 directives": process("name @skip(if: true) " * 150),
    "900 ids": f"{{ nodes(ids: [{'1 ' * 900}]) {{ id }} }}",
    "90 parameters": "mutation { completeProcessStep(input: {processStepId: 1, params: ["
    + numbered(90, "{{nam: 1, valu: {{lon: {0}, strin: 1}}}}")
    + "]}) { __typename } }",
    "60 parameters of two values": 'mutation { completeProcessStep(input: {processStepId: "1", params: ['
    + numbered(60, '{{name: "{0}", value: {{long: {0}, string: "1"}}}}')
    + "]}) { __typename } }",
    "a number of 9,000 digits": "{ tickets(first: " + "9" * 9000 + ") { __typename } }",
    "a string of 9,000 characters": '{ ticket(guid: "' + "x" * 9000 + '") { __typename } }',
    "5,000 comments": process("name") + "\n#" * 5000,
    "9,000 opening braces": "{" * 9000,
}


def examine(query: str) -> str:
    """Check one document with nothing remembered; return the first error, or "accepted"."""
    check = DocumentCheck(DocumentLimits(), COSTS, introspection=True, suggestions=True)
    try:
        document = check.document(query)
        errors = check.errors(SCHEMA, query) or check.request_errors(SCHEMA, query, None, {})
    except GraphQLError as error:
        errors = [error]
    if not errors and ("__schema" in query or "__type(" in query):
        execute(SCHEMA, document)
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
