"""What was answered, held against the document in both directions.

Whatever hears answers notes each kind of them in a file of its own below target/seen, a JSON object a line: `operation`,
`method`, `status`, `code` (of a problem, else null), `media_type` (null where there is no body).
"""

import json
from collections import namedtuple

from references import resolved
from sections import ROOT

FOLDER = ROOT / "target" / "seen"
DOCUMENT = ROOT / "generated" / "src" / "openapi.json"

# Statuses that the HTTP layer may answer to any request, so that operations do not list them. Their codes and form are
# the document's all the same (`x-problems`).
HTTP_LAYER = {400, 405, 408, 414, 417, 421, 431, 501}
PROBLEM = "application/problem+json"

# What is documented and never seen, with the reason: (operation, status, code). `*` stands for every operation.
UNSEEN = {}

Answer = namedtuple("Answer", "operation status code media_type")


def promised(document):
    """Every answer that the document lists."""
    listed = set()
    for item in document["paths"].values():
        for operation in item.values():
            for status, response in operation["responses"].items():
                response = resolved(document, response)
                for media_type in response.get("content") or [None]:
                    for code in response.get("x-codes") or [None]:
                        listed.add(Answer(operation["operationId"], int(status), code, media_type))
    return listed


def noted(folder=FOLDER):
    """(method, answer) of every line of every file. A line that cannot be read is a fault: what it told would be lost."""
    seen = set()
    for file in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(file.read_text().splitlines(), 1):
            try:
                told = json.loads(line)
                answer = Answer(told["operation"], told["status"], told["code"], told["media_type"])
                seen.add((told["method"], answer))
            except (ValueError, KeyError, TypeError) as fault:
                raise RuntimeError(f"{file.name}:{number} is no note of an answer: {fault}") from None
    return seen


def undocumented(document, seen):
    """What was answered and is not in the document."""
    listed, problems = promised(document), document["x-problems"]
    statuses = {(answer.operation, answer.status) for answer in listed}
    wrong = []
    for method, answer in sorted(seen, key=str):
        if (answer.operation, answer.status) not in statuses and answer.status in HTTP_LAYER:
            # HEAD is answered without the problem that it stands for.
            declared = problems.get(answer.code, {}).get("status") == answer.status
            holds = answer.media_type == PROBLEM and (declared or method == "HEAD" and answer.code is None)
        elif method == "HEAD":
            holds = any(answer._replace(code=None) == each._replace(code=None) for each in listed)
        else:
            holds = answer in listed
        if not holds:
            wrong.append((method, answer))
    return wrong


def never_seen(document, seen, excused=None):
    """What is in the document and was not answered: neither seen nor excused. HEAD shows no body, and so nothing."""
    excused = UNSEEN if excused is None else excused
    answers = {answer for method, answer in seen if method != "HEAD"}

    def is_excused(answer):
        return any((name, answer.status, answer.code) in excused for name in (answer.operation, "*"))

    return sorted((answer for answer in promised(document) - answers if not is_excused(answer)), key=str)


def stale_excuses(document, seen, excused=None):
    """Excuses for what was seen after all, or is not in the document: the list stays small only if they go."""
    excused = UNSEEN if excused is None else excused
    answers = {answer for method, answer in seen if method != "HEAD"}
    stale = []
    for name, status, code in excused:
        meant = {answer for answer in promised(document)
                 if name in (answer.operation, "*") and (answer.status, answer.code) == (status, code)}
        if not meant - answers:
            stale.append((name, status, code))
    return stale


def operation_of(document, method, path):
    """The id of the operation that a request for a path below the base is for, literal segments first; HEAD belongs to
    GET. None if there is none."""
    wanted = path.split("/")

    def fits(template):
        parts = template.split("/")
        return len(parts) == len(wanted) and all(
            part == given or part.startswith("{") and given for part, given in zip(parts, wanted))

    templates = sorted(filter(fits, document["paths"]), key=lambda template: template.count("{"))
    found = document["paths"][templates[0]].get("get" if method == "HEAD" else method.lower()) if templates else None
    return found and found["operationId"]


def told(answer):
    """`listOrders 404 not_found application/problem+json`"""
    return " ".join(str(part) for part in answer if part is not None)
