//! Content codings undone (RFC 9110, section 8.4.1).

use std::io::Read as _;

/// What was meant by these bytes.
///
/// # Panics
/// When they are not in this coding.
pub fn decode(coding: &str, bytes: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    let read = match coding {
        "gzip" => flate2::read::GzDecoder::new(bytes).read_to_end(&mut whole),
        "br" => brotli::Decompressor::new(bytes, 4096).read_to_end(&mut whole),
        "zstd" => zstd::stream::copy_decode(bytes, &mut whole).map(|()| 0),
        other => panic!("nobody asked for the coding {other}"),
    };
    read.unwrap_or_else(|error| panic!("this is no {coding}: {error}"));
    whole
}
