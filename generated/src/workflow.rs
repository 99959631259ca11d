//! The workflows of the document (`x-workflow`): the states of things, the steps between them, and who may take them.
use contract::workflow::{Step, Stock, Workflow};

/// The states of the schema `Order`.
pub use crate::models::OrderStatus as OrderState;

/// The workflow of the schema `Order`.
pub static ORDER_WORKFLOW: Workflow = Workflow {
    states: &["pending", "paid", "shipped", "delivered", "cancelled", "refunded"],
    initial: "pending",
    placing: Stock::Take,
    steps: &[
        Step { name: "pay", from: &["pending"], to: "paid", scopes: &["orders:manage"], stock: Stock::None },
        Step { name: "ship", from: &["paid"], to: "shipped", scopes: &["orders:manage"], stock: Stock::None },
        Step { name: "deliver", from: &["shipped"], to: "delivered", scopes: &["orders:manage"], stock: Stock::None },
        Step {
            name: "cancel",
            from: &["pending", "paid"],
            to: "cancelled",
            scopes: &["orders:write", "orders:manage"],
            stock: Stock::PutBack,
        },
        Step {
            name: "refund",
            from: &["paid", "delivered"],
            to: "refunded",
            scopes: &["orders:manage"],
            stock: Stock::None,
        },
    ],
};
