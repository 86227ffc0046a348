"""Header fields that list what a client takes, and how gladly: `Accept` and `Accept-Encoding`."""


def qualities(field: str) -> dict[str, float]:
    """Returns the entries of a list with their `q`, from 0 to 1; what cannot be read is not wanted."""
    entries = (parse_entry(entry) for entry in field.split(","))
    return {name: _quality(parameters.get("q", "1")) for name, parameters in entries}


def parse_entry(text: str) -> tuple[str, dict[str, str]]:
    """Returns an entry's name in small letters, and its parameters."""
    name, *parameters = text.split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    return name.strip().lower(), {name.strip().lower(): value.strip(' \t"') for name, _, value in pairs}


def _quality(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
