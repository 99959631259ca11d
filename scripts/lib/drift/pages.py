"""What pages for people name in code of the document's: paths, scopes, problem codes. Each must be there."""

import re

from drift.wall import Finding

SPAN = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
PATH = re.compile(r"^(?:(?:GET|PUT|POST|PATCH|DELETE) )?(/[a-z{][\w{}/-]*)$")
SCOPE = re.compile(r"^[a-z]+:[a-z]+$")
# Paths outside the document.
PAGES = re.compile(r"^/(docs|redoc|metrics|healthz|readyz|problems|openapi|api/v1$|\.well-known|assets)")
# What a page invents on purpose.
INVENTED = {"GET /me/scopes"}


def findings(document, texts):
    """`texts` are Markdown by file name."""
    roots = {path.split("/")[1] for path in document["paths"]}
    scopes = set(document["components"]["securitySchemes"]["oauth2"]["flows"]["password"]["scopes"])
    families = {scope.split(":")[0] for scope in scopes}
    for file, text in sorted(texts.items()):
        for span in SPAN.findall(FENCE.sub("", text)):
            path = PATH.match(span)
            if path and span not in INVENTED and not PAGES.match(path[1]):
                below = path[1].removeprefix("/api/v1")
                if below.split("/")[1] in roots and not any(fits(template, below) for template in document["paths"]):
                    yield Finding("docs", "#/paths", file, f"there is no path `{span}`")
            if SCOPE.match(span) and span.split(":")[0] in families and span not in scopes:
                yield Finding("docs", "#/components/securitySchemes/oauth2", file, f"there is no scope `{span}`")
        for code in re.findall(r"/problems/([a-z_]+)", text):
            if code not in document["x-problems"]:
                yield Finding("docs", "#/x-problems", file, f"there is no problem {code}")


def fits(template, path):
    """Whether a path, or the beginning of one, is this template or an example of it."""
    parts, given = template.split("/"), path.rstrip("/").split("/")
    return len(given) <= len(parts) and all(want == have or want.startswith("{") for want, have in zip(parts, given))
