//! What verifying log files found, as text and JSON.

mod json;
mod text;
mod words;

pub use json::verification_json;
pub use text::verification_text;
