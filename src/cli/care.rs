//! `shopkeeper backup`, `restore` and `doctor`: what may be written after them.

use clap::Args;
use std::path::PathBuf;

/// Where a backup goes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Backup {
    /// The file to write; nobody else may read it
    pub file: PathBuf,
    /// Replace the file if it is there
    #[arg(long)]
    pub force: bool,
    /// Tell what was written as JSON
    #[arg(long)]
    pub json: bool,
}

/// Which backup comes back.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Restore {
    /// The file that `shopkeeper backup` wrote
    pub file: PathBuf,
    /// Put aside what is in the data folder already
    #[arg(long)]
    pub force: bool,
    /// Only see whether the backup is whole; change nothing
    #[arg(long, conflicts_with = "force")]
    pub check: bool,
    /// Tell what happened as JSON
    #[arg(long)]
    pub json: bool,
}

/// How the findings are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct Doctor {
    /// A JSON object on each line
    #[arg(long)]
    pub json: bool,
}
