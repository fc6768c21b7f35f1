//! Where text goes: data to standard output or a file, talk to standard error.

use std::env;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use report::Style;
use report::escape::terminal;

use crate::args::{ColorChoice, OutputOptions};

/// Columns of text that does not go to a terminal.
const WIDTH_PIPED: usize = 120;

/// Says `text` to the person, on standard error.
pub(crate) fn say(text: &str) {
    // Whoever closed standard error does not want to hear it.
    let _ = writeln!(io::stderr().lock(), "{}", terminal(text));
}

/// Says `text` as something to know and not to act on.
pub(crate) fn whisper(text: &str) {
    let is_faint = io::stderr().is_terminal() && !is_refused();
    let (begin, end) = if is_faint { ("\u{1b}[2m", "\u{1b}[0m") } else { ("", "") };
    // Whoever closed standard error does not want to hear it.
    let _ = writeln!(io::stderr().lock(), "{begin}{}{end}", terminal(text));
}

/// Whether the user has said that nothing is to be painted.
fn is_refused() -> bool {
    env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

/// Writes `text` where `options` say.
pub(crate) fn write(text: &str, options: &OutputOptions) -> Result<()> {
    match &options.output {
        Some(path) => write_file(text, path, options.force),
        None => print(text),
    }
}

/// Writes `text` to standard output.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush())?;
    Ok(())
}

/// Writes a file whole or not at all. A device or a pipe is written to and never replaced.
pub(crate) fn write_file(text: &str, path: &Path, is_forced: bool) -> Result<()> {
    let known = path.metadata().ok();
    if known.as_ref().is_some_and(|known| !known.is_file() && !known.is_dir()) {
        let context = || format!("cannot write to `{}`", path.display());
        let mut device = fs::OpenOptions::new().write(true).open(path).with_context(context)?;
        return device.write_all(text.as_bytes()).with_context(context);
    }
    if known.is_some() && !is_forced {
        bail!("`{}` exists; give --force to replace it", path.display());
    }
    // A link stays a link to what is written.
    let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let context = || format!("cannot write `{}`", path.display());
    fs::create_dir_all(folder).with_context(context)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(context)?;
    file.write_all(text.as_bytes()).with_context(context)?;
    file.as_file().sync_all().with_context(context)?;
    file.persist(path).map_err(|error| error.error).with_context(context)?;
    Ok(())
}

/// How text for a terminal is to look.
pub(crate) fn style(options: &OutputOptions) -> Style {
    let is_terminal = options.output.is_none() && io::stdout().is_terminal();
    let color = match options.color {
        ColorChoice::Always => true,
        ColorChoice::Auto => is_terminal && !is_refused(),
        ColorChoice::Never => false,
    };
    let columns = terminal_size::terminal_size().filter(|_| is_terminal);
    let columns = columns.map_or(WIDTH_PIPED, |(width, _)| usize::from(width.0));
    Style { color, width: options.width.unwrap_or(columns), all: options.all }
}

/// Whether whoever read standard output has stopped reading, as `head` does.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.root_cause().downcast_ref::<io::Error>();
    io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
