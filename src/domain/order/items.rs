//! What is in an order, and what it costs.

use uuid::Uuid;

use super::{Note, Offer, Order, OrderItem, Quantity, Status};
use crate::domain::flaw::Flaw;
use crate::domain::money::Money;
use crate::domain::time::Timestamp;

/// What somebody wants to buy: each product once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basket(Vec<Line>);

/// Some of one product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Which product.
    pub product_id: Uuid,
    /// How many, all mentions of the product together.
    pub quantity: Quantity,
    /// Where it was mentioned first, from 0.
    pub position: usize,
}

/// What is wrong with what somebody wants to buy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BasketFlaw {
    /// With how many of the product at this position.
    Quantity(usize, Flaw),
    /// With how many products there are.
    Size(Flaw),
}

impl Basket {
    /// Products of one order.
    pub const MOST: usize = 100;

    /// Merges what is mentioned repeatedly.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn new(wanted: &[(Uuid, i64)]) -> Result<Self, Vec<BasketFlaw>> {
        let (mut lines, mut flaws): (Vec<Line>, Vec<BasketFlaw>) = (Vec::with_capacity(wanted.len()), Vec::new());
        if wanted.is_empty() {
            flaws.push(BasketFlaw::Size(Flaw::new("min_items", "must have at least 1 item")));
        }
        if wanted.len() > Self::MOST {
            let message = format!("must have at most {} items", Self::MOST);
            return Err(vec![BasketFlaw::Size(Flaw::new("max_items", message))]);
        }
        for (position, (product_id, pieces)) in wanted.iter().enumerate() {
            let known = lines.iter_mut().find(|line| line.product_id == *product_id);
            let quantity = Quantity::new(*pieces);
            let merged = match &known {
                Some(line) => quantity.and_then(|quantity| line.quantity.plus(quantity)),
                None => quantity,
            };
            match (merged, known) {
                (Ok(quantity), Some(line)) => line.quantity = quantity,
                (Ok(quantity), None) => lines.push(Line { product_id: *product_id, quantity, position }),
                (Err(flaw), _) => flaws.push(BasketFlaw::Quantity(position, flaw)),
            }
        }
        if flaws.is_empty() { Ok(Self(lines)) } else { Err(flaws) }
    }

    /// In the order of the products' ids: whoever takes stock in this order waits for nobody who waits for it.
    #[must_use]
    pub fn by_product(&self) -> Vec<Line> {
        let mut lines = self.0.clone();
        lines.sort_unstable_by_key(|line| line.product_id);
        lines
    }
}

/// Why an order cannot be made, or changed, like this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Items of another currency than the first one's; their places among the items, from 0.
    #[error("an order is in one currency")]
    Currency(Vec<usize>),
    /// Nobody counts that far.
    #[error("the total is too great")]
    TooDear,
    /// Only what is pending can be changed.
    #[error("only a pending order can be changed; this one is {}", .0.as_str())]
    NotPending(Status),
    /// An order without items is none.
    #[error("an order needs an item; cancel the order instead")]
    LastItem,
    /// More products than an order has room for.
    #[error("an order has at most {} items", Basket::MOST)]
    Full,
    /// One item of each product is enough.
    #[error("the product is in the order already; change the quantity of its item")]
    InOrder,
    /// No such item is in the order.
    #[error("the order has no such item")]
    NoItem,
}

impl OrderItem {
    /// So many of a product at its price of this moment.
    ///
    /// # Errors
    /// [`Refusal::TooDear`].
    pub fn of(id: Uuid, offer: Offer, quantity: Quantity, now: Timestamp) -> Result<Self, Refusal> {
        let Offer { product_id, sku, name, price } = offer;
        let total = price.times(quantity.pieces()).ok_or(Refusal::TooDear)?;
        Ok(Self { id, product_id, sku, name, quantity, unit_price: price, total, version: 1, created_at: now })
    }

    fn set_quantity(&mut self, quantity: Quantity) -> Result<(), Refusal> {
        self.total = self.unit_price.times(quantity.pieces()).ok_or(Refusal::TooDear)?;
        self.quantity = quantity;
        self.version += 1;
        Ok(())
    }
}

impl Order {
    /// A new order of these items.
    ///
    /// # Errors
    /// [`Refusal::LastItem`] without items, [`Refusal::Currency`], [`Refusal::TooDear`].
    pub fn place(
        id: Uuid,
        user_id: Uuid,
        items: Vec<OrderItem>,
        note: Option<Note>,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let total = total(&items)?;
        let status = Status::Pending;
        Ok(Self { id, user_id, status, items, total, note, version: 1, created_at: now, updated_at: now })
    }

    /// The item with this id.
    #[must_use]
    pub fn item(&self, id: Uuid) -> Option<&OrderItem> {
        self.items.iter().find(|item| item.id == id)
    }

    /// The same order with one more item.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn add(&mut self, item: OrderItem) -> Result<(), Refusal> {
        self.check_room_for(item.product_id)?;
        if item.unit_price.currency() != self.total.currency() {
            return Err(Refusal::Currency(vec![self.items.len()]));
        }
        self.total = self.total.plus(item.total).ok_or(Refusal::TooDear)?;
        self.items.push(item);
        Ok(())
    }

    /// Whether an item of this product can be added, as far as that can be told without its price.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn check_room_for(&self, product_id: Uuid) -> Result<(), Refusal> {
        self.check_pending()?;
        if self.items.iter().any(|item| item.product_id == product_id) {
            return Err(Refusal::InOrder);
        }
        if self.items.len() >= Basket::MOST { Err(Refusal::Full) } else { Ok(()) }
    }

    /// The same order with another number of one item's product. How many more that are, negative when fewer.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn set_quantity(&mut self, item_id: Uuid, quantity: Quantity) -> Result<i64, Refusal> {
        let place = self.place_of(item_id)?;
        self.check_pending()?;
        let item = &mut self.items[place];
        let more = quantity.pieces() - item.quantity.pieces();
        if more != 0 {
            item.set_quantity(quantity)?;
            self.total = total(&self.items)?;
        }
        Ok(more)
    }

    /// The same order without one item, which is answered.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn remove(&mut self, item_id: Uuid) -> Result<OrderItem, Refusal> {
        let place = self.place_of(item_id)?;
        self.check_pending()?;
        if self.items.len() == 1 {
            return Err(Refusal::LastItem);
        }
        let removed = self.items.remove(place);
        self.total = total(&self.items)?;
        Ok(removed)
    }

    fn place_of(&self, item_id: Uuid) -> Result<usize, Refusal> {
        self.items.iter().position(|item| item.id == item_id).ok_or(Refusal::NoItem)
    }

    fn check_pending(&self) -> Result<(), Refusal> {
        if self.status == Status::Pending { Ok(()) } else { Err(Refusal::NotPending(self.status)) }
    }
}

fn total(items: &[OrderItem]) -> Result<Money, Refusal> {
    let first = items.first().ok_or(Refusal::LastItem)?;
    let strange = |item: &OrderItem| item.unit_price.currency() != first.unit_price.currency();
    let places: Vec<usize> = (0..).zip(items).filter(|(_, item)| strange(item)).map(|(place, _)| place).collect();
    if !places.is_empty() {
        return Err(Refusal::Currency(places));
    }
    items[1..].iter().try_fold(first.total, |sum, item| sum.plus(item.total)).ok_or(Refusal::TooDear)
}
