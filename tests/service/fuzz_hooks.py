"""What schemathesis asks with and what it lets pass; it loads this file itself, in an environment of its own.

Its own check takes every error beside data for a failure of the server. Ours have codes, and a few of them mean one.
"""

import json
import os
import re
from collections import Counter
from pathlib import Path

import schemathesis

FAULTS = {"INTERNAL", "UPSTREAM_CONTRACT", "UPSTREAM_UNAVAILABLE", "UPSTREAM_TIMEOUT"}
ARGUMENT = re.compile(r'\b(\w*[gG]uid|id|processStepId): "(?:[^"\\]|\\.)*"')


@schemathesis.hook
def before_call(context, case, kwargs):
    """Name things that exist, where a name is asked for: every other one leads nowhere."""
    known = json.loads(os.environ["FUZZ_NAMES"])

    def name_known(found):
        name = found[1]
        return f'{name}: "{known[name]}"' if name in known else found[0]

    if isinstance(case.body, str) and hash(case.id) % 3:
        case.body = ARGUMENT.sub(name_known, case.body)


@schemathesis.check
class Sound:
    """No answer is the service's fault. At the end of the run it writes down what became of the operations."""

    def __init__(self):
        self.became = Counter()

    def after_response(self, ctx, response, case):
        body = response.json()
        codes = {error["extensions"]["code"] for error in body.get("errors", [])}
        self.became["executed" if "data" in body else "refused"] += 1
        self.became.update(codes)
        assert response.status_code < 500, f"HTTP {response.status_code}"
        assert not codes & FAULTS, codes & FAULTS

    def after_run(self, ctx):
        Path(os.environ["FUZZ_REPORT"]).write_text(json.dumps(self.became))
