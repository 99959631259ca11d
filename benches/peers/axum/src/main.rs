//! The honest rival of `scripts/bench`: two reads of the catalogue as a good engineer writes them by hand, with axum and
//! sqlx over the very database that Shopkeeper serves, in the same JSON. No contract, no limits, no logs, no kept
//! answers: every request asks the database.
//!
//! Usage: `bench-axum DATABASE`. It listens on a free loopback port, prints `listening on ADDRESS` and runs until it is
//! killed.

mod answer;
mod database;
mod page;
mod products;

use std::error::Error;

use axum::Router;
use axum::routing::get;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: bench-axum DATABASE")?;
    let readers = database::readers(&path).await?;
    let routes = Router::new()
        .route("/api/v1/products", get(products::list))
        .route("/api/v1/products/{id}", get(products::one))
        .with_state(readers);

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on {}", listener.local_addr()?);
    // The same as the others do: without it small answers may wait for the caller's acknowledgement.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, routes).await?;
    Ok(())
}
