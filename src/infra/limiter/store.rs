//! Where `governor` keeps what callers have used: one word per caller, which can also be asked without being changed.

use std::hash::{BuildHasherDefault, Hasher};

use governor::nanos::Nanos;
use governor::state::keyed::{DashMapStateStore, ShrinkableKeyedStateStore};
use governor::state::{NotKeyed, StateStore};

/// Whom to ask about, by a hash that is spread already, and whether to take something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Probe {
    pub caller: u64,
    pub take: bool,
}

#[derive(Default)]
pub(super) struct Store(DashMapStateStore<u64, BuildHasherDefault<Spread>>);

impl StateStore for Store {
    type Key = Probe;

    fn measure_and_replace<T, F, E>(&self, probe: &Probe, judge: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        if probe.take {
            return self.0.measure_and_replace(&probe.caller, judge);
        }
        let Some(state) = self.0.get(&probe.caller) else {
            return judge(None).map(|(answer, _)| answer);
        };
        // A state is kept as it is when the judgement is an error; so both outcomes go out as one.
        let asked: Result<(), Result<T, E>> = state.measure_and_replace(&NotKeyed::NonKey, |used| match judge(used) {
            Ok((answer, _)) => Err(Ok(answer)),
            Err(refusal) => Err(Err(refusal)),
        });
        match asked {
            Err(outcome) => outcome,
            Ok(()) => judge(None).map(|(answer, _)| answer),
        }
    }
}

impl ShrinkableKeyedStateStore<Probe> for Store {
    fn retain_recent(&self, drop_below: Nanos) {
        ShrinkableKeyedStateStore::retain_recent(&self.0, drop_below);
    }

    fn shrink_to_fit(&self) {
        self.0.shrink_to_fit();
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A hash that is spread already needs no second one.
#[derive(Clone, Copy, Default)]
pub(super) struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
