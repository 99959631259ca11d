//! The only place that asks for chance: identifiers, opaque tokens and salts.

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::{NoContext, Timestamp, Uuid};

use super::clock::Clock;

const ALPHANUMERIC: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// `N` random bytes.
///
/// # Panics
/// When the operating system gives no randomness: nothing that follows could be trusted then.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}

/// A new `UUIDv7` (RFC 9562, 5.7) of this moment. Ids made in different microseconds sort in the order of their making: the
/// 12 bits after the milliseconds hold the fraction of the next one (6.2, method 3), and 62 bits are random.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this room is where ids are made")]
pub fn new_id(clock: &Clock) -> Uuid {
    let now = clock.now();
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    let nanos = now.timestamp_subsec_nanos();
    // Every request gets an id, and the library keeps its own generator: six times cheaper than `bytes`, and no secret.
    let mut id = Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, nanos)).into_bytes();
    let fraction = (u64::from(nanos % 1_000_000) << 12) / 1_000_000;
    let [_, _, _, _, _, _, high, low] = fraction.to_be_bytes();
    id[6] = 0x70 | high;
    id[7] = low;
    Uuid::from_bytes(id)
}

/// An opaque token of 256 random bits: 43 characters of base64url.
#[must_use]
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// `length` letters and digits, each equally likely (5.95 bits per character): for names within a token, where `-` and `_`
/// would read as separators, and for passwords made up for people.
#[must_use]
pub fn alphanumeric(length: usize) -> String {
    let mut text = String::with_capacity(length);
    while text.len() < length {
        // Six bits name 64 characters; the two that do not exist are thrown again, else some would be likelier.
        let drawn = bytes::<32>().into_iter().filter_map(|byte| ALPHANUMERIC.get(usize::from(byte & 0x3f)));
        text.extend(drawn.take(length - text.len()).map(|&character| char::from(character)));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::time::Duration;

    use super::*;

    fn clock() -> Clock {
        Clock::fixed(chrono::DateTime::from_timestamp(1_800_000_000, 999_999_000).expect("a valid moment"))
    }

    #[test]
    fn an_id_is_version_seven_and_tells_its_millisecond() {
        let id = new_id(&clock());
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
        let (seconds, nanos) = id.get_timestamp().expect("a time within").to_unix();
        assert_eq!((seconds, nanos / 1_000_000), (1_800_000_000, 999));
    }

    #[test]
    fn ids_of_later_microseconds_sort_later() {
        let clock = clock();
        let mut last = new_id(&clock);
        for _ in 0..3_000 {
            clock.advance(Duration::from_micros(1));
            let next = new_id(&clock);
            assert!(last < next, "{last} came before {next}");
            last = next;
        }
    }

    #[test]
    fn ids_of_the_same_instant_differ() {
        let clock = clock();
        let ids: HashSet<Uuid> = (0..10_000).map(|_| new_id(&clock)).collect();
        assert_eq!(ids.len(), 10_000);
    }

    #[test]
    fn tokens_are_43_characters_of_base64url_and_never_repeat() {
        let tokens: HashSet<String> = (0..1_000).map(|_| token()).collect();
        assert_eq!(tokens.len(), 1_000);
        assert!(
            tokens.iter().all(|token| token.len() == 43 && URL_SAFE_NO_PAD.decode(token).is_ok_and(|b| b.len() == 32))
        );
    }

    #[test]
    fn alphanumeric_text_has_the_asked_length_and_uses_every_character() {
        for length in [0, 1, 8, 31, 32, 33, 200] {
            assert_eq!(alphanumeric(length).len(), length);
        }
        let seen: HashSet<char> = alphanumeric(20_000).chars().collect();
        assert_eq!(seen.len(), 62);
        assert!(seen.iter().all(char::is_ascii_alphanumeric));
    }
}
