//! A page of a terminal: painted words that wrap at its width, with every text escaped.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use detect::{Color, Severity};
use unicode_width::UnicodeWidthChar as _;

use crate::escape;

/// Columns below which lines cannot be laid out.
const WIDTH_MIN: usize = 40;

/// How text for a terminal is laid out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Style {
    /// Whether to paint with the codes of ANSI terminals.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether to list informational incidents and habits in full, without limits.
    pub all: bool,
}

/// What text looks like.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Paint {
    Bold,
    Faint,
    Orange,
    Plain,
    Red,
}

/// One line, or several when it does not fit: words that are not broken.
pub(crate) struct Line {
    atoms: Vec<Atom>,
    indent: usize,
    hang: usize,
    /// Spaces before the next piece, where they are not the usual ones.
    gap: Option<usize>,
}

/// Lines that are already laid out.
pub(crate) struct Page {
    style: Style,
    out: String,
}

struct Atom {
    text: String,
    paint: Paint,
    gap: usize,
}

impl Paint {
    /// The look of a hop.
    pub(crate) const fn of_color(color: Color) -> Self {
        match color {
            Color::None => Self::Plain,
            Color::Orange => Self::Orange,
            Color::Red => Self::Red,
        }
    }

    /// The look of a severity.
    pub(crate) const fn of_severity(severity: Severity) -> Self {
        match severity {
            Severity::Informational => Self::Faint,
            Severity::Low => Self::Plain,
            Severity::Medium => Self::Orange,
            Severity::High | Severity::Critical => Self::Red,
        }
    }

    /// 208 is the orange of the 256 colors that every terminal of today has.
    const fn code(self) -> &'static str {
        match self {
            Self::Bold => "\u{1b}[1m",
            Self::Faint => "\u{1b}[2m",
            Self::Orange => "\u{1b}[38;5;208m",
            Self::Plain => "",
            Self::Red => "\u{1b}[1;31m",
        }
    }
}

impl Line {
    /// An empty line that begins at column `indent` and goes on at column `hang`.
    pub(crate) const fn new(indent: usize, hang: usize) -> Self {
        Self { atoms: Vec::new(), indent, hang, gap: None }
    }

    /// A line that begins with `label` at column `indent` and goes on beside it, at column `hang`.
    pub(crate) fn labelled(indent: usize, hang: usize, paint: Paint, label: &str) -> Self {
        if label.is_empty() {
            return Self::new(hang, hang);
        }
        let end = indent + escape::columns(label);
        Self { gap: Some(hang.saturating_sub(end).max(1)), ..Self::new(indent, hang) }
            .first(paint, label)
    }

    /// Adds the first piece, which leaves the gap for the next one.
    fn first(mut self, paint: Paint, text: &str) -> Self {
        let gap = self.gap.take();
        Self { gap, ..self.word(paint, text) }
    }

    /// Adds `text` right after what is there.
    pub(crate) fn glued(self, paint: Paint, text: &str) -> Self {
        self.atom(paint, text, 0)
    }

    /// Adds `text` after a space, in one piece.
    pub(crate) fn word(self, paint: Paint, text: &str) -> Self {
        self.atom(paint, text, 1)
    }

    /// Adds `text` after two spaces, in one piece.
    pub(crate) fn part(self, paint: Paint, text: &str) -> Self {
        self.atom(paint, text, 2)
    }

    /// Adds the words of `text`, at most `columns_max` columns of it.
    pub(crate) fn prose(mut self, paint: Paint, text: &str, columns_max: usize) -> Self {
        let shown = escape::cut(text, columns_max);
        for word in shown.split(' ').filter(|word| !word.is_empty()) {
            let gap = self.gap.take().unwrap_or(1);
            self.atoms.push(Atom { text: word.to_owned(), paint, gap });
        }
        self
    }

    fn atom(mut self, paint: Paint, text: &str, gap: usize) -> Self {
        if !text.is_empty() {
            let gap = self.gap.take().unwrap_or(gap);
            self.atoms.push(Atom { text: escape::terminal(text).into_owned(), paint, gap });
        }
        self
    }
}

impl Page {
    /// An empty page.
    pub(crate) fn of(style: &Style) -> Self {
        Self { style: Style { width: style.width.max(WIDTH_MIN), ..*style }, out: String::new() }
    }

    /// How the page is laid out.
    pub(crate) const fn style(&self) -> Style {
        self.style
    }

    /// What the page holds.
    pub(crate) fn into_text(self) -> String {
        self.out
    }

    /// Adds an empty line.
    pub(crate) fn gap(&mut self) {
        self.out.push('\n');
    }

    /// Adds plain words that wrap.
    pub(crate) fn say(&mut self, paint: Paint, text: &str) {
        self.line(&Line::new(0, 2).prose(paint, text, usize::MAX));
    }

    /// Adds a line, wrapped at the width.
    pub(crate) fn line(&mut self, line: &Line) {
        self.spaces(line.indent);
        let (mut at, mut is_start) = (line.indent, true);
        for atom in &line.atoms {
            let columns = escape::columns(&atom.text);
            let gap = if is_start { 0 } else { atom.gap };
            if !is_start && at + gap + columns > self.style.width {
                self.out.push('\n');
                self.spaces(line.hang);
                at = line.hang;
            } else {
                self.spaces(gap);
                at += gap;
            }
            at = self.paint(atom, at, line.hang);
            is_start = false;
        }
        self.out.push('\n');
    }

    /// Writes `atom` at column `at`, breaking it where the page ends, and says where it ended.
    fn paint(&mut self, atom: &Atom, mut at: usize, hang: usize) -> usize {
        let is_painted = self.style.color && atom.paint != Paint::Plain;
        if is_painted {
            self.out.push_str(atom.paint.code());
        }
        for character in atom.text.chars() {
            let columns = character.width().unwrap_or(0);
            if at + columns > self.style.width && at > hang {
                self.out.push('\n');
                self.spaces(hang);
                at = hang;
            }
            self.out.push(character);
            at += columns;
        }
        if is_painted {
            self.out.push_str("\u{1b}[0m");
        }
        at
    }

    fn spaces(&mut self, number: usize) {
        self.out.extend(core::iter::repeat_n(' ', number));
    }
}

/// `text` with spaces up to `columns`, cut if it is longer.
pub(crate) fn padded(text: &str, columns: usize) -> String {
    let mut cell = escape::cut(text, columns).into_owned();
    let missing = columns.saturating_sub(escape::columns(&cell));
    cell.extend(core::iter::repeat_n(' ', missing));
    cell
}
