//! What one argon2id hash costs with nothing around it: the floor under a login in `scripts/bench`.
//!
//! Usage: `bench-argon2 MEMORY_KIB PASSES LANES SECONDS`. It warms up, prints `ready`, waits for a line on its input,
//! hashes for that many seconds with its memory reused, prints the number of hashes, and waits for its input to
//! close, so that whoever started it can read its CPU time from /proc before and after.

use std::error::Error;
use std::io::stdin;
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};

const OUTPUT_BYTES: usize = 32;
const WARMING: u32 = 5;

#[expect(clippy::disallowed_methods, reason = "how long it hashes is told by the wall clock alone")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments = std::env::args().skip(1).map(|word| word.parse()).collect::<Result<Vec<u32>, _>>()?;
    let [memory_kib, rounds, lanes, seconds] = arguments[..] else {
        return Err("usage: bench-argon2 MEMORY_KIB PASSES LANES SECONDS".into());
    };
    let params = Params::new(memory_kib, rounds, lanes, Some(OUTPUT_BYTES)).map_err(|fault| fault.to_string())?;
    let mut memory = vec![Block::default(); params.block_count()];
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut hash = || -> Result<(), Box<dyn Error>> {
        let mut output = [0; OUTPUT_BYTES];
        hasher
            .hash_password_into_with_memory(b"SecurePass123!", b"a salt of 16 b..", &mut output, &mut memory)
            .map_err(|fault| fault.to_string())?;
        std::hint::black_box(output);
        Ok(())
    };

    for _ in 0..WARMING {
        hash()?;
    }
    println!("ready");
    let mut line = String::new();
    stdin().read_line(&mut line)?;

    let mut count = 0_u64;
    let end = Instant::now() + Duration::from_secs(seconds.into());
    while Instant::now() < end {
        hash()?;
        count += 1;
    }
    println!("{count}");
    stdin().read_line(&mut line)?;
    Ok(())
}
