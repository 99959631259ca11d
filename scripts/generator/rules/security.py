"""Rules about who may call: the security of operations, the scopes and roles behind it."""

from __future__ import annotations

from collections.abc import Iterator

from document import Document, Finding, child, mapping, sequence

TOKEN_SCHEMES = {"http-bearer", "apiKey"}


def scheme_kind(scheme: dict) -> str:
    kind = str(scheme.get("type"))
    return f"http-{scheme.get('scheme')}" if kind == "http" else kind


def declared_scopes(document: Document) -> set[str]:
    """Every scope of every oauth2 flow."""
    return {
        scope
        for scheme in document.component("securitySchemes").values()
        for flow in mapping(mapping(scheme).get("flows")).values()
        for scope in mapping(mapping(flow).get("scopes"))
    }


def roles(document: Document) -> dict[str, list[str]]:
    """The scopes of each role."""
    found: dict[str, list[str]] = {}
    for scheme in document.component("securitySchemes").values():
        for role, scopes in mapping(mapping(scheme).get("x-role-scopes")).items():
            found[role] = sequence(scopes)
    return found


def schemes(document: Document) -> Iterator[Finding]:
    for name, scheme in document.component("securitySchemes").items():
        here = child("#/components/securitySchemes", name)
        kind = scheme_kind(mapping(scheme))
        if kind not in {"oauth2", "http-bearer", "http-basic", "apiKey"}:
            yield Finding(
                here, f"scheme kind {kind} is not supported", "use oauth2, bearer, basic or an API key header"
            )
        if kind == "apiKey" and mapping(scheme).get("in") != "header":
            yield Finding(child(here, "in"), "API keys come in a header only", "write `in: header`")
        flows = mapping(mapping(scheme).get("flows"))
        sets = {frozenset(mapping(mapping(flow).get("scopes"))) for flow in flows.values()}
        if len(sets) > 1:
            yield Finding(child(here, "flows"), "the flows declare different scopes", "declare the same in each")


def own_rule(document: Document) -> Iterator[Finding]:
    for operation in document.operations():
        if not isinstance(operation.data.get("security"), list):
            mend = "add `security` with scopes, or `security: []` where anyone may call"
            yield Finding(operation.pointer, "the operation has no security rule of its own", mend)


def alternatives(document: Document) -> Iterator[Finding]:
    known, scopes = document.component("securitySchemes"), declared_scopes(document)
    for operation in document.operations():
        for index, alternative in enumerate(sequence(operation.data.get("security"))):
            here = child(operation.pointer, "security", index)
            for name, wanted in mapping(alternative).items():
                if name not in known:
                    yield Finding(
                        child(here, name), f"scheme {name} is not declared", "declare it under securitySchemes"
                    )
                    continue
                oauth2 = mapping(known[name]).get("type") == "oauth2"
                if wanted and not oauth2:
                    mend = "write the scopes on oauth2; they bind this scheme as well"
                    yield Finding(child(here, name), f"OpenAPI 3.0 has no scopes on {name}", mend)
                for scope in sequence(wanted) if oauth2 else []:
                    if scope not in scopes:
                        mend = "declare it in the flows and give it to a role"
                        yield Finding(child(here, name), f"scope {scope} is not declared", mend)


def order(document: Document) -> Iterator[Finding]:
    """Clients try the first alternative; scopes are read from oauth2 and bound to the token schemes after it."""
    known = document.component("securitySchemes")
    for operation in document.operations():
        here = child(operation.pointer, "security")
        kinds = [
            {scheme_kind(mapping(known.get(name))) for name in mapping(alternative)}
            for alternative in sequence(operation.data.get("security"))
        ]
        ranks = [0 if "oauth2" in kind else 1 if kind else 2 for kind in kinds]
        if any(kind & TOKEN_SCHEMES for kind in kinds) and 0 not in ranks:
            yield Finding(here, "bearer tokens or API keys without oauth2", "put `oauth2: [scopes]` before them")
        if ranks != sorted(ranks):
            yield Finding(here, "the alternatives are out of order", "write oauth2 first, and `{}` (anonymous) last")


def role_scopes(document: Document) -> Iterator[Finding]:
    scopes, held = declared_scopes(document), roles(document)
    for name, scheme in document.component("securitySchemes").items():
        if mapping(scheme).get("type") != "oauth2":
            continue
        here = child("#/components/securitySchemes", name, "x-role-scopes")
        if not held:
            yield Finding(here, "no role is declared", "list the scopes of each role")
        for role, listed in held.items():
            for scope in listed:
                if scope not in scopes:
                    yield Finding(child(here, role), f"scope {scope} is not declared", "declare it in the flows")
        for scope in sorted(scopes - {scope for listed in held.values() for scope in listed}):
            yield Finding(here, f"no role holds {scope}", "give it to a role, or take it out of the flows")


RULES = [schemes, own_rule, alternatives, order, role_scopes]
