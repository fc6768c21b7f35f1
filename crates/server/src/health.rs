//! Metrics, health and readiness, for machines, on an address of their own.

mod metrics;

pub use metrics::{EventResult, Metrics, ObjectResult};
