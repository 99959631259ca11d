//! The service's errors as problems of the document: the only place where the two meet.

use crate::domain::order::Status;
use crate::service::{Conflict, Error, GrantFault, Shortage, Unique, Violation};
use contract::problem::kinds;
use contract::{EntityTag, Kind, Problem, header};
use generated::policies as declared;

/// Never leaves the house: whoever calls a handler calls it again, or gives up and is overloaded.
pub const COLLIDED: Kind = Kind { code: "collided", status: 503, title: "Collided" };

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid(violations) => Problem::invalid_because(violations.into_iter().map(in_body).collect()),
            Error::Taken(Unique::Email) => {
                Problem::new(declared::EMAIL_TAKEN, "Another account has this e-mail address.")
            }
            Error::Taken(Unique::Username) => {
                Problem::new(declared::USERNAME_TAKEN, "Another account has this username. Choose another.")
            }
            Error::Taken(Unique::Slug) => {
                Problem::new(declared::SLUG_TAKEN, "Another category has this slug. Choose another.")
            }
            Error::Taken(Unique::IdempotencyKey) => conflicting(Conflict::KeyInUse),
            Error::Taken(Unique::Sku) => Problem::new(declared::SKU_TAKEN, "Another product has this SKU."),
            Error::InvalidCredentials => Problem::new(declared::INVALID_CREDENTIALS, "Wrong name or password.")
                .with_header(header::WWW_AUTHENTICATE, "Bearer realm=\"api\""),
            Error::InvalidRefreshToken => {
                let detail = "The refresh token is unknown, used up or expired, or its session is over. Sign in again.";
                Problem::new(kinds::INVALID_TOKEN, detail)
                    .with_header(header::WWW_AUTHENTICATE, "Bearer realm=\"api\", error=\"invalid_token\"")
            }
            Error::Gone => Problem::new(kinds::INVALID_TOKEN, "The account or the session is gone. Sign in again.")
                .with_header(header::WWW_AUTHENTICATE, "Bearer realm=\"api\", error=\"invalid_token\""),
            Error::Suspended => {
                Problem::new(declared::ACCOUNT_SUSPENDED, "The account is suspended. Ask an administrator.")
            }
            Error::Denied(denial) => Problem::new(declared::FORBIDDEN, sentence(&denial)),
            Error::Missing => Problem::new(kinds::NOT_FOUND, "There is no such thing here, or it is not yours."),
            Error::Stale { id, current } => {
                let detail = "The resource has changed meanwhile. Read it again and send its ETag as If-Match.";
                let tag = EntityTag { id, version: current }.to_string();
                Problem::new(declared::PRECONDITION_FAILED, detail).with_header(header::ETAG, &tag)
            }
            Error::Conflict(conflict) => conflicting(conflict),
            Error::OutOfStock(shortages) => short(&shortages),
            Error::NoStep { allowed } => no_step(&allowed),
            Error::KeyReused => {
                let detail = "This Idempotency-Key was sent with another request before. Make up a new one.";
                Problem::new(declared::IDEMPOTENCY_KEY_REUSED, detail)
            }
            Error::Grant { fault, description } => refused_grant(fault, description.into_owned()),
            Error::Busy => Problem::new(kinds::OVERLOADED, "There is too much to do at the moment. Try again soon.")
                .with_header(header::RETRY_AFTER, "1"),
            Error::Away => {
                let detail = "The server cannot reach what it keeps everything in. Try again soon.";
                Problem::new(declared::UNAVAILABLE, detail).with_header(header::RETRY_AFTER, "1")
            }
            Error::Collided => Problem::new(COLLIDED, "Another change was in the way."),
            Error::Internal(source) => Problem::new(kinds::INTERNAL_ERROR, "Something broke here.").caused_by(&*source),
        }
    }
}

fn conflicting(conflict: Conflict) -> Problem {
    let detail = sentence(&conflict);
    match conflict {
        Conflict::LastAdmin => Problem::new(declared::CONFLICT, detail),
        Conflict::CategoryInUse => Problem::new(declared::CATEGORY_IN_USE, detail),
        Conflict::InsufficientStock { available } => {
            Problem::new(declared::INSUFFICIENT_STOCK, detail).with_member("available", available)
        }
        Conflict::OrderNotPending(_) => Problem::new(declared::ORDER_NOT_PENDING, detail),
        Conflict::OrderEmpty => Problem::new(declared::ORDER_EMPTY, detail),
        Conflict::OrderFull => Problem::new(declared::ORDER_FULL, detail),
        Conflict::ProductInOrder => Problem::new(declared::PRODUCT_IN_ORDER, detail),
        Conflict::KeyInUse => Problem::new(declared::IDEMPOTENCY_KEY_IN_USE, detail),
    }
}

/// Every product of which there is too little.
fn short(shortages: &[Shortage]) -> Problem {
    let item = |shortage: &Shortage| {
        let Shortage { product_id, wanted, available } = shortage;
        serde_json::json!({ "product_id": product_id, "wanted": wanted, "available": available })
    };
    let items: Vec<_> = shortages.iter().map(item).collect();
    let detail = "There is not enough in stock of the products in `items`. Order less of them, or come again later.";
    Problem::new(declared::INSUFFICIENT_STOCK, detail).with_member("items", items)
}

/// What the caller could do instead.
fn no_step(allowed: &[Status]) -> Problem {
    let allowed: Vec<&str> = allowed.iter().map(|status| status.as_str()).collect();
    let detail = match allowed.as_slice() {
        [] => "The order cannot take this step, nor any other of yours.".to_owned(),
        open => format!("The order cannot take this step now. Open to you: {}.", open.join(", ")),
    };
    Problem::new(declared::INVALID_TRANSITION, detail).with_member("allowed", allowed)
}

fn refused_grant(fault: GrantFault, description: String) -> Problem {
    let (kind, challenge): (Kind, _) = match fault {
        GrantFault::InvalidGrant => (declared::INVALID_GRANT, None),
        GrantFault::InvalidScope => (declared::INVALID_SCOPE, None),
        GrantFault::UnsupportedGrantType => (declared::UNSUPPORTED_GRANT_TYPE, None),
        GrantFault::InvalidClient => (kinds::INVALID_CLIENT, Some("Basic realm=\"api\", charset=\"UTF-8\"")),
    };
    let problem = Problem::new(kind, description);
    match challenge {
        Some(challenge) => problem.with_header(header::WWW_AUTHENTICATE, challenge),
        None => problem,
    }
}

fn in_body(violation: Violation) -> contract::Violation {
    let pointer = match violation.item {
        Some(place) => format!("/items/{place}/{}", violation.member),
        None => format!("/{}", violation.member),
    };
    contract::Violation::body(pointer, violation.code, violation.message)
}

/// The words of an error as a sentence.
fn sentence(error: &dyn std::error::Error) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    format!("{}{}.", first.into_iter().flatten().collect::<String>(), letters.as_str())
}
