//! The response plan of an incident: ordered steps that a person can follow, check and undo.
//!
//! Nothing is ever run here. Every value of the logs is checked against AWS's grammar before it
//! enters a command, and commands are lists of arguments.
#![no_std]

extern crate alloc;

mod affected;
mod artifact;
mod case;
mod closing;
mod command;
mod grammar;
mod organization;
mod origin;
mod permission;
mod place;
mod plan;
mod policy;
mod preserve;
mod recover;
mod reference;
mod reserved;
mod role;
mod step;
mod trust;
mod user;
mod verify;
mod watch;

pub use command::{Command, Input, NOW, quoted};
pub use plan::{Credential, Plan, plan};
pub use step::{
    Affected, Check, Console, Expect, Phase, Precondition, Risk, Setting, SettingOn, Step,
};
pub use verify::{Answer, CredentialVerdict, Standing, Undone, Untold, Verdict, verify};
pub use watch::Watch;
