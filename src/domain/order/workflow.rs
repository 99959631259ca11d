//! What may become of an order. The table of steps is written in the document and handed in at start, as that of scopes is.

use super::Status;

/// The workflow as the document writes it.
#[derive(Debug, Clone)]
pub struct WorkflowTable {
    /// Every state.
    pub states: &'static [&'static str],
    /// The state of a new order.
    pub initial: &'static str,
    /// What placing one does to stock.
    pub placing: StockEffect,
    /// What may become of it.
    pub steps: Vec<StepRow>,
}

/// One step as the document writes it.
#[derive(Debug, Clone, Copy)]
pub struct StepRow {
    /// What it is called.
    pub name: &'static str,
    /// From which states it leads.
    pub from: &'static [&'static str],
    /// To which.
    pub to: &'static str,
    /// Any of these scopes lets a caller take it.
    pub scopes: &'static [&'static str],
    /// What it does to stock.
    pub stock: StockEffect,
}

/// What a step does to the stock of the products that the order names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StockEffect {
    /// Nothing.
    None,
    /// It takes the pieces.
    Take,
    /// It puts them back.
    PutBack,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it is called.
    pub name: &'static str,
    /// Where it ends.
    pub to: Status,
    /// What it does to stock.
    pub stock: StockEffect,
    from: Vec<Status>,
    scopes: &'static [&'static str],
}

impl Step {
    /// Whether somebody with these scopes may take it.
    pub fn admits(&self, holds: impl Fn(&str) -> bool) -> bool {
        self.scopes.iter().any(|scope| holds(scope))
    }

    /// Whether nothing but this scope lets a caller take it.
    #[must_use]
    pub fn takes_only(&self, scope: &str) -> bool {
        self.scopes == [scope]
    }
}

/// A table of steps that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadWorkflow {
    /// A state of the program is not in the table, or the other way round.
    #[error("the order state `{0}` is not both in the document and in the program")]
    State(String),
    /// Orders begin in another state than the program places them in.
    #[error("orders begin as `{0}` in the document and as `pending` in the program")]
    Initial(String),
    /// Placing an order takes stock in the program.
    #[error("placing an order does something else to stock than taking it")]
    Placing,
    /// Two steps lead from one state to the same other.
    #[error("two steps lead from `{from}` to `{to}`", from = .0.as_str(), to = .1.as_str())]
    Ambiguous(Status, Status),
    /// Orders that nobody pays could not be cancelled.
    #[error("no step leads from `pending` to `cancelled`")]
    NoWayOut,
}

/// The steps that orders take.
#[derive(Debug, Clone)]
pub struct Workflow {
    steps: Vec<Step>,
}

impl Workflow {
    /// Reads the document's table.
    ///
    /// # Errors
    /// When its states are not exactly [`Status::ALL`], orders do not begin as pending, with their stock taken, or cannot be
    /// cancelled then, or two steps are the same.
    pub fn new(table: &WorkflowTable) -> Result<Self, BadWorkflow> {
        for word in table.states {
            state(word)?;
        }
        if state(table.initial)? != Status::Pending {
            return Err(BadWorkflow::Initial(table.initial.to_owned()));
        }
        if table.placing != StockEffect::Take {
            return Err(BadWorkflow::Placing);
        }
        let mut workflow = Self { steps: Vec::with_capacity(table.steps.len()) };
        for row in &table.steps {
            let step = step(row)?;
            for from in &step.from {
                if workflow.step(*from, step.to).is_some() {
                    return Err(BadWorkflow::Ambiguous(*from, step.to));
                }
            }
            workflow.steps.push(step);
        }
        for status in Status::ALL {
            let reached = |step: &Step| step.to == status || step.from.contains(&status);
            let declared = table.states.contains(&status.as_str());
            if !declared || !workflow.steps.iter().any(reached) {
                return Err(BadWorkflow::State(status.as_str().to_owned()));
            }
        }
        workflow.step(Status::Pending, Status::Cancelled).ok_or(BadWorkflow::NoWayOut)?;
        Ok(workflow)
    }

    /// The step from one state to another, whoever takes it.
    #[must_use]
    pub fn step(&self, from: Status, to: Status) -> Option<&Step> {
        self.steps.iter().find(|step| step.to == to && step.from.contains(&from))
    }

