//! What goes over the channel: who says it, what kind it is, and what it says.

/// Another version of the program may speak otherwise: what it says is not read, but makes everything be dropped.
const VERSION: u8 = 1;
const BEAT: u8 = 0;
const FAREWELL: u8 = 1;
const NEWS: u8 = 2;
const EVERYTHING: u8 = 3;
const TOOK: u8 = 4;
/// Version, kind, and the sender's 16 bytes.
const HEAD: usize = 18;

/// One message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame<'f> {
    /// The sender is there.
    Beat,
    /// The sender goes, having told everything.
    Farewell,
    /// Something changed; the sender numbers its news.
    News(u64, &'f [u8]),
    /// Anything may have changed.
    Everything,
    /// To one sender of news: all up to this one were taken.
    Took(u64),
}

impl<'f> Frame<'f> {
    /// As it is sent.
    pub fn write(self, from: [u8; 16]) -> Vec<u8> {
        let (kind, number, content) = match self {
            Self::Beat => (BEAT, None, &[][..]),
            Self::Farewell => (FAREWELL, None, &[][..]),
            Self::News(number, news) => (NEWS, Some(number), news),
            Self::Everything => (EVERYTHING, None, &[][..]),
            Self::Took(number) => (TOOK, Some(number), &[][..]),
        };
        let mut bytes = Vec::with_capacity(HEAD + 8 + content.len());
        bytes.extend([VERSION, kind]);
        bytes.extend(from);
        bytes.extend(number.iter().flat_map(|number| number.to_be_bytes()));
        bytes.extend(content);
        bytes
    }

    /// Who sent it, and what; what cannot be read says that anything may have changed.
    pub fn read(bytes: &'f [u8]) -> ([u8; 16], Self) {
        let Some((&[version, kind, ref from @ ..], content)) = bytes.split_first_chunk::<HEAD>() else {
            return ([0; 16], Self::Everything);
        };
        let frame = match (version, kind, content.split_first_chunk()) {
            (VERSION, BEAT, _) => Self::Beat,
            (VERSION, FAREWELL, _) => Self::Farewell,
            (VERSION, NEWS, Some((number, news))) => Self::News(u64::from_be_bytes(*number), news),
            (VERSION, TOOK, Some((number, []))) => Self::Took(u64::from_be_bytes(*number)),
            _ => Self::Everything,
        };
        (*from, frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let news = [Frame::News(1, b"abc"), Frame::News(u64::MAX, b""), Frame::Took(2)];
        for frame in [Frame::Beat, Frame::Farewell, Frame::Everything].into_iter().chain(news) {
            assert_eq!(Frame::read(&frame.write([7; 16])), ([7; 16], frame));
        }
    }

    #[test]
    fn what_cannot_be_read_drops_everything() {
        let mut other = Frame::Beat.write([7; 16]);
        other[0] = 2;
        for strange in [&other[..], &other[..9], b""] {
            assert_eq!(Frame::read(strange).1, Frame::Everything);
        }
    }
}
