//! Compares what detectors and simple rules say about logs with what is known to be in them.
//!
//! A [`Watch`] looks at one analysis after the other as time goes on and notes when an attack was
//! first seen; [`baselines`] judges the same events as rule sets do. Both give [`Score`]s, which
//! make a [`Run`]; runs add up to [`Cell`]s, and [`written`] prints them.
#![no_std]

extern crate alloc;

mod baselines;
mod cell;
mod event;
mod label;
mod run;
mod tables;
mod watch;
pub mod written;

pub use baselines::{BASELINES, Baseline, baselines};
pub use cell::Cell;
pub use event::{Event, Events};
pub use label::Attack;
pub use run::{Evaluation, RULES, Run, Score, Sighting, WHOLE};
pub use watch::Watch;

#[cfg(test)]
mod tests;
