//! What runs for long: the configuration, alerts that are delivered, metrics and health, logs.
//!
//! The store and the formats of payloads come in through small traits: [`alerts::Outbox`] keeps
//! what is to be sent, [`alerts::Payloads`] writes it, [`alerts::AwsSink`] speaks to AWS.

pub mod address;
pub mod alerts;
pub mod clients;
pub mod clock;
pub mod config;
pub mod console;
pub mod coverage;
pub mod doctor;
pub mod engine;
pub mod health;
pub mod intake;
pub mod listen;
pub mod logs;
pub mod output;
pub mod payload;
pub mod secret;
pub mod service;
