//! What was acknowledged, and so has to be there.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

/// An order as its buyer was last told that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownOrder {
    /// Item → product and pieces.
    pub items: BTreeMap<Uuid, (Uuid, i64)>,
    pub status: String,
    pub note: Option<String>,
}

/// Everything that was acknowledged to anybody. Nobody but its buyer changes an order, and a buyer does one thing after the
/// other: so the content of each order is known for certain, but for what the shop does by itself.
#[derive(Debug, Default)]
pub struct Known {
    pub orders: HashMap<Uuid, KnownOrder>,
    /// Adjustment → product and difference.
    pub adjustments: HashMap<Uuid, (Uuid, i64)>,
    /// Line of the history → order and state.
    pub steps: HashMap<Uuid, (Uuid, String)>,
    /// Every idempotency key that was answered with success: nobody may get one's thing under another.
    keys: HashSet<String>,
    /// Every item that was ever added.
    items: HashSet<Uuid>,
    /// Ids of the above in the order in which they were acknowledged.
    pub log: Vec<(Kind, Uuid)>,
}

/// What an id is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Order,
    Step,
    Adjustment,
    Item,
}

/// Shared among all clients.
#[derive(Debug, Clone, Default)]
pub struct Book(Arc<Mutex<Known>>);

impl Book {
    pub fn open(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// Something new was acknowledged under this key.
    ///
    /// # Errors
    /// When it, or the key, was acknowledged before.
    pub fn made(&mut self, kind: Kind, id: Uuid, key: &str) -> Result<(), String> {
        if !self.keys.insert(key.to_owned()) {
            return Err(format!("the key {key} was used twice"));
        }
        let there = match kind {
            Kind::Order => self.orders.contains_key(&id),
            Kind::Step => self.steps.contains_key(&id),
            Kind::Adjustment => self.adjustments.contains_key(&id),
            Kind::Item => !self.items.insert(id),
        };
        if there {
            return Err(format!("{kind:?} {id} was acknowledged twice, now for the key {key}"));
        }
        // Items come and go.
        if kind != Kind::Item {
            self.log.push((kind, id));
        }
        Ok(())
    }

    /// An order that is there for certain.
    pub fn order(&mut self, id: Uuid) -> &mut KnownOrder {
        self.orders.get_mut(&id).expect("the order was placed")
    }
}
