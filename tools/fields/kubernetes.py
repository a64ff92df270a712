"""Writes src/schema/kubernetes.txt: the kinds of Kubernetes, and the name and type of every field.

Called by `tools/fields/run`, which fetches the pinned crates and says where they are.
"""

import json
import re
import sys
from pathlib import Path

from table import inner, reachable, write

# (crate, releases), the newest first. A type is as the first release has it that knows it, and has the fields of all of
# them: a cluster or a manifest of any may be meant.
SERVED = [("0.29.0", range(37, 33, -1))]
PAST = [("0.29.0", [33]), ("0.24.0", [32]), ("0.23.0", range(31, 26, -1)), ("0.18.0", range(26, 21, -1))]
# Of releases before those only types count that none of them has: what they called by the same name is another shape.
GONE = [("0.13.1", [21, 15])]

HEAD = """\
# The kinds of Kubernetes 1.{served}, with the name and type of every field that 1.{past} had; `gone` are kinds that only
# older releases had, among them 1.{gone}.
# From the crate k8s-openapi {crates}, which is generated from Kubernetes' OpenAPI document.
# Written by tools/fields/run; do not edit by hand.
"""

# What the crate writes for a scalar, and what Kubernetes decodes.
SCALARS = {
    "std::string::String": "string",
    "String": "string",
    "bool": "bool",
    "i32": "int32",
    "i64": "int64",
    "f64": "number",
    "crate::ByteString": "bytes",
    "serde_json::Value": "any",
    "crate::serde_json::Value": "any",
}
# Types that decode themselves, by the end of their path.
OWN = {
    "IntOrString": "int-or-string",
    "Quantity": "quantity",
    "Time": "time",
    "MicroTime": "micro-time",
}

STRUCT = re.compile(r"^pub struct (\w+) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
FIELD = re.compile(r"^    pub (?:r#)?(\w+): (.+),$", re.MULTILINE)
KEY = re.compile(r'"([^"]+)" => (?:Self|Field)::Key_(\w+),')
RESOURCE = re.compile(
    r"impl crate::Resource for (\w+) \{\s+const API_VERSION: &'static str = \"([^\"]+)\";.*?"
    r"const KIND: &'static str = \"([^\"]+)\";",
    re.DOTALL,
)


def short(path):
    """`crate::api::core::v1::PodSpec` as `core.v1.PodSpec`, whatever module it lives in."""
    parts = [part for part in path.split("::") if part not in ("crate", "api", "pkg", "apis")]
    return ".".join(parts)


def shape(rust):
    """A Rust type as the table writes it."""
    if inner := re.fullmatch(r"(?:std::option::)?Option<(.+)>|(?:std::boxed::)?Box<(.+)>", rust):
        return shape(inner[1] or inner[2])
    if inner := re.fullmatch(r"(?:std::vec::)?Vec<(.+)>", rust):
        return "[]" + shape(inner[1])
    if inner := re.fullmatch(r"std::collections::BTreeMap<(?:std::string::)?String, (.+)>", rust):
        return "{}" + shape(inner[1])
    if rust in SCALARS:
        return SCALARS[rust]
    if not rust.startswith("crate::"):
        sys.exit(f"tools/fields: what is {rust}?")
    return OWN.get(rust.rsplit("::", 1)[1]) or short(rust)


def read(folder):
    """The types and kinds of one release."""
    types, kinds = {}, {}
    for path in sorted(folder.rglob("*.rs")):
        text = path.read_text()
        module = "crate::" + "::".join(path.parent.relative_to(folder).parts)
        found = STRUCT.search(text)
        if found is None:
            continue
        name = short(f"{module}::{found[1]}")
        keys = {rust: key for key, rust in KEY.findall(text)}
        fields = {}
        for rust, of in FIELD.findall(found[2]):
            if rust not in keys:
                sys.exit(f"tools/fields: {path} does not say how {rust} is written")
            fields[keys[rust]] = shape(of)
        for of, version, kind in RESOURCE.findall(text):
            kinds[(version, kind)] = short(f"{module}::{of}")
            fields |= {"apiVersion": "string", "kind": "string"}
        types[name] = fields
    return types, kinds


def main():
    packages = json.loads(Path(sys.argv[1]).read_text())["packages"]
    source = {p["version"]: Path(p["manifest_path"]).parent / "src" for p in packages if p["name"] == "k8s-openapi"}
    types, served, gone = {}, {}, {}
    for crate, releases in SERVED + PAST + GONE:
        for release in releases:
            more, kinds = read(source[crate] / f"v1_{release}")
            for name, fields in more.items():
                if (crate, releases) not in GONE or name not in types:
                    types[name] = fields | types.get(name, {})
            for kind, name in kinds.items():
                if (crate, releases) in SERVED:
                    served[kind] = name
                elif kind not in served:
                    gone.setdefault(kind, name)
    # A type within itself would let a reader follow it down as deep as a text goes.
    for name, fields in types.items():
        for key, field in fields.items():
            if name in reachable(types, [inner(field)]):
                fields[key] = "any"
            elif inner(field) not in types and "." in field:
                fields[key] = field[: len(field) - len(inner(field))] + "any"
    numbers = lambda of: [release for _, releases in of for release in releases]
    span = lambda of: f"{min(numbers(of))} to 1.{max(numbers(of))}"
    crates = ", ".join(dict.fromkeys(crate for crate, _ in SERVED + PAST + GONE))
    gone_of = " and 1.".join(str(number) for number in numbers(GONE))
    head = HEAD.format(served=span(SERVED), past=span(SERVED + PAST), gone=gone_of, crates=crates)
    write("kubernetes.txt", head, served, gone, types)


main()
