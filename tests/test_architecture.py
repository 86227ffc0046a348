"""The floors of the house, read from every import: app -> schema -> resolvers -> upstreams."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# What each room may import of ours, itself aside.
FLOORS = {
    "app": {"facade", "settings", "documents", "edge", "schema", "resolvers", "upstreams", "sandbox", "welcome"},
    "welcome": {"settings", "edge"},
    "facade": {"settings", "edge", "idempotency", "resolvers", "upstreams"},
    "settings": set(),
    "edge": {"documents"},
    "documents": set(),
    "schema": {"plan", "resolvers", "upstreams"},
    "plan": set(),
    "resolvers": {"idempotency", "upstreams"},
    "idempotency": set(),
    "upstreams": set(),
    "sandbox": set(),
}

# The schema says what records look like from outside; it never calls anybody.
UPSTREAM_MODULES_THE_SCHEMA_KNOWS = {
    "upstreams",
    "upstreams.records",
    "upstreams.budget",
    "upstreams.endpoints",
    "upstreams.errors",
    "upstreams.trace",
}

BESIDE_THE_PRODUCT = {"bench", "examples"}

HTTP_LIBRARIES = {"httpx", "pyreqwest.client"}

LONGEST_MODULE = 300


def modules_of(room):
    single = ROOT / f"{room}.py"
    return [single] if single.exists() else sorted((ROOT / room).rglob("*.py"))


def every_module():
    return [(room, path) for room in FLOORS for path in modules_of(room)]


def imports_of(path):
    """The dotted names a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module


def ours_imported_by(path):
    return {name for name in imports_of(path) if name.partition(".")[0] in FLOORS}


def places(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def test_every_room_of_the_product_is_on_a_floor():
    rooms = {path.stem for path in ROOT.glob("*.py")} | {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert rooms - BESIDE_THE_PRODUCT == set(FLOORS)


@pytest.mark.parametrize("room", FLOORS)
def test_imports_lead_downward_only(room):
    imported = {name.partition(".")[0] for path in modules_of(room) for name in ours_imported_by(path)}
    assert imported - {room} <= FLOORS[room]


def test_the_schema_looks_at_records_and_never_at_clients():
    imported = {name for path in modules_of("schema") for name in ours_imported_by(path)}
    of_upstreams = {name for name in imported if name.partition(".")[0] == "upstreams"}
    assert of_upstreams <= UPSTREAM_MODULES_THE_SCHEMA_KNOWS


def test_nobody_below_the_app_knows_the_sandbox():
    importers = {room for room, path in every_module() if any(n.startswith("sandbox") for n in ours_imported_by(path))}
    assert importers == {"app", "sandbox"}


def test_the_exchanges_alone_do_http_upstream():
    outside = [path for _, path in every_module() if "sandbox" not in path.parts]
    clients = [path for path in outside if HTTP_LIBRARIES & set(imports_of(path))]
    assert places(clients) == ["facade.py", "upstreams/network_exchange.py", "upstreams/transport_exchange.py"]


def test_graphql_stays_out_of_the_clients():
    graphql = {"graphql", "strawberry", "aiodataloader"}
    knowing = [
        path for path in modules_of("upstreams") if graphql & {name.partition(".")[0] for name in imports_of(path)}
    ]
    assert places(knowing) == []


def test_no_module_is_long():
    long = [path for _, path in every_module() if len(path.read_text().splitlines()) > LONGEST_MODULE]
    assert places(long) == []


def reads_environment(path):
    """Whether a module reads `os.environ`; a parent process may set it for its workers."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    set_only = {id(node.value) for node in nodes if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)}
    names = {"environ", "environb", "getenv"}
    return any(isinstance(node, ast.Attribute) and node.attr in names and id(node) not in set_only for node in nodes)


def test_nothing_but_the_settings_reads_the_environment():
    assert places(path for _, path in every_module() if reads_environment(path)) == []


def test_nobody_imports_inside_a_function():
    hidden = [
        path
        for _, path in every_module()
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function))
    ]
    assert places(hidden) == []
