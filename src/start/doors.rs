//! The doors of a shop: the one for callers, with or without TLS, the one that sends plain HTTP there, and the operator's own.

use super::{Fault, cannot_listen, shared_networks};
use crate::http::listen::{self, Limits};
use crate::http::metrics::Metrics;
use crate::http::origin::Origin;
use crate::http::pages::{Backroom, Pages};
use crate::http::redirect::Redirect;
use crate::http::shortcuts::Shortcuts;
use crate::http::shutdown::Stop;
use crate::http::tls::Tls;
use crate::http::{Answer, Shell};
use crate::settings::{PublicUrl, Settings, TlsFiles};
use crate::telemetry::AccessLog;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Connections at a time to the operator's door; nobody but a few collectors has business there.
const BACKROOM_CONNECTIONS: usize = 32;

/// Doors that are there, but not open yet.
pub(super) struct Doors {
    main: TcpListener,
    redirect: Option<TcpListener>,
    backroom: Option<TcpListener>,
    pub(super) tls: Option<Arc<Tls>>,
    pub(super) origin: Origin,
    pub(super) address: SocketAddr,
    /// Where the operator's own is.
    pub(super) backroom_address: Option<SocketAddr>,
    /// Where plain HTTP is sent away from.
    pub(super) redirect_address: Option<SocketAddr>,
}

/// What stands behind all of them.
pub(super) struct Behind {
    pub(super) pages: Arc<Pages>,
    pub(super) log: AccessLog,
    pub(super) metrics: Arc<Metrics>,
    pub(super) stop: Stop,
    pub(super) shortcuts: Option<Arc<Shortcuts>>,
}

impl Doors {
    /// Takes the addresses, and reads the certificate.
    ///
    /// # Errors
    /// When an address cannot be had, or the certificate not be used.
    pub(super) fn find(settings: &Settings) -> Result<Self, Fault> {
        let tls = settings.tls.as_ref().map(load).transpose()?;
        let (main, address) = bind(settings.listen, "LISTEN")?;
        let redirect = settings.redirect_listen.map(|wanted| bind(wanted, "REDIRECT_LISTEN")).transpose()?;
        let backroom = settings.metrics_listen.map(|wanted| bind(wanted, "METRICS_LISTEN")).transpose()?;
        let public = settings.public_url.as_ref().map(PublicUrl::as_str);
        let origin = Origin::new(public, address, &settings.trusted_proxies);
        let origin = if tls.is_some() { origin.by_tls(address) } else { origin };
        let redirect_address = redirect.as_ref().map(|(_, address)| *address);
        let backroom_address = backroom.as_ref().map(|(_, address)| *address);
        let (redirect, backroom) = (redirect.map(|(door, _)| door), backroom.map(|(door, _)| door));
        Ok(Self { main, redirect, backroom, tls, origin, address, backroom_address, redirect_address })
    }

    /// Opens all of them. What is returned tells, once a door is closed, how many connections were cut off there.
    pub(super) fn open<A: Answer>(self, settings: &Settings, answer: A, behind: &Behind) -> Vec<JoinHandle<usize>> {
        let limits = Limits {
            connections: listen::room_for(settings.max_connections),
            connections_per_address: settings.max_connections_per_address,
            shared: shared_networks(settings),
            request: settings.request_timeout,
            ..Limits::default()
        };
        let trusted = &settings.trusted_proxies;
        let mut doors = Vec::new();
        if let (Some(door), Some(address)) = (self.redirect, self.redirect_address) {
            let public = settings.public_url.as_ref().map(PublicUrl::as_str);
            let answer = Redirect::new(public, self.address.port());
            // It does not speak TLS, so it may not promise that it does.
            let shell = behind.shell(answer, Origin::new(None, address, trusted), limits.clone());
            doors.push(behind.serve(door, shell, settings));
        }
        if let (Some(door), Some(address)) = (self.backroom, self.backroom_address) {
            let limits = Limits { connections: BACKROOM_CONNECTIONS, ..limits.clone() };
            let answer = Backroom(Arc::clone(&behind.pages));
            let shell = behind.shell(answer, Origin::new(None, address, trusted), limits);
            doors.push(behind.serve(door, shell, settings));
        }
        let shell = behind.shell(answer, self.origin, limits);
        let shortcuts = behind.shortcuts.clone();
        let shell = Shell { tls: self.tls, cors: settings.cors.clone(), shortcuts, ..shell };
        doors.push(behind.serve(self.main, shell, settings));
        doors
    }
}

impl Behind {
    fn shell<A: Answer>(&self, answer: A, origin: Origin, limits: Limits) -> Shell<A> {
        let (log, metrics) = (self.log.clone(), Arc::clone(&self.metrics));
        Shell { answer, origin, log, metrics, limits, tls: None, cors: None, shortcuts: None }
    }

    fn serve<A: Answer>(&self, door: TcpListener, shell: Shell<A>, settings: &Settings) -> JoinHandle<usize> {
        tokio::spawn(listen::serve(door, Arc::new(shell), self.stop.clone(), settings.shutdown_grace))
    }
}

fn bind(wanted: SocketAddr, setting: &str) -> Result<(TcpListener, SocketAddr), Fault> {
    let bound = listen::bind(wanted).and_then(|door| Ok((door.local_addr()?, door)));
    let (address, door) = bound.map_err(|error| cannot_listen(wanted, setting, &error))?;
    Ok((door, address))
}

fn load(files: &TlsFiles) -> Result<Arc<Tls>, Fault> {
    Tls::load(files.cert.clone(), files.key.clone()).map(Arc::new).map_err(|error| {
        Fault(format!(
            "{error}: name a certificate with its chain, and its key, both PEM, with SHOPKEEPER_TLS_CERT and \
             SHOPKEEPER_TLS_KEY."
        ))
    })
}
