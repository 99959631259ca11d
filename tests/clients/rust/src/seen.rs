//! What the generated client keeps to itself: the status and the headers of the last answer.

use std::sync::{Arc, Mutex};

use http::{Extensions, HeaderMap, StatusCode};
use reqwest::{Request, Response};
use reqwest_middleware::{ClientWithMiddleware, Middleware, Next, Result};

#[derive(Clone, Default)]
pub struct Seen(Arc<Mutex<(StatusCode, HeaderMap)>>);

impl Seen {
    pub fn client(&self) -> ClientWithMiddleware {
        reqwest_middleware::ClientBuilder::new(reqwest::Client::new()).with(self.clone()).build()
    }

    pub fn status(&self) -> u16 {
        self.0.lock().unwrap().0.as_u16()
    }

    /// The header of the last answer; empty when it had none.
    pub fn header(&self, name: &str) -> String {
        let value = self.0.lock().unwrap().1.get(name).cloned();
        value.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }
}

#[async_trait::async_trait]
impl Middleware for Seen {
    async fn handle(&self, request: Request, extensions: &mut Extensions, next: Next<'_>) -> Result<Response> {
        let response = next.run(request, extensions).await?;
        *self.0.lock().unwrap() = (response.status(), response.headers().clone());
        Ok(response)
    }
}
