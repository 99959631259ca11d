//! The server that a command asks instead of opening the shop: where it is, and by which key.

use super::read::Named;
use super::{Fault, Noted};
use crate::cli::Asked;
use generated::BASE_PATH;
use http::Uri;
use secrecy::{ExposeSecret, SecretString};
use std::io;
use std::net::IpAddr;

/// A server, and who calls it. The key does not show in `Debug`.
#[derive(Debug, Clone)]
pub struct Server {
    /// Below it are the operations: without a final slash.
    pub base: String,
    /// Visible ASCII; without it only what everybody may do can be asked for.
    pub api_key: Option<SecretString>,
}

impl Server {
    /// Judges what was given on the command line and in the environment, the key itself in `api_key`. `None` if no server is
    /// to be asked.
    ///
    /// # Errors
    /// Everything that does not stand; `/api/v1` may be left out of the address.
    pub fn read(asked: &Asked, api_key: Option<String>) -> Result<Option<Self>, Vec<Fault>> {
        let file = asked.api_key_file.clone().filter(|file| !file.trim().is_empty());
        let Some(url) = Named::new("SERVER", asked.server.clone()).given() else {
            // Who has the key ready might believe that a server was asked.
            let lost = "SHOPKEEPER_API_KEY_FILE (--api-key-file) is for a server, and none is named: add --server, or leave it out.";
            return if file.is_some() { Err(vec![Fault(lost.to_owned())]) } else { Ok(None) };
        };
        let mut noted = Noted::default();
        let base = noted.note(base(&url));
        let api_key = noted.note(key(api_key, file));
        match (base, api_key) {
            (Some(base), Some(api_key)) => Ok(Some(Self { base, api_key })),
            _ => Err(noted.0),
        }
    }

    /// The same for what takes a key.
    ///
    /// # Errors
    /// As [`read`](Self::read), and without a key.
    pub fn read_with_key(asked: &Asked, api_key: Option<String>) -> Result<Option<Self>, Vec<Fault>> {
        let server = Self::read(asked, api_key)?;
        if server.as_ref().is_some_and(|server| server.api_key.is_none()) {
            let mend = "A server lets nobody keep its accounts without an API key: name a file that holds one with \
                        --api-key-file, or set SHOPKEEPER_API_KEY.";
            return Err(vec![Fault(mend.to_owned())]);
        }
        Ok(server)
    }
}

/// Below which the operations of the server at this address are.
fn base(url: &str) -> Result<String, Fault> {
    let fault = |problem: &str| Fault(format!("SHOPKEEPER_SERVER (--server) is `{url}`, {problem}"));
    let uri: Option<Uri> = url.parse().ok();
    let Some((uri, authority)) = uri.as_ref().and_then(|uri| Some((uri, uri.authority()?))) else {
        return Err(fault("which is no web address: write it as https://shop.example."));
    };
    if authority.as_str().contains('@') || uri.query().is_some() {
        return Err(Fault(
            "SHOPKEEPER_SERVER (--server) has more than scheme, host, port and path: write it as https://shop.example, and the \
             key into a file for --api-key-file."
                .to_owned(),
        ));
    }
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if is_this_machine(authority.host()) => {}
        Some("http") => {
            return Err(fault("where everybody on the way could read the API key: write it with https://."));
        }
        _ => return Err(fault("which is no web address: write it as https://shop.example.")),
    }
    let url = url.trim_end_matches('/');
    Ok(if uri.path().trim_end_matches('/').ends_with(BASE_PATH) { url.to_owned() } else { format!("{url}{BASE_PATH}") })
}

/// Whether nobody else hears what is said there.
fn is_this_machine(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn key(given: Option<String>, file: Option<String>) -> Result<Option<SecretString>, Fault> {
    let key = match file.as_deref() {
        Some("-") if given.is_none() => Some(on_standard_input()?),
        _ => Named::new("API_KEY", given).secret(file)?,
    };
    let is_sendable = |key: &SecretString| key.expose_secret().bytes().all(|byte| byte.is_ascii_graphic());
    if key.as_ref().is_none_or(is_sendable) {
        return Ok(key);
    }
    // It may be another secret: it is not repeated.
    Err(Fault(
        "What is given as API key is none: write its secret alone, as it was shown when the key was made.".to_owned(),
    ))
}

fn on_standard_input() -> Result<SecretString, Fault> {
    let text = io::read_to_string(io::stdin());
    let text = text.map_err(|error| Fault(format!("The API key cannot be read from standard input: {error}.")))?;
    match text.trim() {
        "" => Err(Fault(
            "Standard input holds no API key: write it there, or name a file with --api-key-file.".to_owned(),
        )),
        key => Ok(key.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str) -> Result<Option<Server>, Vec<Fault>> {
        Server::read(&Asked { server: Some(url.to_owned()), api_key_file: None }, Some("key".to_owned()))
    }

    #[test]
    fn a_server_is_named_by_its_origin_or_by_where_its_operations_are() {
        for (url, base) in [
            ("https://shop.example", "https://shop.example/api/v1"),
            ("https://shop.example:8443/", "https://shop.example:8443/api/v1"),
            ("https://shop.example/api/v1/", "https://shop.example/api/v1"),
            ("https://example.com/shop", "https://example.com/shop/api/v1"),
            ("http://localhost:8080", "http://localhost:8080/api/v1"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v1"),
            ("http://[::1]:8080/api/v1", "http://[::1]:8080/api/v1"),
        ] {
            assert_eq!(server(url).unwrap().unwrap().base, base);
        }
        assert!(server(" ").unwrap().is_none());
    }

    #[test]
    fn an_address_to_which_no_key_should_go_is_refused_with_the_mend() {
        for (url, mend) in [
            ("shop.example", "https://shop.example"),
            ("ftp://shop.example", "https://shop.example"),
            ("http://shop.example", "https://"),
            ("http://10.0.0.1:8080", "https://"),
            ("https://key@shop.example", "--api-key-file"),
            ("https://shop.example?a=b", "https://shop.example"),
        ] {
            let faults = server(url).unwrap_err();
            assert!(faults.len() == 1 && faults[0].to_string().contains(mend), "{faults:?}");
        }
        assert!(!format!("{:?}", server("https://hunter2@shop.example")).contains("hunter2"));
    }

    #[test]
    fn a_key_without_a_server_and_a_server_without_a_key_are_told() {
        let lost = Asked { server: None, api_key_file: Some("key".to_owned()) };
        assert!(Server::read(&lost, None).unwrap_err()[0].to_string().contains("--server"));
        let open = Asked { server: Some("https://shop.example".to_owned()), api_key_file: None };
        assert!(Server::read(&open, None).unwrap().unwrap().api_key.is_none());
        assert!(Server::read_with_key(&open, None).unwrap_err()[0].to_string().contains("--api-key-file"));
        let wrong = Server::read(&open, Some("hunter 2".to_owned())).unwrap_err();
        assert!(wrong[0].to_string().contains("alone") && !wrong[0].to_string().contains("hunter"), "{wrong:?}");
    }
}
