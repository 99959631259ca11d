//! The binary: an allocator, and [`shopkeeper::program`].

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    shopkeeper::program::main()
}
