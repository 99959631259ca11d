//! Where a shop is that a command works with: on this machine, opened by this process, or behind the API of a server that runs.

use super::server::Remote;
use crate::infra::clock::Clock;
use crate::settings::{Server, Settings};
use crate::start::{Fault, Opened, is_locked};

/// A shop.
pub(super) enum Place {
    /// Nobody else has it open, and nobody has to sign in.
    Here(Box<Opened>),
    /// What may be done is for the server to say.
    There(Remote),
}

impl Place {
    /// The server, if there is one to ask, else the shop on this machine, which is made if it is not there.
    ///
    /// # Errors
    /// When the shop cannot be opened; a server is not asked yet.
    pub async fn open(settings: &Settings, server: Option<&Server>) -> Result<Self, Fault> {
        match server {
            Some(server) => Remote::new(server).map(Self::There),
            None => Self::here(settings, Opened::open(settings, &Clock::system()).await),
        }
    }

    /// The same where a shop has to be there already.
    ///
    /// # Errors
    /// As [`open`](Self::open), and when there is no shop.
    pub async fn existing(settings: &Settings, server: Option<&Server>) -> Result<Self, Fault> {
        match server {
            Some(server) => Remote::new(server).map(Self::There),
            None => Self::here(settings, Opened::open_existing(settings, &Clock::system()).await),
        }
    }

    /// The shop on this machine, for what no API does: nobody is told to ask a server.
    ///
    /// # Errors
    /// When there is no shop, or it cannot be opened.
    pub async fn of_shop(settings: &Settings) -> Result<Self, Fault> {
        Opened::open_existing(settings, &Clock::system()).await.map(|opened| Self::Here(Box::new(opened)))
    }

    fn here(settings: &Settings, opened: Result<Opened, Fault>) -> Result<Self, Fault> {
        opened.map(|opened| Self::Here(Box::new(opened))).map_err(|fault| or_ask(settings, fault))
    }

    pub async fn close(self) {
        if let Self::Here(opened) = self {
            opened.close().await;
        }
    }
}

/// Tells whoever meets a running server that it can be asked.
fn or_ask(settings: &Settings, fault: Fault) -> Fault {
    if !is_locked(&settings.data_dir) {
        return fault;
    }
    let Fault(sentence) = fault;
    Fault(format!("{sentence} If it is a server, it can be asked: add --server with its address."))
}
