//! The schema of the database: bringing it up to date, taking it back, and asking how it stands.

use migrations::{History, Migrator, MigratorTrait};

pub use migrations::Step;

use super::{Error, Matter, Store, Tx};

/// Applies what is missing, all or nothing, and names it.
///
/// # Errors
/// [`Error::Newer`] when the database knows migrations that this program does not; it is left untouched.
pub async fn up(store: &Store) -> Result<Vec<String>, Error> {
    let tx = begin(store).await?;
    let pending: Vec<String> =
        known(&tx).await?.into_iter().filter(|step| !step.applied).map(|step| step.name).collect();
    if !pending.is_empty() {
        Migrator::up(&tx.link.in_disguise().await?, None).await?;
    }
    tx.commit().await?;
    Ok(pending)
}

/// Takes back the latest `steps` migrations with everything kept in what they made, all or nothing, and names them.
///
/// # Errors
/// As [`up`].
pub async fn down(store: &Store, steps: u32) -> Result<Vec<String>, Error> {
    let tx = begin(store).await?;
    let applied = known(&tx).await?.into_iter().filter(|step| step.applied);
    let undone: Vec<String> = applied.map(|step| step.name).rev().take(steps as usize).collect();
    if !undone.is_empty() {
        Migrator::down(&tx.link.in_disguise().await?, Some(steps)).await?;
    }
    tx.commit().await?;
    Ok(undone)
}

/// Every migration of this program, oldest first.
///
/// # Errors
/// As [`up`].
pub async fn status(store: &Store) -> Result<Vec<Step>, Error> {
    let tx = begin(store).await?;
    let steps = known(&tx).await?;
    // Asking may have made the table that records migrations; an empty one changes nothing.
    tx.commit().await?;
    Ok(steps)
}

/// Instances that start at the same time bring it up to date one after the other.
async fn begin(store: &Store) -> Result<Tx, Error> {
    let tx = store.begin().await?;
    tx.at_leisure().await?;
    tx.alone(Matter::Schema).await?;
    Ok(tx)
}

async fn known(tx: &Tx) -> Result<Vec<Step>, Error> {
    let History { known, unknown } = migrations::history(&tx.link).await?;
    if unknown.is_empty() { Ok(known) } else { Err(Error::Newer(unknown)) }
}
