//! Which members of an answer a caller wants (`fields=id,name`).

use crate::decode::{Leaf, Token};
use crate::violations::Violations;

/// The members that a caller chose, or all of them when it did not choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fields(Option<Choice>);

/// Some of the names that a schema has: the bit of each chosen one is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Choice {
    known: &'static [&'static str],
    bits: u64,
}

impl Fields {
    /// The whole answer.
    pub const ALL: Self = Self(None);

    /// Whether a member of this name is wanted. Handlers may leave out work for others, never the member itself: what
    /// is not wanted is taken out of the answer later.
    #[must_use]
    pub fn takes(&self, name: &str) -> bool {
        self.0.is_none_or(|choice| choice.name(name).is_some())
    }

    /// The chosen name that this text is.
    pub(crate) fn chosen_name(&self, name: &str) -> Option<&'static str> {
        self.0.and_then(|choice| choice.name(name))
    }

    /// The chosen names in the order of the schema; `None` when the whole answer is wanted.
    pub fn chosen(self) -> Option<impl Iterator<Item = &'static str> + Clone> {
        self.0.map(Choice::names)
    }

    /// Whether the whole answer is wanted.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.0.is_none()
    }
}

impl Choice {
    fn name(self, name: &str) -> Option<&'static str> {
        self.names().find(|chosen| *chosen == name)
    }

    fn names(self) -> impl Iterator<Item = &'static str> + Clone {
        let Self { known, bits } = self;
        known.iter().enumerate().filter(move |(index, _)| bits >> index & 1 == 1).map(|(_, name)| *name)
    }
}

/// The rule of the parameter: names out of those of a schema, separated by commas, each once.
#[derive(Debug, Clone, Copy)]
pub struct Names(&'static [&'static str]);

impl Names {
    /// Most names that a schema may have to be chosen from; the lint before generation holds documents to it.
    pub const MOST: usize = 64;

    /// Names of these. Those beyond the first [`Names::MOST`] cannot be chosen.
    #[must_use]
    pub const fn of(known: &'static [&'static str]) -> Self {
        Self(known)
    }

    fn refuse(self, what: &str, found: &mut Violations) {
        found.add::<()>("enum", format!("{what}; there are: {}", self.0.join(", ")));
    }
}

impl Leaf for Names {
    type Out = Fields;

    fn take(&self, token: Token<'_>, found: &mut Violations) -> Option<Fields> {
        let (Token::Str(text) | Token::Text(text)) = token else { return token.refuse("a string", found) };
        let before = found.total();
        let mut bits = 0;
        for name in text.split(',') {
            match self.0.iter().take(Self::MOST).position(|known| *known == name) {
                Some(index) if bits >> index & 1 == 0 => bits |= 1_u64 << index,
                Some(_) => self.refuse(&format!("names {name} twice"), found),
                None if name.is_empty() => self.refuse("has an empty name", found),
                None => self.refuse(&format!("names {}, which is not known here", shown(name)), found),
            }
        }
        (found.total() == before).then_some(Fields(Some(Choice { known: self.0, bits })))
    }
}

/// Long names are cut: the answer must not grow with nonsense.
fn shown(name: &str) -> String {
    name.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Rule;

    const KNOWN: Names = Names::of(&["id", "name", "created_at"]);

    fn chosen(text: &str) -> Result<Vec<&'static str>, Vec<String>> {
        let mut found = Violations::default();
        let fields = KNOWN.text(text, &mut found);
        let faults = found.into_shown().into_iter().map(|fault| fault.message.into_owned()).collect();
        fields.and_then(Fields::chosen).map(Iterator::collect).ok_or(faults)
    }

    #[test]
    fn the_schema_s_order_holds_whatever_the_caller_s() {
        assert_eq!(chosen("created_at,id"), Ok(vec!["id", "created_at"]));
        assert_eq!(chosen("name"), Ok(vec!["name"]));
    }

    #[test]
    fn each_odd_name_is_told_with_what_there_is() {
        let all = "there are: id, name, created_at";
        let told = [
            format!("names ID, which is not known here; {all}"),
            format!("has an empty name; {all}"),
            format!("names id twice; {all}"),
        ];
        assert_eq!(chosen("ID,,id,id"), Err(told.to_vec()));
        assert_eq!(chosen(""), Err(vec![format!("has an empty name; {all}")]));
    }

    #[test]
    fn who_chooses_nothing_takes_all() {
        let all = Fields::default();
        assert!(all.is_all() && all.takes("whatever") && all.chosen().is_none());
        let some = KNOWN.text("id", &mut Violations::default()).expect("a choice");
        assert!(some.takes("id") && !some.takes("name") && !some.is_all());
    }
}
