//! Accounts.

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    UpdateMany,
};
use uuid::Uuid;

use super::paging::{self, Sorting};
use super::rows::user::{self as row, Column};
use super::{Db, Error, Link, Tx, search};
use crate::domain::access::Role;
use crate::domain::page::{Keyset, Order, Page, PageRequest, SortValue};
use crate::domain::time::{Timestamp, to_micros};
use crate::domain::user::{Email, Status, User, UserFilter, UserSort, Username};

/// An account with what proves that somebody owns it.
#[derive(Clone)]
pub struct Account {
    /// The account.
    pub user: User,
    /// A PHC string. Never leaves the services.
    pub password_hash: String,
}

impl<L: Link> Db<L> {
    /// The live account with this id.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn user(&self, id: Uuid) -> Result<Option<User>, Error> {
        self.link.hold(live().filter(Column::Id.eq(id))).one(self.connection()).await?.map(User::try_from).transpose()
    }

    /// Like [`user`](Self::user), with its password hash.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn account(&self, id: Uuid) -> Result<Option<Account>, Error> {
        self.one_account(Column::Id.eq(id)).await
    }

    /// The live account with this address.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn account_by_email(&self, email: &Email) -> Result<Option<Account>, Error> {
        self.one_account(Column::Email.eq(email.as_str())).await
    }

    /// The live account with this name, whatever its case.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn account_by_username(&self, username: &Username) -> Result<Option<Account>, Error> {
        self.one_account(Column::UsernameKey.eq(username.key())).await
    }

    async fn one_account(&self, condition: Expr) -> Result<Option<Account>, Error> {
        let Some(row) = self.link.hold(live().filter(condition)).one(self.connection()).await? else { return Ok(None) };
        let password_hash = row.password_hash.clone();
        Ok(Some(Account { user: row.try_into()?, password_hash }))
    }

    /// A part of the list of live accounts.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn users(
        &self,
        filter: &UserFilter,
        sort: UserSort,
        order: Order,
        request: &PageRequest,
    ) -> Result<Page<User>, Error> {
        let convert = |row: row::Model| User::try_from(row);
        let keyset = |user: &User| keyset(user, sort);
        let list = filtered(filter, self.backend());
        paging::page(self.connection(), list, &sorting(sort, order), request, convert, keyset).await
    }

    /// Whether an administrator other than this one can act.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn has_other_acting_admin(&self, id: Uuid) -> Result<bool, Error> {
        let others = live()
            .filter(Column::Role.eq(Role::Admin.as_str()))
            .filter(Column::Status.eq(Status::Active.as_str()))
            .filter(Column::Id.ne(id));
        // Held, lest two of them resign at the same time.
        let others = self.link.hold(others.select_only().column(Column::Id));
        Ok(!others.into_tuple::<Uuid>().all(self.connection()).await?.is_empty())
    }

    /// Whether there is an administrator at all, able to act or not.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn has_admin(&self) -> Result<bool, Error> {
        Ok(live().filter(Column::Role.eq(Role::Admin.as_str())).count(self.connection()).await? > 0)
    }
}

impl Tx {
    /// Adds an account.
    ///
    /// # Errors
    /// [`Error::Taken`] when its address or name belongs to another live account.
    pub async fn insert_user(&self, user: &User, password_hash: &str) -> Result<(), Error> {
        let (names, values): (Vec<_>, Vec<_>) = columns(user, password_hash).into_iter().unzip();
        let mut insertion = Query::insert();
        insertion.into_table(row::Entity).columns(names);
        insertion.values(values).map_err(|error| Error::Broken(error.into()))?;
        self.connection().execute(&insertion).await?;
        Ok(())
    }

    /// Writes what may change of an account that was in version `expected`; the new version is the account's own.
    ///
    /// # Errors
    /// [`Error::Stale`] when it is in another version, [`Error::Missing`] when it is gone, [`Error::Taken`].
    pub async fn update_user(&self, user: &User, expected: i64) -> Result<(), Error> {
        let change = update_live(user.id)
            .filter(Column::Version.eq(expected))
            .col_expr(Column::Email, Expr::value(user.email.as_str()))
            .col_expr(Column::Username, Expr::value(user.username.as_str()))
            .col_expr(Column::UsernameKey, Expr::value(user.username.key()))
            .col_expr(Column::FullName, Expr::value(user.full_name.as_ref().map(|name| name.as_str().to_owned())))
            .col_expr(Column::SearchKey, Expr::value(search_key(user)))
            .col_expr(Column::Role, Expr::value(user.role.as_str()))
            .col_expr(Column::Status, Expr::value(user.status.as_str()))
            .col_expr(Column::Version, Expr::value(user.version))
            .col_expr(Column::UpdatedAt, Expr::value(to_micros(user.updated_at)));
        if change.exec(self.connection()).await?.rows_affected > 0 {
            return Ok(());
        }
        match self.user(user.id).await? {
            Some(current) => Err(Error::Stale { id: user.id, current: current.version }),
            None => Err(Error::Missing),
        }
    }