    /// The states that somebody with these scopes may bring an order to, in the order of the document.
    pub fn allowed(&self, from: Status, holds: impl Fn(&str) -> bool) -> Vec<Status> {
        let open = self.steps.iter().filter(|step| step.from.contains(&from) && step.admits(&holds));
        open.map(|step| step.to).collect()
    }
}

fn state(word: &str) -> Result<Status, BadWorkflow> {
    Status::parse(word).ok_or_else(|| BadWorkflow::State(word.to_owned()))
}

fn step(row: &StepRow) -> Result<Step, BadWorkflow> {
    let StepRow { name, from, to, scopes, stock } = *row;
    let from = from.iter().map(|word| state(word)).collect::<Result<_, _>>()?;
    Ok(Step { name, to: state(to)?, stock, from, scopes })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANAGE: &[&str] = &["orders:manage"];

    fn row(name: &'static str, from: &'static [&'static str], to: &'static str) -> StepRow {
        StepRow { name, from, to, scopes: MANAGE, stock: StockEffect::None }
    }

    fn rows() -> Vec<StepRow> {
        let cancel = StepRow {
            scopes: &["orders:write", "orders:manage"],
            stock: StockEffect::PutBack,
            ..row("cancel", &["pending", "paid"], "cancelled")
        };
        vec![
            row("pay", &["pending"], "paid"),
            row("ship", &["paid"], "shipped"),
            row("deliver", &["shipped"], "delivered"),
            cancel,
            row("refund", &["paid", "delivered"], "refunded"),
        ]
    }

    fn table(steps: Vec<StepRow>) -> WorkflowTable {
        let states = &["pending", "paid", "shipped", "delivered", "cancelled", "refunded"];
        WorkflowTable { states, initial: "pending", placing: StockEffect::Take, steps }
    }

    #[test]
    fn whoever_holds_a_scope_of_a_step_may_take_it() {
        let workflow = Workflow::new(&table(rows())).expect("a good table");
        let allowed = |from, scope: &'static str| workflow.allowed(from, |asked| asked == scope);
        assert_eq!(allowed(Status::Pending, "orders:write"), [Status::Cancelled]);
        assert_eq!(allowed(Status::Pending, "orders:manage"), [Status::Paid, Status::Cancelled]);
        assert_eq!(allowed(Status::Shipped, "orders:write"), []);
        assert_eq!(allowed(Status::Refunded, "orders:manage"), []);
        let cancel = workflow.step(Status::Paid, Status::Cancelled).expect("a step");
        assert_eq!((cancel.name, cancel.stock), ("cancel", StockEffect::PutBack));
        assert_eq!(workflow.step(Status::Shipped, Status::Cancelled), None);
    }

    #[test]
    fn a_table_that_does_not_fit_the_program_is_refused() {
        let refusal = |table: WorkflowTable| Workflow::new(&table).expect_err("a refusal");
        let mut lost = rows();
        lost.truncate(4);
        assert_eq!(refusal(table(lost)), BadWorkflow::State("refunded".into()));
        let mut strange = rows();
        strange.push(row("lose", &["shipped"], "lost"));
        assert_eq!(refusal(table(strange)), BadWorkflow::State("lost".into()));
        let undeclared = WorkflowTable { states: &["pending", "paid", "shipped"], ..table(rows()) };
        assert_eq!(refusal(undeclared), BadWorkflow::State("delivered".into()));
        let surplus = WorkflowTable { states: &["pending", "lost"], ..table(rows()) };
        assert_eq!(refusal(surplus), BadWorkflow::State("lost".into()));
        assert_eq!(refusal(WorkflowTable { initial: "paid", ..table(rows()) }), BadWorkflow::Initial("paid".into()));
        let untaken = WorkflowTable { placing: StockEffect::None, ..table(rows()) };
        assert_eq!(refusal(untaken), BadWorkflow::Placing);
        let mut twice = rows();
        twice.push(row("withdraw", &["paid"], "cancelled"));
        assert_eq!(refusal(table(twice)), BadWorkflow::Ambiguous(Status::Paid, Status::Cancelled));
        let mut stuck = rows();
        stuck[3].from = &["paid"];
        assert_eq!(refusal(table(stuck)), BadWorkflow::NoWayOut);
    }
}
