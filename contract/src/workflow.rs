//! Workflows of the document (`x-workflow`): which states a thing can be in, which steps lead from one to another, who may
//! take them, and what they do to the stock.

/// The states of a thing and the steps between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Workflow {
    /// Every state, in the order of the document.
    pub states: &'static [&'static str],
    /// The state of a new thing.
    pub initial: &'static str,
    /// What the making of a thing does to the stock.
    pub placing: Stock,
    pub steps: &'static [Step],
}

/// A step of a workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub name: &'static str,
    /// It can be taken from each of these.
    pub from: &'static [&'static str],
    /// Where it leads.
    pub to: &'static str,
    /// Any of these lets a caller take it who reaches the thing at all.
    pub scopes: &'static [&'static str],
    pub stock: Stock,
}

/// What a step does to the stock of the products that the thing names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stock {
    Take,
    PutBack,
    None,
}