    /// Replaces the password's hash. The account's version stays: nobody sees the difference.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub async fn set_password_hash(&self, id: Uuid, password_hash: &str) -> Result<(), Error> {
        let change = update_live(id).col_expr(Column::PasswordHash, Expr::value(password_hash));
        expect_one(change.exec(self.connection()).await?.rows_affected)
    }

    /// Empties an account of everything personal and takes it out of every list. Its names are free again.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub async fn anonymise_user(&self, id: Uuid, now: Timestamp) -> Result<(), Error> {
        let emptied = [Column::Email, Column::Username, Column::UsernameKey, Column::SearchKey, Column::PasswordHash];
        let change = emptied
            .into_iter()
            .fold(update_live(id), |change, column| change.col_expr(column, Expr::value("")))
            .col_expr(Column::FullName, Expr::value(None::<String>))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .col_expr(Column::UpdatedAt, Expr::value(to_micros(now)))
            .col_expr(Column::DeletedAt, Expr::value(to_micros(now)));
        expect_one(change.exec(self.connection()).await?.rows_affected)
    }
}

/// A live account as it stands in its row.
pub(super) fn columns(user: &User, password_hash: &str) -> [(Column, Expr); 12] {
    let User { id, email, username, full_name, role, status, version, created_at, updated_at } = user;
    [
        (Column::Id, Expr::value(*id)),
        (Column::Email, Expr::value(email.as_str())),
        (Column::Username, Expr::value(username.as_str())),
        (Column::UsernameKey, Expr::value(username.key())),
        (Column::FullName, Expr::value(full_name.as_ref().map(|name| name.as_str().to_owned()))),
        (Column::SearchKey, Expr::value(search_key(user))),
        (Column::PasswordHash, Expr::value(password_hash)),
        (Column::Role, Expr::value(role.as_str())),
        (Column::Status, Expr::value(status.as_str())),
        (Column::Version, Expr::value(*version)),
        (Column::CreatedAt, Expr::value(to_micros(*created_at))),
        (Column::UpdatedAt, Expr::value(to_micros(*updated_at))),
    ]
}

fn expect_one(rows_affected: u64) -> Result<(), Error> {
    if rows_affected == 1 { Ok(()) } else { Err(Error::Missing) }
}

fn live() -> Select<row::Entity> {
    row::Entity::find().filter(Column::DeletedAt.is_null())
}

fn update_live(id: Uuid) -> UpdateMany<row::Entity> {
    row::Entity::update_many().filter(Column::Id.eq(id)).filter(Column::DeletedAt.is_null())
}

/// What a search looks through: lower case by Unicode's rules, which databases do not know. The separator is in no field.
fn search_key(user: &User) -> String {
    let full_name = user.full_name.as_ref().map_or("", |name| name.as_str());
    format!("{}\n{}\n{full_name}", user.username, user.email).to_lowercase()
}

pub(super) fn filtered(filter: &UserFilter, backend: DbBackend) -> Select<row::Entity> {
    live()
        .apply_if(filter.role, |list, role| list.filter(Column::Role.eq(role.as_str())))
        .apply_if(filter.status, |list, status| list.filter(Column::Status.eq(status.as_str())))
        .apply_if(filter.created_after, |list, moment| list.filter(Column::CreatedAt.gt(to_micros(moment))))
        .apply_if(filter.created_before, |list, moment| list.filter(Column::CreatedAt.lt(to_micros(moment))))
        .apply_if(filter.search.as_deref(), |list, text| list.filter(search::accounts_with(text, backend)))
}

pub(super) fn sorting(sort: UserSort, order: Order) -> Sorting<row::Entity> {
    let column = match sort {
        UserSort::CreatedAt => Column::CreatedAt,
        UserSort::Username => Column::UsernameKey,
        UserSort::Email => Column::Email,
    };
    Sorting { column, id: Column::Id, order }
}

fn keyset(user: &User, sort: UserSort) -> Keyset {
    let value = match sort {
        UserSort::CreatedAt => SortValue::Time(user.created_at),
        UserSort::Username => SortValue::Text(user.username.key()),
        UserSort::Email => SortValue::Text(user.email.as_str().to_owned()),
    };
    Keyset { value, id: user.id }
}
