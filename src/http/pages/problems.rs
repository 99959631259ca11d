//! `/problems/{code}`: where the `type` of every problem leads. Written by the document's `x-problems`.

use super::document::{Document, ProblemKind};
use super::html::{self, Escaped};
use super::{Ask, json};
use contract::{Problem, Reply, problem::kinds};
use serde_json::{Value, json as value};
use std::fmt::Write;

/// The list of all codes.
pub(super) fn index(document: &Document, ask: &Ask<'_>) -> Reply {
    if ask.wants_json() {
        let kinds = document.problems.iter().map(|(code, kind)| described(code, kind, ask));
        return json(&value!({ "problems": kinds.collect::<Vec<_>>() }));
    }
    let mut content = String::from("<table>\n<tr><th>Status</th><th>Code</th><th>Title</th></tr>\n");
    for (code, ProblemKind { status, title, .. }) in &document.problems {
        let (code, title) = (Escaped(code), Escaped(title));
        // Writing into a string cannot fail.
        let _ = writeln!(
            content,
            "<tr><td>{status}</td><td><a href=\"/problems/{code}\"><code>{code}</code></a></td><td>{title}</td></tr>"
        );
    }
    content.push_str("</table>\n");
    html::page("Problems", &content)
}

/// One code.
pub(super) fn one(document: &Document, ask: &Ask<'_>) -> Result<Reply, Problem> {
    let code = ask.rest;
    let Some(kind) = document.problems.get(code) else {
        return Err(Problem::new(kinds::NOT_FOUND, "No problem has this code. /problems lists them all."));
    };
    if ask.wants_json() {
        return Ok(json(&described(code, kind, ask)));
    }
    let example = serde_json::to_string_pretty(&example(code, kind, ask)).unwrap_or_default();
    let content = format!(
        "<dl>\n<dt>Status</dt><dd>{}</dd>\n<dt>Code</dt><dd><code>{}</code></dd>\n<dt>Cause</dt><dd>{}</dd>\n\
         <dt>What to do</dt><dd>{}</dd>\n</dl>\n<h2>Example</h2>\n<pre>{}</pre>\n\
         <p><a href=\"/problems\">All problems</a></p>\n",
        kind.status,
        Escaped(code),
        Escaped(&kind.cause),
        Escaped(&kind.mend),
        Escaped(&example),
    );
    Ok(html::page(&kind.title, &content))
}

fn described(code: &str, kind: &ProblemKind, ask: &Ask<'_>) -> Value {
    value!({
        "code": code, "status": kind.status, "title": kind.title, "cause": kind.cause, "mend": kind.mend,
        "example": example(code, kind, ask),
    })
}

fn example(code: &str, kind: &ProblemKind, ask: &Ask<'_>) -> Value {
    value!({
        "type": format!("{}/problems/{code}", ask.base), "title": kind.title, "status": kind.status, "detail": kind.mend,
        "instance": "/api/v1/users/me", "code": code, "request_id": "0192f0c1-2b3c-7d4e-8f50-617283940516",
        "timestamp": "2026-01-15T10:30:00.000Z",
    })
}
