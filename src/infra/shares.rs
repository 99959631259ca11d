//! How much of something one address may hold at a time, so that nobody takes it from everybody.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The address that counts. Whoever has one of IPv6 has 2^64 of them: the last half tells nothing apart.
#[must_use]
pub fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX))),
        ip @ IpAddr::V4(_) => ip,
    }
}

/// Counts what addresses hold. Clones count together.
#[derive(Clone, Debug)]
pub struct Shares {
    most: usize,
    held: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One of an address's places, given back when it is dropped.
#[derive(Debug)]
pub struct Share {
    network: IpAddr,
    held: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Shares {
    /// Lets each address hold at most so many at a time.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { most, held: Arc::default() }
    }

    /// A place for this address, if it has one left.
    #[must_use]
    pub fn take(&self, ip: IpAddr) -> Option<Share> {
        let network = network(ip);
        let mut held = lock(&self.held);
        let count = held.entry(network).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Share { network, held: Arc::clone(&self.held) })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut held = lock(&self.held);
        if let Some(count) = held.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.network);
            }
        }
    }
}

/// A panic cannot leave a count half changed, so a poisoned lock is as good as any.
fn lock(held: &Mutex<HashMap<IpAddr, usize>>) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn an_address_holds_no_more_than_its_share_and_takes_nothing_from_others() {
        let shares = Shares::new(2);
        let (one, two) = (shares.take(ip("192.0.2.1")), shares.take(ip("192.0.2.1")));
        assert!(one.is_some() && two.is_some());
        assert!(shares.take(ip("192.0.2.1")).is_none());
        assert!(shares.take(ip("::ffff:192.0.2.1")).is_none(), "the same address, as IPv6 writes it");
        assert!(shares.take(ip("192.0.2.2")).is_some());
        drop(one);
        assert!(shares.take(ip("192.0.2.1")).is_some());
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let shares = Shares::new(1);
        let _held = shares.take(ip("2001:db8::1"));
        assert!(shares.take(ip("2001:db8::ffff:1")).is_none());
        assert!(shares.take(ip("2001:db8:0:1::1")).is_some());
    }

    #[test]
    fn who_holds_nothing_is_forgotten() {
        let shares = Shares::new(3);
        let held: Vec<_> = (0..3).map(|_| shares.take(ip("192.0.2.1"))).collect();
        assert!(shares.take(ip("192.0.2.1")).is_none());
        drop(held);
        assert!(lock(&shares.held).is_empty());
    }
}
