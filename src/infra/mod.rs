//! What the shop needs from the world below it and no business rule knows: time, chance, cryptography, quotas and memory.
//!
//! Nothing here names a resource. The libraries for signing (`jsonwebtoken`, `aws_lc_rs`), password hashing (`argon2`), limiting
//! (`governor`), caching (`moka`) and sharing (`redis`) are named in this room only, so that each can be replaced in one file.

pub mod cache;
pub mod certificate;
pub mod clock;
pub mod compression;
pub mod digest;
pub mod generations;
pub mod keyfiles;
pub mod limiter;
pub mod passwords;
pub mod random;
pub mod seal;
pub mod secret;
pub mod shared;
pub mod shares;
pub mod tls;
pub mod tokens;
