//! The numbers that the shop tells Prometheus.

use super::shop::Shop;

/// Everything that `/metrics` says at one moment.
pub struct Numbers(String);

impl Shop {
    /// Reads `/metrics`.
    pub async fn numbers(&self) -> Numbers {
        Numbers(self.visitor().get("!/metrics").await.expect_status(200).text())
    }
}

impl Numbers {
    /// The sum of a metric's series, of one operation where it is named; `None` when there is none.
    pub fn value(&self, name: &str, operation: Option<&str>) -> Option<f64> {
        let label = operation.map(|operation| format!("operation=\"{operation}\""));
        let of_name = |line: &&str| {
            line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' ']))
                && label.as_ref().is_none_or(|label| line.contains(label))
        };
        let values: Vec<f64> = self.0.lines().filter(of_name).map(number).collect();
        (!values.is_empty()).then(|| values.iter().sum())
    }

    /// Answers of an operation that were found kept, and those that had to be made; nought when none was counted yet.
    pub fn kept_and_made(&self, operation: &str) -> (u64, u64) {
        let count = |name| self.value(name, Some(operation)).unwrap_or_default();
        // Counters are whole numbers far below 2^53.
        let whole = |value: f64| format!("{value:.0}").parse().expect("a count");
        (whole(count("shopkeeper_cache_hits_total")), whole(count("shopkeeper_cache_misses_total")))
    }

    /// Whether a metric is described and has a series.
    pub fn tell(&self, name: &str) -> bool {
        self.0.contains(&format!("# TYPE {name} ")) && self.value(name, None).is_some()
    }
}

fn number(line: &str) -> f64 {
    line.rsplit(' ').next().and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no number: {line}"))
}
