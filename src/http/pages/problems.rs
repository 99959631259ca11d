//! `/problems/{code}`: where the `type` of every problem leads. Written by the document's `x-problems`.

use super::document::{Document, ProblemKind};
use super::html::{self, Escaped, Prose};
use super::{Ask, json};
use contract::{Problem, Reply, problem::kinds};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The list of all codes.
pub(super) fn index(document: &Document, ask: &Ask<'_>) -> Reply {
    if ask.wants_json() {
        let kinds = document.problems.iter().map(|(code, kind)| described(code, kind, ask));
        return json(&BTreeMap::from([("problems", kinds.collect::<Vec<_>>())]));
    }
    let mut content = String::from(
        "<p class=\"lead\">What can go wrong, and what to do about it. Programs go by the code.</p>\n<h2>All codes</h2>\n\
         <table>\n<thead><tr><th>Status</th><th>Code</th><th>Title</th></tr></thead>\n<tbody>\n",
    );
    for (code, ProblemKind { status, title, .. }) in &document.problems {
        let (code, title) = (Escaped(code), Escaped(title));
        // Writing into a string cannot fail.
        let _ = writeln!(
            content,
            "<tr><td>{status}</td><td><a href=\"/problems/{code}\"><code>{code}</code></a></td><td>{title}</td></tr>"
        );
    }
    content.push_str("</tbody>\n</table>\n<p class=\"back\"><a href=\"/\">What else is here</a></p>\n");
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
        "<p class=\"facts\"><span>Status {}</span> <span><code>{}</code></span></p>\n\
         <dl>\n<dt>Why it happens</dt><dd>{}</dd>\n<dt>What to do</dt><dd>{}</dd>\n</dl>\n\
         <h2>Example</h2>\n<pre>{}</pre>\n<p class=\"back\"><a href=\"/problems\">All problems</a></p>\n",
        kind.status,
        Escaped(code),
        Prose(&kind.cause),
        Prose(&kind.mend),
        Escaped(&example),
    );
    Ok(html::page(&kind.title, &content))
}

/// A code as programs read about it.
#[derive(Serialize)]
struct Described<'d> {
    code: &'d str,
    status: u16,
    title: &'d str,
    cause: &'d str,
    mend: &'d str,
    example: Example<'d>,
}

/// A problem as callers get it (RFC 9457), members in the order in which they get them.
#[derive(Serialize)]
struct Example<'d> {
    r#type: String,
    title: &'d str,
    status: u16,
    detail: &'d str,
    instance: String,
    code: &'d str,
    request_id: &'static str,
    timestamp: &'static str,
}

fn described<'d>(code: &'d str, kind: &'d ProblemKind, ask: &Ask<'_>) -> Described<'d> {
    let ProblemKind { status, title, cause, mend } = kind;
    Described { code, status: *status, title, cause, mend, example: example(code, kind, ask) }
}

fn example<'d>(code: &'d str, kind: &'d ProblemKind, ask: &Ask<'_>) -> Example<'d> {
    Example {
        r#type: format!("{}/problems/{code}", ask.base),
        title: &kind.title,
        status: kind.status,
        detail: &kind.mend,
        instance: format!("{}/users/me", ask.base_path),
        code,
        request_id: "0192f0c1-2b3c-7d4e-8f50-617283940516",
        timestamp: "2026-01-15T10:30:00.000Z",
    }
}
