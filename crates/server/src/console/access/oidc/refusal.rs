//! What somebody is told who does not get in: a page for browsers, for it is they who are led here,
//! and the API's own form for everybody else.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::console::problem::Problem;

/// Why somebody does not get in.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// In words of this program, which need no escape.
    Told(StatusCode, &'static str, &'static str),
    Other(Problem),
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Other(problem)
    }
}

impl Refusal {
    pub(crate) const fn failed(why: &'static str) -> Self {
        Self::Told(StatusCode::UNAUTHORIZED, "sign_in_failed", why)
    }

    pub(super) const fn without_role() -> Self {
        let why = "you are signed in, and nobody gave you a role here";
        Self::Told(StatusCode::FORBIDDEN, "forbidden", why)
    }

    /// The answer to a request with these headers.
    pub(crate) fn answer(self, headers: &HeaderMap) -> Response {
        let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
        let is_browser = accepted.is_some_and(|accepted| accepted.contains("text/html"));
        match self {
            Self::Told(status, _, why) if is_browser => {
                let head = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
                let page = format!(
                    "<!doctype html><meta charset=utf-8><title>Rolecall</title>\
                     <h1>Not signed in</h1><p>Rolecall: {why}.</p><a href=\"/\">To the console</a>"
                );
                (status, head, page).into_response()
            }
            Self::Told(status, code, why) => Problem::new(status, code, why).into_response(),
            Self::Other(problem) => problem.into_response(),
        }
    }
}
