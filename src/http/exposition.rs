//! Prometheus' text format, written in this one place: what a metric is called, what it means, and its values.

use std::fmt::{Display, Write};

/// What a metric's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only grows; its name ends with `_total`.
    Counter,
    /// What is so at this moment.
    Gauge,
}

/// How many values lie where, and what they come to.
#[derive(Debug, Clone)]
pub struct Spread {
    /// Upper bounds, ascending, each with the number of values up to it and above the one before.
    pub below: Vec<(f64, u64)>,
    /// Values above all bounds.
    pub above: u64,
    /// Of all values.
    pub sum: f64,
}

impl Spread {
    /// How many values there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.below.iter().map(|(_, count)| count).sum::<u64>() + self.above
    }
}

/// The text, as far as it has been written.
#[derive(Debug, Default)]
pub struct Exposition(String);

impl Exposition {
    /// A metric of one value.
    pub fn one(&mut self, kind: Kind, name: &str, help: &str, value: impl Display) {
        self.family(kind, name, help, [([], value)]);
    }

    /// A metric of several values, told apart by one label.
    pub fn by<L: AsRef<str>, V: Display>(
        &mut self,
        kind: Kind,
        name: &str,
        help: &str,
        label: &str,
        values: impl IntoIterator<Item = (L, V)>,
    ) {
        let values: Vec<_> = values.into_iter().collect();
        self.family(kind, name, help, values.iter().map(|(text, value)| ([(label, text.as_ref())], value)));
    }

    /// A metric whose values have any number of labels.
    pub fn family<'l, const N: usize, V: Display>(
        &mut self,
        kind: Kind,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = ([(&'l str, &'l str); N], V)>,
    ) {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
        };
        self.head(name, help, kind);
        for (labels, value) in values {
            self.row(name, &labels, value);
        }
        self.0.push('\n');
    }

    /// How values are spread, with any number of labels.
    pub fn histogram<'l, const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = ([(&'l str, &'l str); N], Spread)>,
    ) {
        self.head(name, help, "histogram");
        for (labels, spread) in values {
            let mut count = 0;
            for (bound, more) in &spread.below {
                count += more;
                self.bucket(name, &labels, &bound.to_string(), count);
            }
            self.bucket(name, &labels, "+Inf", spread.count());
            self.row(&format!("{name}_sum"), &labels, spread.sum);
            self.row(&format!("{name}_count"), &labels, spread.count());
        }
        self.0.push('\n');
    }

    fn bucket(&mut self, name: &str, labels: &[(&str, &str)], bound: &str, count: u64) {
        let labels: Vec<_> = labels.iter().copied().chain([("le", bound)]).collect();
        self.row(&format!("{name}_bucket"), &labels, count);
    }

    // Writing into a string cannot fail.
    fn head(&mut self, name: &str, help: &str, kind: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn row(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        self.0.push_str(name);
        for (position, (label, text)) in labels.iter().enumerate() {
            let _ = write!(self.0, "{}{label}=\"{}\"", if position == 0 { '{' } else { ',' }, Escaped(text));
        }
        let _ = writeln!(self.0, "{} {value}", if labels.is_empty() { "" } else { "}" });
    }

    /// All of it.
    #[must_use]
    pub fn into_text(self) -> String {
        self.0
    }
}

/// A label's value: what would end it, or the line, is escaped.
struct Escaped<'t>(&'t str);

impl Display for Escaped<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '\\' => out.write_str("\\\\"),
            '"' => out.write_str("\\\""),
            '\n' => out.write_str("\\n"),
            other => out.write_char(other),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_below_their_name_kind_and_meaning() {
        let mut text = Exposition::default();
        text.one(Kind::Gauge, "a_b", "How many.", 7);
        text.by(Kind::Counter, "c_total", "What.", "kind", [("x", 1), ("y\"\\\n", 2)]);
        text.family(Kind::Gauge, "d_info", "Which.", [([("v", "1"), ("w", "2")], 1)]);
        let expected = "# HELP a_b How many.\n# TYPE a_b gauge\na_b 7\n\n\
                        # HELP c_total What.\n# TYPE c_total counter\nc_total{kind=\"x\"} 1\nc_total{kind=\"y\\\"\\\\\\n\"} 2\n\n\
                        # HELP d_info Which.\n# TYPE d_info gauge\nd_info{v=\"1\",w=\"2\"} 1\n\n";
        assert_eq!(text.into_text(), expected);
    }

    #[test]
    fn a_histogram_counts_everything_up_to_each_bound() {
        let mut text = Exposition::default();
        let spread = Spread { below: vec![(0.5, 2), (1.0, 1)], above: 4, sum: 9.25 };
        text.histogram("t_seconds", "How long.", [([("k", "v")], spread)]);
        let expected = "# HELP t_seconds How long.\n# TYPE t_seconds histogram\n\
                        t_seconds_bucket{k=\"v\",le=\"0.5\"} 2\nt_seconds_bucket{k=\"v\",le=\"1\"} 3\n\
                        t_seconds_bucket{k=\"v\",le=\"+Inf\"} 7\nt_seconds_sum{k=\"v\"} 9.25\nt_seconds_count{k=\"v\"} 7\n\n";
        assert_eq!(text.into_text(), expected);
    }
}
