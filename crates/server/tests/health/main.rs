//! Metrics, health and readiness, as a machine sees them.

#[cfg(test)]
mod asked;
