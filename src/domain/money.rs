//! Money: a whole number of a currency's smallest unit, so that nothing is ever rounded.

use std::fmt;

use super::flaw::Flaw;

/// An amount that something costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money {
    amount: i64,
    currency: Currency,
}

impl Money {
    /// The highest price, in minor units. A thousand million of them, a hundred million times over, still fit 64 bits.
    pub const MAX_AMOUNT: i64 = 100_000_000_000;

    /// An amount of minor units between nothing and [`MAX_AMOUNT`](Self::MAX_AMOUNT).
    ///
    /// # Errors
    /// `minimum` or `maximum`.
    pub fn new(amount: i64, currency: Currency) -> Result<Self, Flaw> {
        Self::check_amount(amount).map(|amount| Self { amount, currency })
    }

    /// The amount of a price whose currency is said elsewhere.
    ///
    /// # Errors
    /// `minimum` or `maximum`.
    pub fn check_amount(amount: i64) -> Result<i64, Flaw> {
        match amount {
            ..0 => Err(Flaw::new("minimum", "must be at least 0")),
            0..=Self::MAX_AMOUNT => Ok(amount),
            _ => Err(Flaw::new("maximum", format!("must be at most {}", Self::MAX_AMOUNT))),
        }
    }

    /// As it was accepted before; for rows, which outlive the rules of their day.
    #[must_use]
    pub fn restored(amount: i64, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// In the currency's smallest unit: cents of euros, but whole yens.
    #[must_use]
    pub fn amount(self) -> i64 {
        self.amount
    }

    /// Of which it is an amount.
    #[must_use]
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// So many times as much; `None` beyond what 64 bits hold.
    #[must_use]
    pub fn times(self, count: i64) -> Option<Self> {
        Some(Self { amount: self.amount.checked_mul(count)?, ..self })
    }

    /// Both together; `None` when their currencies differ, or beyond what 64 bits hold.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        let amount = self.amount.checked_add(other.amount)?;
        (self.currency == other.currency).then_some(Self { amount, ..self })
    }
}

/// A code of ISO 4217, by its shape: which codes are in use changes, and is the shop's to know.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Accepts `^[A-Z]{3}$`.
    ///
    /// # Errors
    /// `pattern`.
    pub fn parse(code: &str) -> Result<Self, Flaw> {
        match <[u8; 3]>::try_from(code.as_bytes()) {
            Ok(letters) if letters.iter().all(u8::is_ascii_uppercase) => Ok(Self(letters)),
            _ => Err(Flaw::new("pattern", "must be three capital letters, such as EUR")),
        }
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Nothing but capital letters got in.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_is_three_capital_letters() {
        assert_eq!(Currency::parse("EUR").expect("valid").as_str(), "EUR");
        for bad in ["", "EU", "EURO", "eur", "E R", "ÄU", "€"] {
            assert_eq!(Currency::parse(bad).expect_err(bad).code, "pattern", "{bad:?}");
        }
    }

    #[test]
    fn sums_are_exact_in_one_currency_or_not_made() {
        let [euro, yen] = ["EUR", "JPY"].map(|code| Currency::parse(code).expect("valid"));
        let price = Money::restored(1999, euro);
        assert_eq!(price.times(3), Some(Money::restored(5997, euro)));
        assert_eq!(price.plus(Money::restored(1, euro)), Some(Money::restored(2000, euro)));
        assert_eq!(price.plus(Money::restored(1, yen)), None);
        assert_eq!(price.times(i64::MAX), None);
        assert_eq!(Money::restored(i64::MAX, euro).plus(price), None);
    }

    #[test]
    fn a_price_is_neither_negative_nor_without_end() {
        let euro = Currency::parse("EUR").expect("valid");
        assert_eq!(Money::new(0, euro).expect("free").amount(), 0);
        assert_eq!(Money::new(Money::MAX_AMOUNT, euro).expect("dear").amount(), 100_000_000_000);
        assert_eq!(Money::new(-1, euro).expect_err("negative").code, "minimum");
        assert_eq!(Money::new(Money::MAX_AMOUNT + 1, euro).expect_err("too dear").code, "maximum");
    }
}
