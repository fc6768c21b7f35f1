//! What is done to whom, by style of the organization.

mod ci_heavy;
mod container_heavy;
mod enterprise;
mod startup;

use super::Move;
use crate::style::Style;

/// An attack as it was planned.
pub(super) struct Plan {
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    /// The label of the actor whose credential is stolen.
    pub(super) victim: &'static str,
    /// The name of the sessions that are made.
    pub(super) session_name: &'static str,
    pub(super) moves: &'static [Move],
}

impl Plan {
    pub(super) fn n_rests(&self) -> usize {
        self.moves.iter().filter(|step| **step == Move::Rest).count()
    }
}

const fn plan(
    name: &'static str,
    kind: &'static str,
    victim: &'static str,
    session_name: &'static str,
    moves: &'static [Move],
) -> Plan {
    Plan { name, kind, victim, session_name, moves }
}

/// The plans for organizations of `style`.
pub(super) fn plans(style: Style) -> &'static [Plan] {
    match style {
        Style::Mixed => &[],
        Style::CiHeavy => &ci_heavy::PLANS,
        Style::ContainerHeavy => &container_heavy::PLANS,
        Style::Enterprise => &enterprise::PLANS,
        Style::Startup => &startup::PLANS,
    }
}
