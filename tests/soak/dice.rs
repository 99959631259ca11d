//! Chance that can be repeated.

/// A generator of the xorshift kind; two of different seeds have nothing in common.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// `seed` and `number` together name the sequence.
    pub fn new(seed: u64, number: u64) -> Self {
        let mut dice = Self((seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15)).max(1));
        // Seeds that are close to each other begin alike.
        for _ in 0..8 {
            dice.next();
        }
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// From 0 up to, and without, `sides`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.next() % sides
    }

    /// From 1 to `most`.
    pub fn pieces(&mut self, most: u64) -> i64 {
        i64::try_from(self.roll(most)).expect("few") + 1
    }

    /// One of them.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.roll(of.len() as u64)).expect("few")]
    }
}
