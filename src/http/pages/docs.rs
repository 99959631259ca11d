//! The document for people: Swagger UI to try it, ReDoc to read it. Both are built in and ask nobody else for anything.

use super::{SignIn, html};
use contract::Reply;

/// What the front ends may load: their own files, and pictures and a search worker that they make themselves. Both
/// write style elements as they go, which no list of hashes could foresee; scripts come from files only.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      font-src 'self' data:; connect-src 'self'; worker-src blob:; child-src blob:; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// `/docs`; where there is a demo, its page carries whom to sign in as.
pub(super) fn swagger(title: &str, demo: Option<&SignIn>) -> Reply {
    let demo = demo.map(|SignIn { username, password }| {
        let (username, password) = (html::Escaped(username), html::Escaped(password));
        format!("<meta name=\"demo\" data-username=\"{username}\" data-password=\"{password}\">\n")
    });
    let demo = demo.unwrap_or_default();
    frame(
        title,
        &format!("<link rel=\"stylesheet\" href=\"/docs/swagger-ui.css\">\n{demo}"),
        "<div id=\"swagger-ui\"></div>\n<script src=\"/docs/swagger-ui-bundle.js\"></script>\n\
         <script src=\"/docs/init.js\"></script>\n",
    )
}

/// `/redoc`
pub(super) fn redoc(title: &str) -> Reply {
    frame(
        title,
        "",
        "<div id=\"redoc\"></div>\n<script src=\"/redoc/redoc.standalone.js\"></script>\n\
         <script src=\"/redoc/init.js\"></script>\n",
    )
}

fn frame(title: &str, head: &str, body: &str) -> Reply {
    let title = html::Escaped(title);
    html::reply(
        POLICY,
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <link rel=\"icon\" type=\"image/png\" href=\"/docs/favicon-32x32.png\">\n{head}\
             <style>body {{ margin: 0; }}</style>\n</head>\n<body>\n\
             <noscript>This page needs JavaScript; the document itself is <a href=\"/openapi.yaml\">here</a>.</noscript>\n\
             {body}</body>\n</html>\n"
        ),
    )
}
