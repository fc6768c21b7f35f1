//! Text for a page: bounded, without unseen characters; the template escapes the rest.

use alloc::string::String;
use core::fmt;

use crate::escape;
use crate::limits::HTML_TEXT_MAX;

/// Text that a page may show.
///
/// Every text of a log enters a template as this type, and the template escapes it for HTML.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Plain(String);

impl Plain {
    /// `text`, cut to the length that a page bears.
    pub(super) fn of(text: &str) -> Self {
        Self::clipped(text, HTML_TEXT_MAX)
    }

    /// `text`, cut to `characters_max` columns.
    pub(super) fn clipped(text: &str, characters_max: usize) -> Self {
        Self(escape::cut(text, characters_max).into_owned())
    }

    /// Whether there is nothing to show.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Columns that the text takes.
    pub(super) fn columns(&self) -> usize {
        escape::columns(&self.0)
    }
}

impl From<Option<&str>> for Plain {
    fn from(text: Option<&str>) -> Self {
        text.map(Self::of).unwrap_or_default()
    }
}

impl fmt::Display for Plain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
