//! One client: does one thing after the other, and writes down what it was told.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::dice::Dice;
use super::known::{Book, Kind, KnownOrder};
use super::wire::{Answered, Asked, Wire, id};

/// Orders that a buyer still thinks of.
const MEMORY: usize = 12;

pub struct Buyer {
    pub wire: Wire,
    pub dice: Dice,
    pub book: Book,
    /// The buyer's own API key, and that of whoever handles orders and stock.
    pub own: String,
    pub staff: String,
    pub products: Vec<Uuid>,
    pub name: String,
    orders: Vec<Uuid>,
    /// The last request with a key that made something, who sent it, and what was made.
    last: Option<(String, Asked, Answered)>,
    requests: u64,
}

type Outcome = Result<(), String>;

impl Buyer {
    pub fn new(wire: Wire, dice: Dice, book: Book, [own, staff]: [String; 2], products: &[Uuid], name: String) -> Self {
        let (orders, products) = (Vec::new(), products.to_vec());
        Self { wire, dice, book, own, staff, products, name, orders, last: None, requests: 0 }
    }

    /// Does something.
    ///
    /// # Errors
    /// What must not happen, whatever anybody else does and whenever the server is killed.
    pub async fn act(&mut self) -> Outcome {
        let lot = self.dice.roll(100);
        let Some(order) = self.pick().filter(|_| lot >= 25) else { return self.place().await };
        match lot {
            25..40 => self.add(order).await,
            40..52 => self.change(order).await,
            52..60 => self.remove(order).await,
            60..66 => self.say(order).await,
            66..72 => self.cancel(order).await,
            72..82 => self.step(order).await,
            82..90 => self.adjust().await,
            90..94 => self.again().await,
            _ => self.look(order).await,
        }
    }

    fn pick(&mut self) -> Option<Uuid> {
        if self.orders.is_empty() { None } else { Some(*self.dice.one(&self.orders)) }
    }

    fn product(&mut self) -> Uuid {
        *self.dice.one(&self.products)
    }

    fn next_key(&mut self) -> String {
        self.requests += 1;
        format!("{}-{}", self.name, self.requests)
    }

    /// Sends something that makes something, under a key of its own. `None` when it was refused for one of these reasons.
    async fn make(&mut self, who: &str, kind: Kind, asked: Asked, codes: &[&str]) -> Result<Option<Answered>, String> {
        let key = self.next_key();
        let asked = asked.once(key.clone());
        let answer = self.wire.send(who, &asked).await?;
        if answer.status == 201 {
            self.book.open().made(kind, answer.id()?, &key)?;
            self.last = Some((who.to_owned(), asked, answer.clone()));
            return Ok(Some(answer));
        }
        refused(&asked, &answer, codes)?;
        Ok(None)
    }

    pub async fn place(&mut self) -> Outcome {
        let wanted: Vec<_> = (0..self.dice.pieces(3)).map(|_| (self.product(), self.dice.pieces(4))).collect();
        let items: Vec<_> = wanted.iter().map(|(id, pieces)| json!({"product_id": id, "quantity": pieces})).collect();
        let asked = Asked::new(Method::POST, "/orders").with(json!({ "items": items }));
        let own = self.own.clone();
        let Some(answer) = self.make(&own, Kind::Order, asked, &["insufficient_stock"]).await? else { return Ok(()) };
        let (order, mut sums) = (sound(&answer.body)?, BTreeMap::<Uuid, i64>::new());
        for (product, pieces) in &wanted {
            *sums.entry(*product).or_default() += pieces;
        }
        if order.items.values().copied().collect::<BTreeMap<_, _>>() != sums || order.status != "pending" {
            return Err(format!("{wanted:?} were ordered and {} came of it", answer.body));
        }
        let id = answer.id()?;
        self.book.open().orders.insert(id, order);
        self.orders.push(id);
        if self.orders.len() > MEMORY {
            self.orders.remove(0);
        }
        Ok(())
    }

    async fn add(&mut self, order: Uuid) -> Outcome {
        let (product, pieces, own) = (self.product(), self.dice.pieces(4), self.own.clone());
        let asked = Asked::new(Method::POST, format!("/orders/{order}/items"));
        let asked = asked.with(json!({"product_id": product, "quantity": pieces}));
        let codes = ["insufficient_stock", "product_in_order", "order_not_pending"];
        let Some(answer) = self.make(&own, Kind::Item, asked, &codes).await? else { return Ok(()) };
        self.book.open().order(order).items.insert(answer.id()?, (product, pieces));
        Ok(())
    }

    fn item(&mut self, order: Uuid) -> (Uuid, Uuid) {
        let items = self.book.open().order(order).items.clone();
        let items: Vec<_> = items.into_iter().map(|(item, (product, _))| (item, product)).collect();
        *self.dice.one(&items)
    }

    async fn change(&mut self, order: Uuid) -> Outcome {
        let ((item, product), pieces) = (self.item(order), self.dice.pieces(6));
        let asked = Asked::new(Method::PUT, format!("/orders/{order}/items/{item}")).with(json!({"quantity": pieces}));
        let answer = self.wire.send(&self.own, &asked).await?;
        if answer.status == 200 {
            self.book.open().order(order).items.insert(item, (product, pieces));
            return Ok(());
        }
        refused(&asked, &answer, &["insufficient_stock", "order_not_pending"])?;
        self.find_out(order, &answer).await
    }

    async fn remove(&mut self, order: Uuid) -> Outcome {
        let (item, _) = self.item(order);
        let asked = Asked::new(Method::DELETE, format!("/orders/{order}/items/{item}"));
        let answer = self.wire.send(&self.own, &asked).await?;
        if answer.status == 204 || answer.status == 404 && answer.repeated {
            self.book.open().order(order).items.remove(&item);
            return Ok(());
        }
        refused(&asked, &answer, &["order_empty", "order_not_pending"])?;
        self.find_out(order, &answer).await
    }

