//! Reading a request's body under the document's limit.

use crate::problem::{Problem, kinds};
use crate::{Bytes, HeaderMap, Operation, media};
use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};

/// The whole body; empty when the operation takes none or an optional one was not sent.
///
/// # Errors
/// 413 as soon as the announced or the real length passes the limit, 415 for a foreign media type,
/// 400 when a required body is missing or the connection breaks.
pub async fn read<B>(operation: &Operation, headers: &HeaderMap, body: B) -> Result<Bytes, Problem>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    if operation.consumes.is_empty() {
        return Ok(Bytes::new());
    }
    let limit = operation.body_limit;
    let announced = body.size_hint().lower();
    if announced > limit as u64 {
        return Err(too_large(limit));
    }
    if announced > 0 {
        media::check_content_type(operation, headers)?;
    }
    let bytes = match Limited::new(body, limit).collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return Err(too_large(limit)),
        Err(_) => return Err(Problem::new(kinds::MALFORMED_REQUEST, "The body broke off. Send it again.")),
    };
    if bytes.is_empty() {
        if operation.body_required {
            let detail = format!("Send a body with Content-Type: {}.", operation.consumes.join(", "));
            return Err(Problem::new(kinds::MALFORMED_REQUEST, detail));
        }
    } else if announced == 0 {
        media::check_content_type(operation, headers)?;
    }
    Ok(bytes)
}

fn too_large(limit: usize) -> Problem {
    Problem::new(kinds::BODY_TOO_LARGE, format!("A body here may have at most {limit} bytes."))
}
