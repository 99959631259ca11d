//! Reading a file into the shop.

use std::io::{self, BufRead};

use super::cells::Cells;
use super::lines::Lines;
use super::problems::{Problem, Problems};
use super::{Error, Format};
use crate::service::{Import, Imported, ProductRow, Shop};

/// Rows that are judged together: few enough to hold, and enough to be asked for in one statement.
const BATCH: usize = 500;

/// Rows as they stand in a file.
pub(super) trait Rows {
    /// The next row, with what cannot be read of it.
    fn next(&mut self) -> io::Result<Next>;
}

/// What comes next in a file.
#[derive(Debug)]
pub(super) enum Next {
    Row(Box<ProductRow>, Vec<Problem>),
    /// What follows cannot be read.
    Cut(Vec<Problem>),
    End,
}

/// How much is to happen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mode {
    /// Nothing: only tell what would.
    pub dry_run: bool,
    /// The rows that stand, even if others do not; else all or none.
    pub keep_going: bool,
    /// A category for each slug that is not there.
    pub create_categories: bool,
}

/// What came of an import.
#[derive(Debug)]
pub struct Outcome {
    /// Rows that were read.
    pub rows: u64,
    /// What became of them, or would have.
    pub imported: Imported,
    /// Whether it did.
    pub applied: bool,
    /// What is wrong with the others.
    pub problems: Problems,
}

/// Imports products. `watch` is told now and then how many rows are read.
///
/// Everything happens in one transaction, so that whoever ends the program in the middle leaves nothing.
///
/// # Errors
/// When the file cannot be read, or the shop cannot write: then nothing happened.
pub async fn import(
    shop: &Shop,
    input: impl BufRead,
    format: Format,
    mode: Mode,
    watch: &mut dyn FnMut(u64),
) -> Result<Outcome, Error> {
    let mut import = shop.begin_import(mode.create_categories).await?;
    let (mut problems, mut read) = (Problems::default(), 0);
    let mut rows: Box<dyn Rows + '_> = match format {
        Format::Csv => Box::new(Cells::new(input)),
        Format::Jsonl => Box::new(Lines::new(input)),
    };
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let more = fill(&mut *rows, &mut batch, &mut problems)?;
        read += batch.len() as u64;
        judge(&mut import, std::mem::take(&mut batch), format, &mut problems).await?;
        watch(read);
        if !more {
            break;
        }
    }
    problems.sort();
    let applied = !mode.dry_run && (mode.keep_going || problems.total() == 0);
    let imported = if applied { import.commit().await? } else { import.imported() };
    Ok(Outcome { rows: read, imported, applied, problems })
}

/// Reads rows until there are enough; whether there are more.
fn fill(rows: &mut dyn Rows, batch: &mut Vec<ProductRow>, problems: &mut Problems) -> io::Result<bool> {
    while batch.len() < BATCH {
        match rows.next()? {
            Next::Row(row, found) => {
                problems.extend(found);
                batch.push(*row);
            }
            Next::Cut(found) => {
                problems.extend(found);
                return Ok(false);
            }
            Next::End => return Ok(false),
        }
    }
    Ok(true)
}

async fn judge(
    import: &mut Import,
    batch: Vec<ProductRow>,
    format: Format,
    problems: &mut Problems,
) -> Result<(), Error> {
    let violations = import.take(batch).await?;
    problems.extend(violations.into_iter().map(|(row, violation)| Problem::found(format, row, violation)));
    Ok(())
}
