//! What decoding costs: rules straight from the text, against a tree of `serde_json::Value` built first.
//!
//! `cargo bench -p contract` prints nanoseconds per body. The tree alone, before any rule has looked at it, is the
//! least that the other way could cost.
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use contract::decode::{Id, Int, List, MapAccess, Members, Object, Slot, Text, model};
use contract::{Violations, decode_json};
use std::hint::black_box;
use std::time::Instant;
use uuid::Uuid;

struct Item {
    product_id: Uuid,
    quantity: i32,
    note: Option<String>,
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        self.product_id == other.product_id && self.quantity == other.quantity && self.note == other.note
    }
}

impl Object for Item {
    const MEMBERS: &'static [&'static str] = &["product_id", "quantity", "note"];

    fn read<'de, A: MapAccess<'de>>(members: &mut Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let (mut id, mut quantity, mut note) = (Slot::Absent, Slot::Absent, Slot::Absent);
        while let Some(index) = members.next_known()? {
            match index {
                0 => id = members.value(0, &Id)?,
                1 => quantity = members.value(1, &Int::<i32>::new().min(1).max(1000))?,
                _ => note = members.value(2, &Text::new().max(200))?,
            }
        }
        let id = members.required("product_id", id);
        let quantity = members.required("quantity", quantity);
        let note = members.optional(note);
        match (id, quantity, note) {
            (Some(product_id), Some(quantity), Some(note)) => Ok(Some(Self { product_id, quantity, note })),
            _ => Ok(None),
        }
    }
}

fn nanoseconds(rounds: u32, mut work: impl FnMut()) -> u128 {
    let best = (0..5).map(|_| {
        let start = Instant::now();
        (0..rounds).for_each(|_| work());
        start.elapsed().as_nanos() / u128::from(rounds)
    });
    best.min().unwrap_or_default()
}

fn main() {
    println!("items    bytes   rules ns    tree ns");
    for count in [1_usize, 10, 100, 1000] {
        let item = r#"{"product_id":"01890a5d-ac96-774b-bcce-b302099a8057","quantity":3,"note":"wrapped as a gift"}"#;
        let body = format!("[{}]", vec![item; count].join(","));
        let rounds = 200_000 / u32::try_from(count).unwrap_or(u32::MAX);
        let rule = List::of(model::<Item>()).max(1000);
        let rules = nanoseconds(rounds, || {
            let decoded = decode_json(&rule, black_box(body.as_bytes()), &mut Violations::default());
            assert!(matches!(&decoded, Ok(Some(items)) if items.len() == count));
        });
        let tree = nanoseconds(rounds, || {
            let tree: Result<serde_json::Value, _> = serde_json::from_slice(black_box(body.as_bytes()));
            assert!(black_box(tree).is_ok());
        });
        println!("{count:>5} {:>8} {rules:>10} {tree:>10}", body.len());
    }
}
