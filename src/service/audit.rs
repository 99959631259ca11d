//! What every change leaves behind, whoever makes it: a line of the audit trail, an event to be told, and nothing stale in a
//! cache. [`Shop::commit`] is the one place where changes become lasting.

mod members;

use std::ops::Deref;
use std::sync::Arc;

use uuid::Uuid;

use super::callers::{Caller, Changed, Resource};
use super::error::{Denial, Error};
use super::lists::{List, ListRequest};
use super::{Interior, Shop};
use crate::domain::access::ADMIN_READ;
use crate::domain::audit::{Agent, AuditEvent, AuditFilter, MemberChange};
use crate::domain::order::Actor;
use crate::domain::page::Order;
use crate::infra::random;
use crate::store::Tx;

pub(super) use members::{MASKED, added, between, change, gone};

/// Somebody who changes something, and the request by which.
#[derive(Debug, Clone, Copy)]
pub struct By<'r> {
    caller: &'r Caller,
    request_id: Option<&'r str>,
}

impl<'r> By<'r> {
    /// A caller, in a request of this id.
    #[must_use]
    pub fn new(caller: &'r Caller, request_id: &'r str) -> Self {
        Self { caller, request_id: Some(request_id) }
    }

    /// Who acts on what belongs to this account, or to nobody but the shop.
    pub(super) fn on(self, owner: Option<Uuid>) -> Author<'r> {
        let agent = if owner == Some(self.caller.id()) { Agent::User } else { Agent::Staff };
        Author { agent, id: Some(self.caller.id()), request_id: self.request_id }
    }
}

impl Deref for By<'_> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        self.caller
    }
}

/// A caller outside of any request.
impl<'r> From<&'r Caller> for By<'r> {
    fn from(caller: &'r Caller) -> Self {
        Self { caller, request_id: None }
    }
}

impl<'r> From<&'r Arc<Caller>> for By<'r> {
    fn from(caller: &'r Arc<Caller>) -> Self {
        Self { caller, request_id: None }
    }
}

/// Somebody who may be nobody yet: whoever registers.
#[derive(Debug, Clone, Copy)]
pub struct Applicant<'r> {
    caller: Option<&'r Caller>,
    request_id: Option<&'r str>,
}

impl<'r> Applicant<'r> {
    /// A caller, if it is one, in a request of this id, if it is in one.
    #[must_use]
    pub fn new(caller: Option<&'r Caller>, request_id: Option<&'r str>) -> Self {
        Self { caller, request_id }
    }

    pub(super) fn caller(self) -> Option<&'r Caller> {
        self.caller
    }

    pub(super) fn author(self) -> Author<'r> {
        let Self { caller, request_id } = self;
        match caller {
            Some(caller) => By { caller, request_id }.on(None),
            None => Author { agent: Agent::Anonymous, id: None, request_id },
        }
    }
}

/// Who did something, in the words of the audit trail.
#[derive(Debug, Clone, Copy)]
pub(super) struct Author<'r> {
    agent: Agent,
    id: Option<Uuid>,
    request_id: Option<&'r str>,
}

impl Author<'_> {
    /// The shop itself.
    pub const SYSTEM: Author<'static> = Author { agent: Agent::System, id: None, request_id: None };

    /// The account, if it was one.
    pub fn id(self) -> Option<Uuid> {
        self.id
    }

    /// The part that this is in the history of an order.
    pub fn actor(self) -> Actor {
        match self.agent {
            Agent::User => Actor::User,
            Agent::Staff => Actor::Staff,
            Agent::System | Agent::Anonymous => Actor::System,
        }
    }

    /// Something that this author did.
    pub fn did(
        self,
        action: &'static str,
        resource: &'static str,
        resource_id: Uuid,
        changes: Vec<MemberChange>,
    ) -> Event {
        let request_id = self.request_id.filter(|id| !id.is_empty()).map(str::to_owned);
        Event { action, resource, resource_id, agent: self.agent, actor_id: self.id, request_id, changes }
    }
}

/// Something that was done, before it is dated.
#[derive(Debug)]
pub(super) struct Event {
    action: &'static str,
    resource: &'static str,
    resource_id: Uuid,
    agent: Agent,
    actor_id: Option<Uuid>,
    request_id: Option<String>,
    changes: Vec<MemberChange>,
}

impl Interior {
    /// To be called after the change is committed and before it is answered.
    pub(super) fn forget(&self, changed: &Changed) {
        let in_catalogue =
            |(resource, _): &(Resource, Uuid)| matches!(resource, Resource::Product | Resource::Category);
        if changed.resources.iter().any(in_catalogue) {
            self.parts.store.note_catalogue_change();
        }
        self.callers.forget(changed);
        changed.resources.iter().for_each(|(resource, id)| self.parts.generations.advance(resource.name(), *id));
    }
}

impl Changed {
    /// One thing that reads show.
    pub(super) fn one(resource: Resource, id: Uuid) -> Self {
        Self { resources: vec![(resource, id)], ..Self::default() }
    }
}

impl Shop {
    /// Writes down what was done, commits, makes whoever knows what changed forget it, and has the events told. None of it
    /// happens without the rest, even if the client hangs up meanwhile.
    pub(super) async fn commit(&self, tx: Tx, changed: Changed, events: Vec<Event>) -> Result<(), Error> {
        let tells = !events.is_empty();
        self.write_down(&tx, events).await?;
        let interior = Arc::clone(&self.0);
        let after = move || {
            interior.forget(&changed);
            interior.tell(&changed);
            if tells {
                interior.outbox.wake();
            }
        };
        tx.commit_then(after).await?;
        self.news_are_out().await;
        Ok(())
    }

    /// Writes down what was done, in the transaction that does it; what commits it otherwise than by [`commit`](Self::commit)
    /// sees to the rest itself.
    pub(super) async fn write_down(&self, tx: &Tx, events: Vec<Event>) -> Result<(), Error> {
        let clock = &self.parts().clock;
        let dated = events.into_iter().map(|event| {
            let Event { action, resource, resource_id, agent, actor_id, request_id, changes } = event;
            AuditEvent {
                id: random::new_id(clock),
                action: action.into(),
                actor: agent,
                actor_id,
                resource: resource.into(),
                resource_id,
                request_id,
                changes,
                created_at: clock.now(),
            }
        });
        Ok(tx.insert_events(&dated.collect::<Vec<_>>()).await?)
    }

    /// A part of the audit trail.
    ///
    /// # Errors
    /// [`Error::Denied`] without the scope `admin:read`, [`Error::Invalid`] for a cursor of another list.
    pub async fn audit_events(
        &self,
        caller: &Caller,
        filter: &AuditFilter,
        order: Order,
        request: &ListRequest,
    ) -> Result<List<AuditEvent>, Error> {
        if !caller.has_scope(ADMIN_READ) {
            return Err(Error::Denied(Denial::Scope));
        }
        let name = format!("audit events {filter:?} {}", order.as_str());
        let page = self.open_cursor(&name, request)?;
        let found = self.parts().store.audit_events(filter, order, &page).await?;
        Ok(self.seal_cursors(&name, found))
    }
}
