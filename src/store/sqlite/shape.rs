//! Values on their way into `SQLite` and back.

use std::collections::BTreeMap;

use rusqlite::types::{ToSqlOutput, Value as Plain, ValueRef};
use rusqlite::{Row, Statement as Prepared, ToSql};
use sea_orm::{ProxyRow, Value};
use uuid::Uuid;

/// What the rows of one statement look like.
#[derive(Debug)]
pub struct Shape {
    /// In the order of their names, in which a map is filled fastest.
    columns: Vec<Column>,
}

#[derive(Debug)]
struct Column {
    name: String,
    place: usize,
    kind: Kind,
}

/// `SQLite` stores numbers, text and bytes; what else a value is, only the declaration of its column tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    AsStored,
    Truth,
    Uuid,
}

impl Kind {
    fn declared(declaration: Option<&str>) -> Self {
        match declaration {
            Some(word) if word.eq_ignore_ascii_case("boolean") => Self::Truth,
            Some(word) if word.eq_ignore_ascii_case("uuid_text") || word.eq_ignore_ascii_case("uuid") => Self::Uuid,
            _ => Self::AsStored,
        }
    }
}

impl Shape {
    /// That of a prepared statement.
    pub fn of(prepared: &Prepared<'_>) -> Self {
        let mut columns: Vec<Column> = prepared
            .columns()
            .iter()
            .enumerate()
            .map(|(place, column)| Column {
                name: column.name().to_owned(),
                place,
                kind: Kind::declared(column.decl_type()),
            })
            .collect();
        columns.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Self { columns }
    }

    /// Whether the statement has as many columns as this.
    pub fn fits(&self, prepared: &Prepared<'_>) -> bool {
        self.columns.len() == prepared.column_count()
    }

    /// Copies a row out of `SQLite`.
    ///
    /// # Errors
    /// When a text is not one.
    pub fn read(&self, row: &Row<'_>) -> rusqlite::Result<ProxyRow> {
        let cell = |column: &Column| Ok((column.name.clone(), read(row.get_ref(column.place)?, column)?));
        Ok(ProxyRow::new(self.columns.iter().map(cell).collect::<rusqlite::Result<BTreeMap<_, _>>>()?))
    }
}

fn read(stored: ValueRef<'_>, column: &Column) -> rusqlite::Result<Value> {
    Ok(match (stored, column.kind) {
        // Nothing is nothing of any type: SeaORM takes a value of another type than it asked for as none.
        (ValueRef::Null, _) => Value::BigInt(None),
        (ValueRef::Integer(number), Kind::Truth) => Value::Bool(Some(number != 0)),
        (ValueRef::Integer(number), _) => Value::BigInt(Some(number)),
        (ValueRef::Real(number), _) => Value::Double(Some(number)),
        (ValueRef::Text(text), _) => {
            let text = std::str::from_utf8(text).map_err(|error| rusqlite::Error::Utf8Error(column.place, error))?;
            Value::String(Some(text.to_owned()))
        }
        (ValueRef::Blob(bytes), Kind::Uuid) => match Uuid::from_slice(bytes) {
            Ok(id) => Value::Uuid(Some(id)),
            Err(_) => Value::Bytes(Some(bytes.to_vec())),
        },
        (ValueRef::Blob(bytes), _) => Value::Bytes(Some(bytes.to_vec())),
    })
}

/// A value of `SeaORM` as a parameter.
pub struct Bound<'a>(pub &'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let whole = |number: Option<i64>| Ok(owned(number.map(Plain::Integer)));
        match self.0 {
            Value::Bool(truth) => whole(truth.map(i64::from)),
            Value::TinyInt(number) => whole(number.map(i64::from)),
            Value::SmallInt(number) => whole(number.map(i64::from)),
            Value::Int(number) => whole(number.map(i64::from)),
            Value::BigInt(number) => whole(*number),
            Value::TinyUnsigned(number) => whole(number.map(i64::from)),
            Value::SmallUnsigned(number) => whole(number.map(i64::from)),
            Value::Unsigned(number) => whole(number.map(i64::from)),
            Value::BigUnsigned(number) => whole(number.map(i64::try_from).transpose().map_err(unfit)?),
            Value::Float(number) => Ok(owned(number.map(|number| Plain::Real(number.into())))),
            Value::Double(number) => Ok(owned(number.map(Plain::Real))),
            Value::String(text) => Ok(borrowed(text.as_ref().map(|text| ValueRef::Text(text.as_bytes())))),
            Value::Bytes(bytes) => Ok(borrowed(bytes.as_ref().map(|bytes| ValueRef::Blob(bytes)))),
            Value::Uuid(id) => Ok(borrowed(id.as_ref().map(|id| ValueRef::Blob(id.as_bytes())))),
            // Moments are whole numbers in every table, and nothing else is stored.
            other => Err(unfit(format!("{other:?} is of a type that is stored nowhere"))),
        }
    }
}

fn owned(value: Option<Plain>) -> ToSqlOutput<'static> {
    ToSqlOutput::Owned(value.unwrap_or(Plain::Null))
}

fn borrowed(value: Option<ValueRef<'_>>) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(value.unwrap_or(ValueRef::Null))
}

fn unfit(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(reason.into())
}
