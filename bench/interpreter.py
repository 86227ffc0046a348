"""The Python that runs Stepgraph and the baseline: the one of this environment, or any other."""

from pathlib import Path

from bench.processes import run

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "locks" / "service.txt"


class NoInterpreter(Exception):
    """A Python cannot be used."""


def with_packages(python: str, folder: Path) -> str:
    """An interpreter that has the service's packages: the given one, or one of its kind in a new environment.

    Args:
        python: The interpreter asked for.
        folder: Where to make an environment, if need be.

    Raises:
        NoInterpreter: No environment can be made of it.
    """
    if run([python, "-c", "import app"], folder=ROOT).returncode == 0:
        return python
    own = folder / "bin" / "python"
    pip = [str(own), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    for command in ([python, "-m", "venv", str(folder)], [*pip, "--requirement", str(LOCK)]):
        done = run(command)
        if done.returncode:
            raise NoInterpreter(f"{python}: {(done.stderr or done.stdout).strip()[-300:]}")
    return str(own)
