//! The certificate that callers are shown.

use super::{Finding, Patient};
use crate::http::tls;
use crate::infra::certificate::{Certificate, Standing};
use crate::settings::{PublicUrl, TlsFiles};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// What nobody but the key's user, and a group that is given such keys, may do with its file.
const STRANGERS: u32 = 0o027;

/// Whether callers accept the certificate, and for how long; and that its key is nobody else's.
pub fn certificate(patient: &Patient<'_>) -> Finding {
    let Some(TlsFiles { cert, key }) = &patient.settings.tls else {
        return Finding::ok("none is set; this server speaks plain HTTP");
    };
    match tls::certificate(cert, key) {
        Ok(Some(certificate)) => exposed(key).unwrap_or_else(|| judge(patient, cert, &certificate)),
        Ok(None) => Finding::warn(
            format!("nobody knows until when the certificate in `{}` holds", cert.display()),
            "see `openssl x509 -in FILE -noout -dates`",
        ),
        Err(error) => Finding::fail(
            error.to_string(),
            "name a certificate with its chain, and its key, both PEM, with SHOPKEEPER_TLS_CERT and SHOPKEEPER_TLS_KEY",
        ),
    }
}

fn judge(patient: &Patient<'_>, file: &Path, certificate: &Certificate) -> Finding {
    let (shown, names) = (file.display(), certificate.names().join(", "));
    let [begins, ends] = [certificate.begins(), certificate.ends()].map(|moment| moment.format("%Y-%m-%d"));
    let renew = "renew it, and send the server SIGHUP";
    let standing = certificate.standing(patient.now);
    match standing {
        Standing::Over => return Finding::fail(format!("the certificate in `{shown}` expired on {ends}"), renew),
        Standing::Early => {
            return Finding::fail(
                format!("the certificate in `{shown}` does not hold before {begins}"),
                "wait for that day with it, or see whether the clock is right",
            );
        }
        Standing::Holds | Standing::Ending => {}
    }
    let host = patient.settings.public_url.as_ref().filter(|url| url.is_https()).map(PublicUrl::host);
    if let Some(host) = host.filter(|host| !certificate.is_for(host)) {
        let named = if names.is_empty() { "nobody" } else { &names };
        return Finding::warn(
            format!("callers of {host} refuse the certificate in `{shown}`, which is for {named}"),
            "get one for the host in SHOPKEEPER_PUBLIC_URL, unless a proxy in front shows callers another",
        );
    }
    match standing {
        Standing::Ending => Finding::warn(format!("the certificate in `{shown}` ends on {ends}"), renew),
        _ => Finding::ok(format!("it is for {names} and holds until {ends}")),
    }
}

/// What is wrong with the rights on a key's file.
fn exposed(key: &Path) -> Option<Finding> {
    let mode = fs::metadata(key).ok()?.permissions().mode();
    let shown = key.display();
    (mode & STRANGERS != 0)
        .then(|| Finding::warn(format!("other users can get at the key `{shown}`"), format!("chmod 600 {shown}")))
}
