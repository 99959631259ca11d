//! What the list of orders promises beyond the document.

use crate::support::Shop;

#[tokio::test]
async fn a_filter_by_another_account_is_refused_without_the_scope_for_it() {
    let shop = Shop::open().await;
    let (ada, bob) = (shop.register("ada").await, shop.register("bob").await);
    let staff = shop.register_as("eve", "moderator").await;
    let orders_of_bob = format!("/orders?user_id={}", bob.id());
    ada.get(&orders_of_bob).await.expect_problem(403, "forbidden");
    ada.program(&["orders:read"]).await.get(&orders_of_bob).await.expect_problem(403, "forbidden");
    bob.get(&orders_of_bob).await.expect_status(200);
    staff.get(&orders_of_bob).await.expect_status(200);
}
