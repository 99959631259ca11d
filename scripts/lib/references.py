"""Following references inside an OpenAPI document."""


def resolved(document, node):
    """The node itself, or what its `$ref` leads to."""
    while "$ref" in node:
        found = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node
