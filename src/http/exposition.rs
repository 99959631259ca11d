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

/// The text, as far as it has been written.
#[derive(Debug, Default)]
pub struct Exposition(String);

impl Exposition {
    /// Goes on after a text that is there.
    #[must_use]
    pub fn after(text: String) -> Self {
        Self(text)
    }

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
        // Writing into a string cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
        for (labels, value) in values {
            self.0.push_str(name);
            for (position, (label, text)) in labels.iter().enumerate() {
                let _ = write!(self.0, "{}{label}=\"{}\"", if position == 0 { '{' } else { ',' }, Escaped(text));
            }
            let _ = writeln!(self.0, "{} {value}", if N == 0 { "" } else { "}" });
        }
        self.0.push('\n');
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
}
