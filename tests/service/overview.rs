//! How the shop is doing, in numbers.

use std::time::Duration;

use shopkeeper::domain::access::Role;
use shopkeeper::domain::order::Status;
use shopkeeper::domain::product::ProductStatus;
use shopkeeper::service::{Expected, ProductPatch};

use crate::orders::Market;

const DAY: u64 = 24 * 60 * 60;

#[tokio::test]
async fn numbers_are_those_of_accounts_orders_and_stock() {
    let market = Market::open(&[100, 100, 12, 3]).await;
    let ada = market.room.person("ada").await;
    let staff = market.moderator().await;
    let order = async |items: &[(usize, i64)], steps: &[Status]| {
        let order = market.place(&ada, items).await.expect("an order");
        for to in steps {
            market.step(&staff, &order, *to).await.expect("a step");
        }
    };
    order(&[(0, 50)], &[Status::Paid]).await;
    market.room.clock.advance(Duration::from_secs(40 * DAY));
    order(&[(0, 1), (1, 2)], &[Status::Paid]).await;
    order(&[(1, 3)], &[Status::Paid, Status::Shipped, Status::Delivered]).await;
    market.room.clock.advance(Duration::from_secs(DAY));
    order(&[(0, 4)], &[Status::Paid, Status::Shipped]).await;
    order(&[(0, 9)], &[]).await;
    order(&[(0, 9)], &[Status::Cancelled]).await;
    order(&[(0, 9)], &[Status::Paid, Status::Refunded]).await;
    order(&[(2, 4)], &[]).await;
    let archived = ProductPatch { status: Some(ProductStatus::Archived), ..ProductPatch::default() };
    market
        .shop()
        .update_product(&market.admin, market.products[3].id, archived, &Expected::Any)
        .await
        .expect("archived");

    let seen = market.shop().overview(&market.admin).await.expect("an overview");
    assert_eq!(seen.users_by_role, [(Role::User, 1), (Role::Moderator, 1), (Role::Admin, 1)]);
    let counts: Vec<i64> = seen.orders_by_status.iter().map(|(_, count)| *count).collect();
    assert_eq!(counts, [2, 2, 1, 1, 1, 1]);
    let days: Vec<_> = seen.revenue_by_day.iter().map(|day| (day.orders, day.revenue.amount())).collect();
    assert_eq!(days, [(1, 4000), (2, 1000 + 4000 + 6000)], "latest first, without what is too old or brought nothing");
    assert_eq!(seen.revenue_by_day[0].day, market.room.clock.now().date_naive());
    let best: Vec<_> = seen.top_products.iter().map(|product| (product.sku.as_str(), product.pieces)).collect();
    // Products that were made at the same moment have ids in no certain order.
    let mut alike = [&market.products[0], &market.products[1]];
    alike.sort_by_key(|product| product.id);
    assert_eq!(best, alike.map(|product| (product.sku.as_str(), 5)));
    let few: Vec<_> = seen.low_stock.iter().map(|product| (product.sku.as_str(), product.pieces)).collect();
    assert_eq!(few, [("T-3", 8)], "what is not sold any more does not run out");
}

#[tokio::test]
async fn an_empty_shop_has_zeros() {
    let market = Market::open(&[]).await;
    let seen = market.shop().overview(&market.admin).await.expect("an overview");
    assert_eq!(seen.users_by_role, [(Role::User, 0), (Role::Moderator, 0), (Role::Admin, 1)]);
    assert!(seen.orders_by_status.iter().all(|(_, count)| *count == 0) && seen.orders_by_status.len() == 6);
    assert!(seen.revenue_by_day.is_empty() && seen.top_products.is_empty() && seen.low_stock.is_empty());
}
