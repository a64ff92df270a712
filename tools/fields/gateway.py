"""Writes src/schema/gateway.txt: the kinds of Gateway API, and the name and type of every field.

Called by `tools/fields/run`, which fetches the pinned crates and says where they are.
"""

import json
import re
import sys
from pathlib import Path

from table import write

RELEASE = "1.5.1"
GROUP = "gateway.networking.k8s.io"

HEAD = """\
# The kinds of Gateway API {release} of both channels, with the name and type of every field; what other releases have
# besides is as tools/fields/gateway.py lists it.
# From the crate gateway-api {crate}, which is generated from Gateway API's custom resource definitions.
# Written by tools/fields/run; do not edit by hand.
"""

# A definition has one schema for all of its versions; the crate knows the newest version alone. These are served too.
# https://github.com/kubernetes-sigs/gateway-api/tree/v1.5.1/config/crd/experimental
ALSO = {
    "BackendTLSPolicy": ["v1alpha3"],
    "Gateway": ["v1beta1"],
    "GatewayClass": ["v1beta1"],
    "HTTPRoute": ["v1beta1"],
    "ReferenceGrant": ["v1beta1"],
    # The v1 of these is of release 1.6: https://kubernetes.io/blog/2026/08/03/gateway-api-v1-6-release/
    "TCPRoute": ["v1"],
    "TLSRoute": ["v1alpha2", "v1alpha3"],
    "UDPRoute": ["v1"],
}

# What is served no longer, with the kind whose fields it has; none where no release that is read here has them.
# https://github.com/kubernetes-sigs/gateway-api/tree/main/CHANGELOG
GONE = {
    ("v1alpha2", "BackendLBPolicy"): None,
    ("v1alpha2", "BackendTLSPolicy"): None,
    ("v1alpha2", "GRPCRoute"): "GRPCRoute",
    ("v1alpha2", "Gateway"): "Gateway",
    ("v1alpha2", "GatewayClass"): "GatewayClass",
    ("v1alpha2", "HTTPRoute"): "HTTPRoute",
    ("v1alpha2", "ReferenceGrant"): "ReferenceGrant",
    ("v1alpha2", "ReferencePolicy"): "ReferenceGrant",
}

# Fields of other releases, which whoever has that release writes: of each the ends of the types that have it.
# 1.2: https://github.com/kubernetes-sigs/gateway-api/blob/v1.2.1/apis/v1/gateway_types.go
# 1.7: https://github.com/kubernetes-sigs/gateway-api/blob/main/CHANGELOG/1.7-CHANGELOG.md
OTHER = {
    "backendTLS": ["GatewaySpec"],
    "frontendValidation": ["GatewayListenersTls"],
    "cookie": ["SessionPersistence"],
    "header": ["SessionPersistence"],
    "directResponse": ["HttpRouteRulesFilters", "HttpRouteRulesBackendRefsFilters"],
    "filters": ["GatewayListeners", "ListenerSetListeners"],
    "routability": ["GatewayAddresses", "GatewayStatusAddresses"],
}

SCALARS = {"String": "string", "bool": "bool", "i32": "int32", "i64": "int64", "Condition": "apimachinery.meta.v1.Condition"}
META = "apimachinery.meta.v1.ObjectMeta"
SELECTOR = "apimachinery.meta.v1.LabelSelector"

STRUCT = re.compile(r"^pub struct (\w+) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
ENUM = re.compile(r"^pub enum (\w+) \{", re.MULTILINE)
FIELD = re.compile(r'(?:^    #\[serde\((?:[^\n]*rename = "([^"]+)")?[^\n]*\)\]\n)?^    pub (?:r#)?(\w+): (.+),$', re.MULTILINE)
KIND = re.compile(
    r'#\[kube\(\s+group = "([^"]+)",\s+version = "([^"]+)",\s+kind = "([^"]+)",.*?^pub struct (\w+)Spec \{',
    re.MULTILINE | re.DOTALL,
)


def shape(rust, structs, enums):
    """A Rust type as the table writes it."""
    if of := re.fullmatch(r"Option<(.+)>", rust):
        return shape(of[1], structs, enums)
    if of := re.fullmatch(r"Vec<(.+)>", rust):
        return "[]" + shape(of[1], structs, enums)
    if of := re.fullmatch(r"BTreeMap<String, (.+)>", rust):
        return "{}" + shape(of[1], structs, enums)
    if rust in SCALARS:
        return SCALARS[rust]
    if rust in enums:
        return "string"
    if rust not in structs:
        sys.exit(f"tools/fields: what is {rust}?")
    if {key or name for key, name, _ in structs[rust]} == {"matchExpressions", "matchLabels"}:
        return SELECTOR
    return f"gateway.{rust}"


def read(path):
    """The types of a file of the crate, and the kind that it is of."""
    text = path.read_text()
    structs = {name: FIELD.findall(body) for name, body in STRUCT.findall(text)}
    enums = set(ENUM.findall(text))
    kind = KIND.search(text)
    if kind is None or kind[1] != GROUP:
        return {}, None
    types = {
        f"gateway.{name}": {key or field: shape(of, structs, enums) for key, field, of in fields}
        for name, fields in structs.items()
    }
    whole = {"apiVersion": "string", "kind": "string", "metadata": META, "spec": f"gateway.{kind[4]}Spec"}
    if f"{kind[4]}Status" in structs:
        whole["status"] = f"gateway.{kind[4]}Status"
    types[f"gateway.{kind[3]}"] = whole
    return types, (kind[2], kind[3])


def main():
    packages = json.loads(Path(sys.argv[1]).read_text())["packages"]
    crate = next(p for p in packages if p["name"] == "gateway-api")
    folder = Path(crate["manifest_path"]).parent
    if f"Gateway API version v{RELEASE}]" not in (folder / "README.md").read_text():
        sys.exit(f"tools/fields: gateway-api {crate['version']} is not of release {RELEASE}")
    types, served = {}, {}
    # The standard channel has fewer fields, and one kind more.
    for path in sorted(folder.glob("src/apis/*/*.rs"), key=lambda path: (path.parent.name == "standard", path.name)):
        more, kind = read(path)
        for name, fields in more.items():
            types[name] = fields | types.get(name, {})
        if kind:
            served[kind] = f"gateway.{kind[1]}"
    served |= {(version, kind): f"gateway.{kind}" for kind, versions in ALSO.items() for version in versions}
    for field, ends in OTHER.items():
        for end in ends:
            found = [name for name in types if name.endswith(end)]
            if not found:
                sys.exit(f"tools/fields: no type ends with {end}")
            for name in found:
                types[name].setdefault(field, "any")
    types["gateway.Unread"] = {"apiVersion": "string", "kind": "string", "metadata": META, "spec": "any", "status": "any"}
    gone = {kind: f"gateway.{of or 'Unread'}" for kind, of in GONE.items()}
    in_group = lambda kinds: {(f"{GROUP}/{version}", kind): of for (version, kind), of in kinds.items()}
    head = HEAD.format(release=RELEASE, crate=crate["version"])
    write("gateway.txt", head, in_group(served), in_group(gone), types)


main()
