//! A progress bar on standard error, for work that takes long.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Bytes of input from which on a bar is worth its place.
const BYTES_MIN: u64 = 16 * 1024 * 1024;

/// A bar that appears only in a terminal, and only for long work.
pub(crate) struct Bar {
    bar: ProgressBar,
    is_wanted: bool,
}

impl Bar {
    pub(crate) fn new(is_quiet: bool) -> Self {
        let is_wanted = !is_quiet && io::stderr().is_terminal();
        Self { bar: ProgressBar::hidden(), is_wanted }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl ingest::Progress for Bar {
    fn found(&self, files: u64, bytes: u64) {
        if !self.is_wanted || bytes < BYTES_MIN {
            return;
        }
        let template = "{bar:32} {bytes} of {total_bytes}  {msg}  {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        self.bar.set_length(bytes);
        self.bar.set_message(format!("{files} files"));
        self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    fn done(&self, _files: u64, bytes_on_disk: u64, _records: u64) {
        self.bar.inc(bytes_on_disk);
    }
}
