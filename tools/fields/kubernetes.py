"""Writes src/schema/kubernetes.txt: the kinds of Kubernetes, and the name and type of every field.

Called by `tools/fields/run`, which fetches the pinned crates and says where they are.
"""

import json
import re
import sys
from pathlib import Path

from table import inner, reachable, write

# (crate, release). A type is as the first release has it that knows it; among releases that are served now, fields that
# one of them lacks are those of the other.
SERVED = [("0.29.0", "v1_37"), ("0.29.0", "v1_34")]
GONE = [("0.13.1", "v1_21"), ("0.13.1", "v1_15")]

HEAD = """\
# The kinds of Kubernetes {served}, with the name and type of every field; `gone` are kinds that only {gone} had.
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
    for crate, release in SERVED + GONE:
        is_served = (crate, release) in SERVED
        more, kinds = read(source[crate] / release)
        for name, fields in more.items():
            if is_served or name not in types:
                types[name] = fields | types.get(name, {})
        for kind, name in kinds.items():
            if is_served:
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
    releases = lambda of: " and ".join(release.replace("_", ".").removeprefix("v") for _, release in of)
    crates = " and ".join(dict.fromkeys(crate for crate, _ in SERVED + GONE))
    head = HEAD.format(served=releases(SERVED), gone=releases(GONE), crates=crates)
    write("kubernetes.txt", head, served, gone, types)


main()