    async fn say(&mut self, order: Uuid) -> Outcome {
        let note = format!("note {}", self.dice.roll(1000));
        let asked = Asked::new(Method::PATCH, format!("/orders/{order}")).with(json!({ "note": note }));
        let answer = self.wire.send(&self.own, &asked).await?;
        if answer.status != 200 {
            return Err(format!("{asked:?}: {answer:?}"));
        }
        self.book.open().order(order).note = Some(note);
        Ok(())
    }

    async fn cancel(&mut self, order: Uuid) -> Outcome {
        let asked = Asked::new(Method::DELETE, format!("/orders/{order}"));
        let answer = self.wire.send(&self.own, &asked).await?;
        if answer.status == 204 {
            "cancelled".clone_into(&mut self.book.open().order(order).status);
            return Ok(());
        }
        refused(&asked, &answer, &["invalid_transition"])?;
        self.find_out(order, &answer).await
    }

    async fn step(&mut self, order: Uuid) -> Outcome {
        let to = *self.dice.one(&["paid", "paid", "paid", "shipped", "delivered", "cancelled", "refunded"]);
        let asked = Asked::new(Method::POST, format!("/orders/{order}/transitions")).with(json!({ "to": to }));
        let staff = self.staff.clone();
        let Some(answer) = self.make(&staff, Kind::Step, asked, &["invalid_transition"]).await? else { return Ok(()) };
        let mut known = self.book.open();
        known.steps.insert(answer.id()?, (order, to.to_owned()));
        to.clone_into(&mut known.order(order).status);
        Ok(())
    }

    /// Counts some of a product in or out: more in, or nothing would be left to buy.
    pub async fn adjust(&mut self) -> Outcome {
        let (product, staff) = (self.product(), self.staff.clone());
        let delta = if self.dice.roll(4) == 0 { -self.dice.pieces(3) } else { self.dice.pieces(12) };
        let asked = Asked::new(Method::POST, format!("/products/{product}/stock-adjustments"));
        let asked = asked.with(json!({"delta": delta, "reason": "counted"}));
        let made = self.make(&staff, Kind::Adjustment, asked, &["insufficient_stock"]).await?;
        let Some(answer) = made else { return Ok(()) };
        self.book.open().adjustments.insert(answer.id()?, (product, delta));
        Ok(())
    }

    /// Sends the last request once more: the same answer must come, and nothing else.
    async fn again(&mut self) -> Outcome {
        let Some((who, asked, first)) = self.last.clone() else { return Ok(()) };
        let answer = self.wire.send(&who, &asked).await?;
        if answer.status != first.status || answer.body != first.body || !answer.replayed {
            return Err(format!("{asked:?} was answered {first:?} and, sent again, {answer:?}"));
        }
        Ok(())
    }

    /// Reads an order of the own and a page of everybody's.
    async fn look(&mut self, order: Uuid) -> Outcome {
        let found = self.read(order).await?;
        let known = self.book.open().order(order).clone();
        // The shop cancels by itself what is not paid.
        let swept = known.status == "pending" && found.status == "cancelled";
        if found != (KnownOrder { status: found.status.clone(), ..known.clone() })
            || found.status != known.status && !swept
        {
            return Err(format!("order {order} was acknowledged as {known:?} and is shown as {found:?}"));
        }
        let page = Asked::new(Method::GET, "/orders?limit=20&sort=created_at&order=desc");
        let page = self.wire.send(&self.staff, &page).await?;
        page.body["data"].as_array().ok_or("a page without data")?.iter().try_for_each(|order| sound(order).map(drop))
    }

    async fn read(&mut self, order: Uuid) -> Result<KnownOrder, String> {
        let asked = Asked::new(Method::GET, format!("/orders/{order}"));
        let answer = self.wire.send(&self.own, &asked).await?;
        if answer.status != 200 {
            return Err(format!("order {order} was acknowledged, and now: {answer:?}"));
        }
        sound(&answer.body)
    }

    /// After a refusal: what an earlier attempt that was not answered may have done before.
    async fn find_out(&mut self, order: Uuid, refusal: &Answered) -> Outcome {
        if refusal.repeated {
            let found = self.read(order).await?;
            *self.book.open().order(order) = found;
        }
        Ok(())
    }
}

/// A refusal for one of these reasons is none of our business.
fn refused(asked: &Asked, answer: &Answered, codes: &[&str]) -> Outcome {
    if answer.status == 409 && codes.contains(&answer.code()) { Ok(()) } else { Err(format!("{asked:?}: {answer:?}")) }
}

/// An order as it is shown, if it is right in itself.
///
/// # Errors
/// When it has no items, or costs something else than they do.
fn sound(shown: &Value) -> Result<KnownOrder, String> {
    let (mut items, mut total) = (BTreeMap::new(), 0);
    for item in shown["items"].as_array().ok_or_else(|| format!("an order without a list of items: {shown}"))? {
        let pieces = item["quantity"].as_i64().ok_or("no quantity")?;
        items.insert(id(&item["id"])?, (id(&item["product_id"])?, pieces));
        total += item["unit_price"]["amount"].as_i64().ok_or("no price")? * pieces;
    }
    if items.is_empty() || shown["total"]["amount"].as_i64() != Some(total) {
        return Err(format!("its items cost {total}: {shown}"));
    }
    let text = |member: &str| shown[member].as_str().map(str::to_owned);
    Ok(KnownOrder { items, status: text("status").ok_or("no status")?, note: text("note") })
}
