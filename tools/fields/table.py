"""The form of the tables in src/schema, and where they are written."""

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent.parent / "src" / "schema"


def inner(field):
    """The type in a shape."""
    return field.removeprefix("[]").removeprefix("{}").removeprefix("[]")


def reachable(types, start):
    """The types that are met on the way down from some types."""
    seen, waiting = set(), sorted(start)
    while waiting:
        name = waiting.pop()
        if name in types and name not in seen:
            seen.add(name)
            waiting += [inner(field) for field in types[name].values()]
    return seen


def write(name, head, served, gone, types):
    """Writes a table of kinds, by version and name, and their types; with --check, only says whether it is stale."""
    lines = [head]
    for word, kinds in (("kind", served), ("gone", gone)):
        lines += [f"{word} {version} {kind} {of}\n" for (version, kind), of in sorted(kinds.items())]
    for of in sorted(reachable(types, [*served.values(), *gone.values()])):
        lines.append(f"type {of}\n")
        lines += [f" {key} {field}\n" for key, field in sorted(types[of].items())]
    text, target = "".join(lines), FOLDER / name
    if "--check" not in sys.argv:
        FOLDER.mkdir(exist_ok=True)
        target.write_text(text)
    elif not target.exists() or target.read_text() != text:
        sys.exit(f"{name} is stale: run tools/fields/run")
    print(f"{name}: {len(served)} kinds, {len(gone)} that are gone, {len(text)} bytes")
