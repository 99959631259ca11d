//! Values on their way into `PostgreSQL` and back.
//!
//! The database says of each parameter and column what it is; values change their form accordingly. The forms are those of
//! its binary protocol.

use std::error::Error;

use bytes::BytesMut;
use sea_orm::{ProxyRow, Value};
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use uuid::Uuid;

type Unfit = Box<dyn Error + Sync + Send>;

/// Microseconds from 1970 to 2000, from where `PostgreSQL` counts.
const EPOCH: i64 = 946_684_800_000_000;
/// What the binary form of `jsonb` begins with.
const JSONB_VERSION: u8 = 1;

/// A value of `SeaORM` as a parameter.
#[derive(Debug)]
pub struct Bound<'a>(pub &'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self, wanted: &Type, out: &mut BytesMut) -> Result<IsNull, Unfit> {
        match self.0 {
            Value::Bool(truth) => Ok(put(*truth, |truth| out.extend_from_slice(&[u8::from(truth)]))),
            Value::TinyInt(number) => whole(number.map(i64::from), wanted, out),
            Value::SmallInt(number) => whole(number.map(i64::from), wanted, out),
            Value::Int(number) => whole(number.map(i64::from), wanted, out),
            Value::BigInt(number) => whole(*number, wanted, out),
            Value::TinyUnsigned(number) => whole(number.map(i64::from), wanted, out),
            Value::SmallUnsigned(number) => whole(number.map(i64::from), wanted, out),
            Value::Unsigned(number) => whole(number.map(i64::from), wanted, out),
            Value::BigUnsigned(number) => whole(number.map(i64::try_from).transpose()?, wanted, out),
            Value::String(text) => Ok(put(text.as_deref(), |text| {
                if *wanted == Type::JSONB {
                    out.extend_from_slice(&[JSONB_VERSION]);
                }
                out.extend_from_slice(text.as_bytes());
            })),
            Value::Bytes(bytes) => Ok(put(bytes.as_deref(), |bytes| out.extend_from_slice(bytes))),
            Value::Uuid(id) => Ok(put(id.as_ref(), |id| out.extend_from_slice(id.as_bytes()))),
            other => Err(format!("{other:?} is of a type that is stored nowhere").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        // What does not fit is refused by `to_sql`, which knows the value.
        true
    }

    to_sql_checked!();
}

fn put<T>(value: Option<T>, write: impl FnOnce(T)) -> IsNull {
    value.map_or(IsNull::Yes, |value| {
        write(value);
        IsNull::No
    })
}

fn whole(number: Option<i64>, wanted: &Type, out: &mut BytesMut) -> Result<IsNull, Unfit> {
    let Some(number) = number else { return Ok(IsNull::Yes) };
    match *wanted {
        Type::INT8 => out.extend_from_slice(&number.to_be_bytes()),
        Type::INT4 => out.extend_from_slice(&i32::try_from(number)?.to_be_bytes()),
        Type::INT2 => out.extend_from_slice(&i16::try_from(number)?.to_be_bytes()),
        Type::TIMESTAMPTZ => {
            let since = number.checked_sub(EPOCH).ok_or("a moment is out of range")?;
            out.extend_from_slice(&since.to_be_bytes());
        }
        _ => return Err(format!("a whole number is no {wanted}").into()),
    }
    Ok(IsNull::No)
}

/// Copies a row out of an answer.
///
/// # Errors
/// When a column is of a type that the tables do not use.
pub fn read(row: &Row) -> Result<ProxyRow, tokio_postgres::Error> {
    let cell = |(place, column): (usize, &tokio_postgres::Column)| {
        let Cell(value) = row.try_get(place)?;
        Ok((column.name().to_owned(), value))
    };
    Ok(ProxyRow::new(row.columns().iter().enumerate().map(cell).collect::<Result<_, _>>()?))
}

struct Cell(Value);

impl<'a> FromSql<'a> for Cell {
    fn from_sql(given: &Type, raw: &'a [u8]) -> Result<Self, Unfit> {
        Ok(Self(match *given {
            Type::BOOL => Value::Bool(Some(raw.first().is_some_and(|byte| *byte != 0))),
            Type::INT8 => Value::BigInt(Some(i64::from_be_bytes(raw.try_into()?))),
            Type::INT4 => Value::BigInt(Some(i32::from_be_bytes(raw.try_into()?).into())),
            Type::INT2 => Value::BigInt(Some(i16::from_be_bytes(raw.try_into()?).into())),
            Type::TIMESTAMPTZ => {
                let since = i64::from_be_bytes(raw.try_into()?);
                Value::BigInt(Some(since.checked_add(EPOCH).ok_or("a moment is out of range")?))
            }
            Type::TEXT | Type::VARCHAR | Type::NAME => text(raw)?,
            Type::JSONB => text(raw.strip_prefix(&[JSONB_VERSION]).ok_or("jsonb in another version")?)?,
            Type::BYTEA => Value::Bytes(Some(raw.to_vec())),
            Type::UUID => Value::Uuid(Some(Uuid::from_slice(raw)?)),
            _ => return Err(format!("no value is made of a {given}").into()),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Unfit> {
        // Nothing is nothing of any type: SeaORM takes a value of another type than it asked for as none.
        Ok(Self(Value::BigInt(None)))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

fn text(raw: &[u8]) -> Result<Value, Unfit> {
    Ok(Value::String(Some(std::str::from_utf8(raw)?.to_owned())))
}
