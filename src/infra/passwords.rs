//! Password hashing with argon2id, away from the threads that serve requests.
//!
//! A hash costs some 15 ms and 19 MiB, so it is the dearest thing that a stranger can ask for. A fixed number of threads make
//! them, each with memory of its own that it uses again and again, and what waits for them is bounded, in all and for each
//! address: beyond that the caller is told at once that we are busy.

mod phc;
mod workers;

use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;

use argon2::{Algorithm, Argon2, Block, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::oneshot;

use self::phc::StoredHash;
use self::workers::Workers;
use super::{digest, random, shares};

/// How dear a hash is. The default (19 MiB, 2 passes, 1 lane) is the least that is advisable for argon2id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Params {
    /// Memory of one hash, in KiB.
    pub memory_kib: u32,
    /// Passes over that memory.
    pub passes: u32,
    /// Lanes of that memory; they are filled one after the other.
    pub lanes: u32,
}

impl Default for Params {
    fn default() -> Self {
        Self { memory_kib: 19_456, passes: 2, lanes: 1 }
    }
}

impl Params {
    /// The cheapest that argon2 knows: for tests that have another subject.
    pub const CHEAPEST: Self = Self { memory_kib: 8, passes: 1, lanes: 1 };

    fn argon2(self) -> Result<argon2::Params, argon2::Error> {
        argon2::Params::new(self.memory_kib, self.passes, self.lanes, Some(phc::OUTPUT_BYTES))
    }
}

/// For whom a password is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// The house itself, and whoever calls from this machine: counted with nobody.
    House,
    /// A caller, who may fill a quarter of the queue together with its whole network.
    Network(IpAddr),
}

impl Asker {
    /// The caller from this address; of none, and of this machine's own, the house.
    #[must_use]
    pub fn at(ip: Option<IpAddr>) -> Self {
        match ip.map(shares::network) {
            Some(network) if !ip.is_some_and(|ip| ip.to_canonical().is_loopback()) => Self::Network(network),
            _ => Self::House,
        }
    }

    fn network(self) -> Option<IpAddr> {
        match self {
            Self::House => None,
            Self::Network(network) => Some(network),
        }
    }
}

/// What a password check came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the password is the one that was hashed.
    pub ok: bool,
    /// Whether `ok`, and the stored hash is weaker than today's parameters: hash anew and store that.
    pub needs_rehash: bool,
}

/// How much there is to hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Passwords that wait for a thread at this moment.
    pub waiting: usize,
    /// Those that had their turn since the start.
    pub done: u64,
    /// Those that were refused since then, because too many waited.
    pub refused: u64,
}

/// Why a password could be neither hashed nor checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too many hashes wait already: ask the caller to come back (503).
    #[error("too many passwords wait to be hashed")]
    Busy,
    /// The stored hash is none of argon2's, or asks for more memory than we ever give.
    #[error("the stored password hash is not readable")]
    Unreadable,
    /// The hash threads are gone: the process ends, or one of them failed.
    #[error("password hashing has stopped")]
    Stopped,
}

/// Why password hashing could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Parameters that argon2 does not take.
    #[error("argon2 does not take these parameters: {0}")]
    Params(argon2::Error),
    /// No thread could be started.
    #[error("cannot start a thread for password hashing: {0}")]
    Thread(#[from] std::io::Error),
}

/// Hashes and checks passwords. Clones share the same threads, which end with the last clone.
#[derive(Clone, Debug)]
pub struct Passwords {
    params: Params,
    workers: Arc<Workers>,
}

impl Passwords {
    /// Starts `workers` hash threads with room for `queue` waiting passwords.
    ///
    /// Each worker holds `params.memory_kib` while it has work, and gives it back when it has had none for some seconds. A full
    /// queue is worth `queue / workers` times the duration of one hash.
    ///
    /// # Errors
    /// When argon2 does not take the parameters, or a thread cannot be started.
    pub fn new(params: Params, workers: NonZeroUsize, queue: usize) -> Result<Self, StartError> {
        params.argon2().map_err(StartError::Params)?;
        Ok(Self { params, workers: Arc::new(Workers::start(workers, queue)?) })
    }

    /// The PHC string of a password, with a salt of its own.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] when the queue, or the asker's share of it, is full.
    pub async fn hash(&self, asker: Asker, password: SecretString) -> Result<String, PasswordError> {
        let stored = StoredHash {
            params: self.params,
            salt: random::bytes::<{ phc::SALT_BYTES }>().to_vec(),
            output: Vec::new(),
        };
        self.run(asker, move |memory| {
            let output = derive(&password, &stored, phc::OUTPUT_BYTES, memory)?;
            Ok(StoredHash { output, ..stored }.to_string())
        })
        .await
    }

    /// Whether `password` is the one behind `stored`, a PHC string of argon2id.
    ///
    /// `None` stands for an unknown name: as much is computed and waited for as for a known one, and the answer is no, so that
    /// the duration does not tell which names exist.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] when the queue, or the asker's share of it, is full, [`PasswordError::Unreadable`] when `stored`
    /// is no such string.
    pub async fn verify(
        &self,
        asker: Asker,
        password: SecretString,
        stored: Option<&str>,
    ) -> Result<Verdict, PasswordError> {
        let known = stored.is_some();
        let stored = match stored {
            Some(text) => StoredHash::parse(text).ok_or(PasswordError::Unreadable)?,
            None => self.dummy(),
        };
        let weak = stored.weaker_than(self.params);
        let same = self
            .run(asker, move |memory| {
                let output = derive(&password, &stored, stored.output.len(), memory)?;
                Ok(digest::equal(&output, &stored.output))
            })
            .await?;
        let ok = same && known;
        Ok(Verdict { ok, needs_rehash: ok && weak })
    }

    /// How many passwords wait for a thread at this moment.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.workers.waiting()
    }

    /// What the threads have to do, and have done.
    #[must_use]
    pub fn load(&self) -> Load {
        self.workers.load()
    }

    fn dummy(&self) -> StoredHash {
        StoredHash { params: self.params, salt: vec![0; phc::SALT_BYTES], output: vec![0; phc::OUTPUT_BYTES] }
    }

    async fn run<T: Send + 'static>(
        &self,
        asker: Asker,
        work: impl FnOnce(&mut Vec<Block>) -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let (answer, receiver) = oneshot::channel();
        let job = Box::new(move |memory: &mut Vec<Block>| {
            // Who hung up while waiting needs no answer.
            if !answer.is_closed() {
                let _ = answer.send(work(memory));
            }
        });
        if !self.workers.submit(asker.network(), job) {
            return Err(PasswordError::Busy);
        }
        receiver.await.unwrap_or(Err(PasswordError::Stopped))
    }
}

fn derive(
    password: &SecretString,
    stored: &StoredHash,
    length: usize,
    memory: &mut Vec<Block>,
) -> Result<Vec<u8>, PasswordError> {
    let params = argon2::Params::new(stored.params.memory_kib, stored.params.passes, stored.params.lanes, Some(length))
        .map_err(|_| PasswordError::Unreadable)?;
    if memory.len() < params.block_count() {
        memory.resize(params.block_count(), Block::new());
    }
    let mut output = vec![0; length];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password.expose_secret().as_bytes(), &stored.salt, &mut output, memory)
        .map_err(|_| PasswordError::Unreadable)?;
    Ok(output)
}

#[cfg(test)]
mod tests;
