//! What must hold for every log, whatever its delivery: order, parts, repetition, neighbors.
//!
//! `docs/laws.md` names each law, and what was broken by hand to see it fail.

#[cfg(test)]
mod chance;
#[cfg(test)]
mod delivery;
#[cfg(test)]
mod growth;
#[cfg(test)]
mod late_facts;
#[cfg(test)]
mod logs;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod neighbors;
