"""The independent second implementation of core/docs/log-format.md, as a command.

- `make_vectors.py write DIR` writes the vectors;
- `make_vectors.py check DIR` fails unless DIR holds exactly what this program would write and it all reads back;
- `make_vectors.py verify FILE [--root KEY] [--expect-bad]` verifies a log that another program wrote, or a proof against a root key.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import argparse
import json
from pathlib import Path
from typing import Any

import bad
import good
import judge
import proof
import proofs
import verify
from refusal import Refusal


def dump(family: dict[str, Any]) -> str:
    """One line for each vector: readable, and small in a difference."""
    return _lines(family, 0) + "\n"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "), default=bytes.hex)


def _lines(value: Any, depth: int) -> str:
    """Lays objects and lists out over lines while they hold further objects; the inner ones stay on one line."""
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, dict) and (depth == 0 or "segments" in value):
        parts = [f"{inner}{json.dumps(key)}: {_lines(member, depth + 1)}" for key, member in value.items()]
        return "{\n" + ",\n".join(parts) + f"\n{outer}}}"
    if isinstance(value, list) and any(isinstance(member, dict) for member in value):
        return "[\n" + ",\n".join(inner + _lines(member, depth + 1) for member in value) + f"\n{outer}]"
    return _compact(value)


def files() -> dict[str, str]:
    """The text of every vector file."""
    return {name: dump(family) for name, family in (good.families() | bad.families() | proofs.families()).items()}


def write(folder: Path) -> int:
    """Writes the vectors and removes those that are no longer made."""
    made = files()
    for stale in stored(folder) - made.keys():
        (folder / stale).unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(made)} files, {sum(len(text.encode()) for text in made.values())} bytes")
    return 0


def stored(folder: Path) -> set[str]:
    """The names of the vector files in a folder."""
    return {path.name for path in folder.glob("*.json")}


def check(folder: Path) -> int:
    """Compares the stored files with what is made now, then reads every vector back."""
    made = files()
    faults = [f"{name}: should not be there" for name in sorted(stored(folder) - made.keys())]
    for name, text in made.items():
        path = folder / name
        if not path.exists() or path.read_bytes() != text.encode():
            faults.append(f"{name}: differs from what this program makes")
    faults += judge.faults({name: json.loads(text) for name, text in made.items()})
    for fault in faults:
        print(fault)
    print(f"{len(made)} files compared, {len(faults)} faults")
    return 1 if faults else 0


def _verified(data: bytes, root_key: bytes) -> str:
    if data.startswith(proof.MAGIC[:7]):
        return json.dumps(proof.verify(data, root_key), default=bytes.hex)
    return verify.document(json.loads(data))


def verify_file(path: Path, root_key: bytes, expect_bad: bool) -> int:
    """Verifies a log or a proof; with `expect_bad`, succeeds only if it is refused."""
    try:
        print(f"good: {_verified(path.read_bytes(), root_key)}")
        refused = False
    except Refusal as refusal:
        print(f"bad: {refusal}")
        refused = True
    return 0 if refused == expect_bad else 1


def main() -> int:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("write").add_argument("folder", type=Path)
    commands.add_parser("check").add_argument("folder", type=Path)
    verifier = commands.add_parser("verify")
    verifier.add_argument("file", type=Path)
    verifier.add_argument("--root", type=bytes.fromhex, default=b"", help="the organisation's root key, for a proof")
    verifier.add_argument("--expect-bad", action="store_true")
    arguments = parser.parse_args()
    if arguments.command == "verify":
        return verify_file(arguments.file, arguments.root, arguments.expect_bad)
    return write(arguments.folder) if arguments.command == "write" else check(arguments.folder)


if __name__ == "__main__":
    sys.exit(main())
