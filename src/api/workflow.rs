//! The steps of orders, from the words of the document to those of the shop.

use crate::domain::order::{BadWorkflow, StepRow, StockEffect, Workflow, WorkflowTable};
use contract::workflow::{self as document, Stock};
use generated::workflow::ORDER_WORKFLOW;

/// The workflow of orders as the document writes it.
///
/// # Errors
/// When it does not fit the program.
pub fn of_orders() -> Result<Workflow, BadWorkflow> {
    let document::Workflow { states, initial, placing, steps } = ORDER_WORKFLOW;
    let step = |step: &document::Step| {
        let document::Step { name, from, to, scopes, stock } = *step;
        StepRow { name, from, to, scopes, stock: effect(stock) }
    };
    let steps = steps.iter().map(step).collect();
    Workflow::new(&WorkflowTable { states, initial, placing: effect(placing), steps })
}

fn effect(stock: Stock) -> StockEffect {
    match stock {
        Stock::Take => StockEffect::Take,
        Stock::PutBack => StockEffect::PutBack,
        Stock::None => StockEffect::None,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_document_and_the_program_agree_on_the_steps_of_orders() {
        super::of_orders().expect("a workflow that fits");
    }
}
