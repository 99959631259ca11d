//! `/`: what this server is and where everything is. A page for browsers, a list of links for programs.

use super::html::{self, Escaped};
use super::{Ask, Page, Pages, json, negotiate};
use contract::Reply;
use serde_json::json as value;
use std::fmt::Write;

/// Those that a person comes for, each with what stands on its card; all others are listed below.
const CARDS: [(&str, &str, &str); 4] = [
    ("/docs", "Try the API", "Sign in with Authorize and send requests from the browser."),
    ("/redoc", "Read the API", "Every operation, with what it takes, gives and refuses."),
    ("/openapi.yaml", "Make a client", "The OpenAPI document, from which generators make one."),
    ("/problems", "Mend a problem", "Every code that a refusal can have, why, and what to do."),
];

/// The page, or the list.
pub(super) fn reply(pages: &Pages, ask: &Ask<'_>) -> Reply {
    if negotiate::wants_html(ask.headers) { page(pages, ask) } else { list(pages, ask) }
}

fn list(pages: &Pages, ask: &Ask<'_>) -> Reply {
    let link = |page: &Page| value!({"href": format!("{}{}", ask.base, page.path), "title": page.about});
    let links: Vec<_> = listed(pages).map(link).collect();
    let (title, version) = (&pages.document.title, &pages.document.version);
    let api = format!("{}{}", ask.base, pages.authorization.base_path);
    json(&value!({ "name": title, "version": version, "api": api, "links": links }))
}

fn page(pages: &Pages, ask: &Ask<'_>) -> Reply {
    let document = &pages.document;
    let (api, base) = (format!("{}{}", ask.base, pages.authorization.base_path), Escaped(ask.base));
    let mut content = format!(
        "<p class=\"lead\">{}</p>\n<p class=\"facts\"><span>API {}</span> <span>Server {}</span> \
         <span><code>{}</code></span></p>\n<nav class=\"cards\">\n",
        Escaped(&document.summary),
        Escaped(&document.version),
        env!("CARGO_PKG_VERSION"),
        Escaped(&api),
    );
    for page in listed(pages) {
        if let Some((path, title, text)) = CARDS.iter().find(|(path, ..)| *path == page.path) {
            // Writing into a string cannot fail.
            let _ = writeln!(content, "<a href=\"{path}\"><b>{title}</b><span>{text}</span><code>{path}</code></a>");
        }
    }
    let _ = writeln!(
        content,
        "</nav>\n<h2>Ask it something</h2>\n<pre>curl -s {base}/\ncurl -s {base}/healthz</pre>\n\
         <h2>All addresses</h2>\n<table class=\"addresses\">"
    );
    for Page { path, about, .. } in listed(pages).filter(|page| page.path != "/") {
        let _ = writeln!(content, "<tr><th scope=\"row\"><a href=\"{path}\">{path}</a></th><td>{about}</td></tr>");
    }
    content.push_str("</table>\n");
    html::page(&document.title, &content)
}

/// The pages that the index tells of.
fn listed(pages: &Pages) -> impl Iterator<Item = &'static Page> {
    pages.public().filter(|page| !page.about.is_empty())
}
