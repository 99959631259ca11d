//! The honest rival of `scripts/bench`: two reads of the catalogue and the placing of orders as a good engineer writes them
//! by hand, with axum and sqlx over the very database that Shopkeeper serves, in the same JSON. No contract, no limits, no
//! logs, no kept answers: every request asks the database, and every order is a transaction with a commit of its own.
//!
//! Usage: `bench-axum DATABASE [KEY]`, the key being the `x` of the JWK that tokens are verified with; without it there are
//! no orders. It listens on a free loopback port, prints `listening on ADDRESS` and runs until it is
//! killed.

mod answer;
mod caller;
mod database;
mod orders;
mod page;
mod placing;
mod products;

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use tokio::net::TcpListener;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: bench-axum DATABASE")?;
    // A key that nobody has the other half of.
    let key = std::env::args().nth(2).unwrap_or_else(|| "A".repeat(43));
    let desk = orders::Desk {
        readers: database::readers(&path).await?,
        writer: database::writer(&path).await?,
        callers: caller::Callers::new(&key)?,
    };
    let routes = Router::new()
        .route("/api/v1/products", get(products::list))
        .route("/api/v1/products/{id}", get(products::one))
        .route("/api/v1/orders", post(orders::create))
        .with_state(Arc::new(desk));

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on {}", listener.local_addr()?);
    // The same as the others do: without it small answers may wait for the caller's acknowledgement.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, routes).await?;
    Ok(())
}
