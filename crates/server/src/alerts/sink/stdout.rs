//! Standard output, one JSON object a line.

use std::sync::Arc;

use super::{BoxFuture, Outcome, Sender};
use crate::alerts::outbox::Entry;
use crate::clock::WallTime;
use crate::output::{Output, write};

/// Writes each message as a line.
pub(super) struct Stdout {
    pub(super) output: Output,
}

/// The bytes of a JSON text as one line: outside of strings, where line breaks cannot be, they are
/// blanks.
fn line(payload: &[u8]) -> Vec<u8> {
    let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let flat = payload.trim_ascii().iter();
    let mut line: Vec<u8> = flat.map(|byte| if is_break(byte) { b' ' } else { *byte }).collect();
    line.push(b'\n');
    line
}

impl Sender for Stdout {
    fn send<'a>(&'a self, batch: &'a [Entry], _: WallTime) -> BoxFuture<'a, Vec<Outcome>> {
        Box::pin(async move {
            let lines: Vec<u8> =
                batch.iter().flat_map(|entry| line(&entry.message.payload)).collect();
            let output = Arc::clone(&self.output);
            // A pipe that nobody reads blocks.
            let written = tokio::task::spawn_blocking(move || write(&output, &lines)).await;
            let outcome = match written {
                Ok(Ok(())) => Outcome::Delivered,
                Ok(Err(error)) => {
                    Outcome::Retry { after: None, why: format!("cannot write: {error}") }
                }
                Err(_) => Outcome::Retry { after: None, why: "cannot write".to_owned() },
            };
            vec![outcome; batch.len()]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_message_is_one_line() {
        assert_eq!(line(b"{\n  \"a\": \"b\\n\"\r\n}\n"), b"{   \"a\": \"b\\n\"  }\n");
    }
}
