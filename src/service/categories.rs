//! Categories: making, reading, changing, deleting.

use uuid::Uuid;

use super::Shop;
use super::audit::{By, Event, added, between, gone};
use super::callers::{Changed, Resource};
use super::error::{Conflict, Error, Faults};
use super::idempotency::Keep;
use super::lists::{List, ListRequest};
use super::users::{Change, Expected};
use crate::domain::category::{Category, CategoryDescription, CategoryFilter, CategoryName, CategorySort, Slug};
use crate::domain::page::Order;
use crate::infra::random;
use crate::store::Tx;

/// A category to be made; also what replaces all of one that there is.
#[derive(Debug, Clone)]
pub struct NewCategory {
    /// What to call it.
    pub name: String,
    /// What addresses call it; no other category may have it.
    pub slug: String,
    /// More about it; blank is the same as nothing.
    pub description: Option<String>,
}

/// Some of what can be set of a category; `None` keeps.
#[derive(Debug, Clone, Default)]
pub struct CategoryPatch {
    /// What to call it.
    pub name: Option<String>,
    /// What addresses call it.
    pub slug: Option<String>,
    /// More about it; blank is the same as nothing.
    pub description: Change<String>,
}

/// A patch whose parts are all valid.
struct CheckedPatch {
    name: Option<CategoryName>,
    slug: Option<Slug>,
    description: Change<CategoryDescription>,
}

impl Shop {
    /// Makes a category.
    ///
    /// # Errors
    /// [`Error::Denied`] without the scope `catalog:write`, [`Error::Invalid`], [`Error::Taken`].
    pub async fn create_category(
        &self,
        by: impl Into<By<'_>>,
        request: NewCategory,
        keep: Keep<'_, Category>,
    ) -> Result<Category, Error> {
        let by = by.into();
        by.keeps_catalog()?;
        let mut faults = Faults::default();
        let name = faults.check("name", CategoryName::parse(&request.name));
        let slug = faults.check("slug", Slug::parse(&request.slug));
        let description = request.description.as_deref().map_or(Ok(None), CategoryDescription::parse);
        let description = faults.check("description", description);
        let (Some(name), Some(slug), Some(description)) = (name, slug, description) else {
            return Err(faults.into_error());
        };

        let clock = &self.parts().clock;
        let (id, now) = (random::new_id(clock), clock.now());
        let category = Category { id, name, slug, description, version: 1, created_at: now, updated_at: now };
        let tx = self.parts().store.begin().await?;
        tx.insert_category(&category).await?;
        self.keep(&tx, &keep, &category).await?;
        let event = by.on(None).did("category.created", "category", id, added(&category));
        self.commit_category(tx, id, event).await?;
        Ok(category)
    }

    /// A part of the list of categories.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cursor of another list.
    pub async fn categories(
        &self,
        filter: &CategoryFilter,
        sort: CategorySort,
        order: Order,
        request: &ListRequest,
    ) -> Result<List<Category>, Error> {
        let name = format!("categories {filter:?} {sort:?} {}", order.as_str());
        let page = self.open_cursor(&name, request)?;
        let found = self.parts().store.for_catalogue().categories(filter, sort, order, &page).await?;
        Ok(self.seal_cursors(&name, found))
    }

    /// A category.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub async fn category(&self, id: Uuid) -> Result<Category, Error> {
        self.parts().store.for_catalogue().category(id).await?.ok_or(Error::Missing)
    }

    /// Sets everything that can be changed of a category.
    ///
    /// # Errors
    /// As [`update_category`](Self::update_category).
    pub async fn replace_category(
        &self,
        by: impl Into<By<'_>>,
        id: Uuid,
        whole: NewCategory,
        expected: &Expected,
    ) -> Result<Category, Error> {
        let NewCategory { name, slug, description } = whole;
        let description = description.map_or(Change::Clear, Change::Set);
        let patch = CategoryPatch { name: Some(name), slug: Some(slug), description };
        self.update_category(by, id, patch, expected).await
    }

    /// Changes some of a category. What changes nothing leaves the version alone.
    ///
    /// # Errors
    /// [`Error::Denied`] without the scope `catalog:write`, [`Error::Missing`], [`Error::Stale`], [`Error::Invalid`],
    /// [`Error::Taken`].
    pub async fn update_category(
        &self,
        by: impl Into<By<'_>>,
        id: Uuid,
        patch: CategoryPatch,
        expected: &Expected,
    ) -> Result<Category, Error> {
        let by = by.into();
        by.keeps_catalog()?;
        let patch = patch.check()?;
        let tx = self.parts().store.begin().await?;
        let before = tx.category(id).await?.ok_or(Error::Missing)?;
        expected.check(id, before.version)?;
        let mut after = patch.apply(&before);
        if after == before {
            // What was read may be a neighbour's, and must be there for whoever is told of it.
            tx.commit().await?;
            return Ok(before);
        }
        after.version = before.version + 1;
        after.updated_at = self.parts().clock.now();
        tx.update_category(&after, before.version).await?;
        let event = by.on(None).did("category.updated", "category", id, between(&before, &after));
        self.commit_category(tx, id, event).await?;
        Ok(after)
    }

    /// Deletes a category that holds no products.
    ///
    /// # Errors
    /// [`Error::Denied`] without the scope `catalog:write`, [`Error::Missing`], [`Error::Stale`], [`Error::Conflict`] while
    /// products are in it.
    pub async fn delete_category(&self, by: impl Into<By<'_>>, id: Uuid, expected: &Expected) -> Result<(), Error> {
        let by = by.into();
        by.keeps_catalog()?;
        let tx = self.parts().store.begin().await?;
        let before = tx.category(id).await?.ok_or(Error::Missing)?;
        if !tx.delete_category(id, expected.versions()).await? {
            return Err(Error::Conflict(Conflict::CategoryInUse));
        }
        let event = by.on(None).did("category.deleted", "category", id, gone(&before));
        self.commit_category(tx, id, event).await
    }

    async fn commit_category(&self, tx: Tx, id: Uuid, event: Event) -> Result<(), Error> {
        self.commit(tx, Changed::one(Resource::Category, id), vec![event]).await
    }
}

impl CategoryPatch {
    fn check(self) -> Result<CheckedPatch, Error> {
        let mut faults = Faults::default();
        let name = self.name.and_then(|raw| faults.check("name", CategoryName::parse(&raw)));
        let slug = self.slug.and_then(|raw| faults.check("slug", Slug::parse(&raw)));
        let description =
            self.description.and_then(|raw| faults.check("description", CategoryDescription::parse(&raw)).flatten());
        faults.settle()?;
        Ok(CheckedPatch { name, slug, description })
    }
}

impl CheckedPatch {
    /// The category as the patch wants it, still in its old version.
    fn apply(self, before: &Category) -> Category {
        Category {
            name: self.name.unwrap_or_else(|| before.name.clone()),
            slug: self.slug.unwrap_or_else(|| before.slug.clone()),
            description: self.description.apply(before.description.as_ref()),
            ..before.clone()
        }
    }
}
