//! Where lines go: standard output and standard error, or memory in tests.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Something that lines are written to; clones write to the same.
pub type Output = Arc<Mutex<dyn Write + Send>>;

/// Standard output.
pub fn stdout() -> Output {
    Arc::new(Mutex::new(io::stdout()))
}

/// Standard error.
pub fn stderr() -> Output {
    Arc::new(Mutex::new(io::stderr()))
}

/// Writes `bytes` whole, and leaves nothing in a buffer.
///
/// # Errors
///
/// Where they cannot be written, as when nobody reads a pipe any more.
pub fn write(output: &Output, bytes: &[u8]) -> io::Result<()> {
    let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
    output.write_all(bytes)?;
    output.flush()
}
