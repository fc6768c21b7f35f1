//! What people are told when an incident opens, rises or is withdrawn.

mod pagerduty;
mod slack;
mod webhook;

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use detect::Severity;

use crate::dossier::Dossier;
use crate::fit::shown;
use crate::limits::ALERT_TEXT_MAX;
use crate::told::{Told, link};
use crate::words;

pub use pagerduty::pagerduty;
pub use slack::slack;
pub use webhook::webhook;

/// What happened to an incident.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AlertKind {
    /// It is new.
    Opened,
    /// It is graver than it was.
    Raised {
        /// How grave it was.
        was: Severity,
    },
    /// It is none any more: later logs explain it.
    Withdrawn,
}

/// An alert about one incident.
#[derive(Clone, Copy, Debug)]
pub struct Alert<'a> {
    /// What happened.
    pub kind: AlertKind,
    /// The incident; a withdrawn one as it was.
    pub dossier: &'a Dossier<'a>,
    /// Address of the console, `http://` or `https://`.
    pub base_url: Option<&'a str>,
}

impl AlertKind {
    /// The word for it: `opened`, `raised` or `withdrawn`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Raised { .. } => "raised",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// How grave the incident was, where it was raised.
    const fn was(self) -> Option<Severity> {
        match self {
            Self::Raised { was } => Some(was),
            Self::Opened | Self::Withdrawn => None,
        }
    }
}

impl<'a> Alert<'a> {
    fn severity(&self) -> Severity {
        self.dossier.incident.severity
    }

    /// The command that prints the plan.
    fn command(&self) -> String {
        alloc::format!("rolecall respond {}", self.dossier.incident.id)
    }

    fn link(&self) -> Option<String> {
        link(self.base_url, &self.dossier.incident.id)
    }

    fn accounts(&self) -> Vec<&'a str> {
        Told::incident(self.dossier).accounts()
    }

    /// The name that the origin is best known by.
    fn origin(&self) -> String {
        words::origin_name(&self.dossier.incident.origin)
    }
}

/// `text` as one line that shows what it holds, cut where it is too long for an alert.
fn line(text: &str) -> String {
    shown(text, ALERT_TEXT_MAX, "…")
}

/// As much of `text` as an alert holds, with every character as it is.
fn raw(text: &str) -> Cow<'_, str> {
    crate::fit::short(text, ALERT_TEXT_MAX, "…")
}
