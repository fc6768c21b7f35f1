//! What the API says where it cannot do what was asked for.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::wire::{ErrorBody, ErrorDetail};

/// Why something was not done.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Problem {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    pub(super) fn wrong(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "wrong_request", message)
    }

    pub(super) fn absent(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    pub(super) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", message)
    }

    pub(super) fn unknown_caller() -> Self {
        let message = "sign in first: open the address that the program printed at its start";
        Self::new(StatusCode::UNAUTHORIZED, "not_signed_in", message)
    }

    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "refused", message)
    }

    pub(super) fn busy(message: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message)
    }

    /// A fault of this program; what it is goes to the log.
    pub(super) fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "the console could not answer");
        let message = "the program could not answer; its log says why";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        match &error {
            store::Error::Unknown { .. } => Self::absent(error.to_string()),
            store::Error::Refused(why) => Self::refused(why.clone()),
            _ if error.is_passing() => {
                Self::busy("the store is busy or full; try again in a moment")
            }
            store::Error::Absent { .. }
            | store::Error::Beside { .. }
            | store::Error::Damaged(_)
            | store::Error::Database(_)
            | store::Error::Document { .. }
            | store::Error::Folder { .. }
            | store::Error::Full(_)
            | store::Error::InUse { .. }
            | store::Error::Rest { .. }
            | store::Error::Segment { .. }
            | store::Error::TooNew { .. }
            | store::Error::Unpack { .. } => Self::internal(&error),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let error = ErrorDetail { code: self.code.to_owned(), message: self.message };
        (self.status, Json(ErrorBody { error })).into_response()
    }
}
