//! Making answers smaller in the codings that HTTP callers understand (gzip: RFC 1952, br: RFC 7932, zstd: RFC 8878).

use std::io::{self, Write};

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

/// A way of writing the same bytes shorter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coding {
    /// The one that everybody knows.
    Gzip,
    /// The shortest, and the slowest to make.
    Brotli,
    /// The quickest.
    Zstd,
}

/// How much work a shorter result is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// For a result that is kept and sent many times.
    Once,
    /// For a result that is made for one answer.
    EachTime,
}

impl Coding {
    /// The best first, for callers who do not care.
    pub const ALL: [Self; 3] = [Self::Zstd, Self::Brotli, Self::Gzip];

    /// The name in `Accept-Encoding` and `Content-Encoding`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    /// The bytes in this coding.
    ///
    /// # Errors
    /// Those of the encoder, which has none for bytes in memory but lack of it.
    pub fn encode(self, bytes: &[u8], effort: Effort) -> io::Result<Vec<u8>> {
        match self {
            Self::Gzip => {
                let level = if effort == Effort::Once { 6 } else { 1 };
                let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::new(level));
                encoder.write_all(bytes)?;
                encoder.finish()
            }
            Self::Brotli => {
                let mut encoded = Vec::with_capacity(bytes.len() / 2);
                let quality = if effort == Effort::Once { 5 } else { 1 };
                let parameters =
                    BrotliEncoderParams { quality, lgwin: 18, size_hint: bytes.len(), ..Default::default() };
                brotli::BrotliCompress(&mut &bytes[..], &mut encoded, &parameters)?;
                Ok(encoded)
            }
            Self::Zstd => zstd::bulk::compress(bytes, if effort == Effort::Once { 3 } else { 1 }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn decoded(coding: Coding, bytes: &[u8]) -> Vec<u8> {
        let mut plain = Vec::new();
        match coding {
            Coding::Gzip => drop(flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).expect("gzip")),
            Coding::Brotli => brotli::BrotliDecompress(&mut &bytes[..], &mut plain).expect("brotli"),
            Coding::Zstd => plain = zstd::bulk::decompress(bytes, 1 << 20).expect("zstd"),
        }
        plain
    }

    #[test]
    fn every_coding_gives_the_bytes_back_and_makes_them_fewer() {
        let text = r#"{"id":"0198","name":"Tea","price":{"amount":450,"currency":"EUR"}},"#.repeat(40);
        for coding in Coding::ALL {
            for effort in [Effort::Once, Effort::EachTime] {
                let encoded = coding.encode(text.as_bytes(), effort).expect("memory");
                assert!(encoded.len() < text.len() / 4, "{coding:?}: {}", encoded.len());
                assert_eq!(decoded(coding, &encoded), text.as_bytes(), "{coding:?}");
            }
            assert_eq!(decoded(coding, &coding.encode(b"", Effort::Once).expect("memory")), b"");
        }
    }
}
