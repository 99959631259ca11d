//! A running server that a command asks instead of opening the shop: with the client that is generated from the document, and
//! what went wrong in words.

use crate::infra::tls;
use crate::settings::Server;
use crate::start::Fault;
use contract::client::{Error, ProblemDocument, Transport, Violation};
use generated::client::Client;
use http::{HeaderName, HeaderValue};
use secrecy::ExposeSecret;
use std::error::Error as _;
use std::io;

/// The header in which API keys are sent.
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
/// Who calls, for the server's log.
const USER_AGENT: &str = concat!("shopkeeper/", env!("CARGO_PKG_VERSION"));

/// Entries of a list that are fetched at once.
pub(super) const AT_ONCE: i32 = 100;

/// A server that is asked.
#[derive(Debug)]
pub(super) struct Remote {
    pub client: Client,
    base: String,
}

impl Remote {
    /// The way to a server, which nobody goes yet: its certificate has to be one that this machine trusts.
    pub fn new(server: &Server) -> Result<Self, Fault> {
        let unusable = |error: &dyn std::error::Error| Fault(format!("No server can be asked from here: {error}."));
        let tls = tls::client().map_err(|error| unusable(&error))?;
        let http = Transport::http().user_agent(USER_AGENT).tls_backend_preconfigured(tls).build();
        let mut transport = Transport::over(&server.base, http.map_err(|error| unusable(&error))?);
        if let Some(key) = &server.api_key {
            let mut value = HeaderValue::from_str(key.expose_secret()).map_err(|error| unusable(&error))?;
            value.set_sensitive(true);
            transport = transport.with_header(API_KEY, value);
        }
        Ok(Self { client: Client(transport), base: server.base.clone() })
    }

    /// Why the server did not do what it was asked, as the rest of a sentence, on one line.
    pub fn reason(&self, error: &Error) -> String {
        let base = &self.base;
        match error {
            Error::Problem(problem) => refusal(problem),
            Error::Transport(error) => self.silence(error),
            Error::Unexpected { status, .. } => format!(
                "`{base}` answers {status} as no Shopkeeper of this version does; see that --server names one, by the address \
                 under which it is reached"
            ),
            other @ (Error::NotModified | Error::Unwritable(_) | Error::Unsendable(_)) => other.to_string(),
        }
    }

    /// Why there is no answer.
    fn silence(&self, error: &reqwest::Error) -> String {
        let base = &self.base;
        if let Some(certificate) = untrusted(error) {
            return format!(
                "the certificate of `{base}` does not convince ({certificate}); see that --server names the server as its \
                 certificate does, or name the authority that vouches for it with SSL_CERT_FILE"
            );
        }
        let mut cause: &dyn std::error::Error = error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        if error.is_connect() {
            return format!(
                "`{base}` cannot be reached ({cause}); see that the server runs and that --server names it"
            );
        }
        if error.is_timeout() {
            return format!("`{base}` does not answer in time; see whether it happened all the same, and try again");
        }
        format!("the connection to `{base}` broke off ({cause}); see whether it happened all the same, and try again")
    }
}

/// What is wrong with the server's certificate, if that is what is behind an error.
fn untrusted(error: &reqwest::Error) -> Option<&rustls::Error> {
    let mut cause = error.source();
    while let Some(here) = cause {
        if let Some(error @ rustls::Error::InvalidCertificate(_)) = here.downcast_ref() {
            return Some(error);
        }
        // What an error of input and output wraps is not among its sources.
        cause = match here.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => here.source(),
        };
    }
    None
}

/// What a problem says, and how to mend it.
fn refusal(problem: &ProblemDocument) -> String {
    let mend = match &*problem.code {
        "invalid_token" | "unauthenticated" => {
            return "the server does not take the API key; make another one (`POST /users/me/api-keys`), as an administrator"
                .to_owned();
        }
        "insufficient_scope" | "forbidden" => {
            "; make a key with the scopes users:read and users:write, as an administrator"
        }
        _ => "",
    };
    if !problem.errors.is_empty() {
        return problem.errors.iter().map(flaw).collect::<Vec<_>>().join("; ");
    }
    let wait = problem.retry_after.filter(|_| mend.is_empty());
    let wait = wait.map(|wait| format!("; try again in {} s", wait.as_secs().max(1))).unwrap_or_default();
    format!("{}{mend}{wait}", uncapitalised(problem.detail.trim_end_matches('.')))
}

/// A fault of the input, as the shop itself would tell it.
fn flaw(violation: &Violation) -> String {
    let Violation { pointer, name, message, .. } = violation;
    let place = pointer.as_deref().map(|pointer| pointer.trim_start_matches('/')).or(name.as_deref());
    match place {
        None | Some("") => message.clone(),
        Some(place) => format!("{place} {message}"),
    }
}

fn uncapitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(letters).collect()
}
