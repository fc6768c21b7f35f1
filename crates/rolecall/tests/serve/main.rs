//! `serve` against an endpoint that speaks AWS's protocols: killed at any moment, in every kind
//! of trouble, from every source and to every sink of AWS.
//!
//! Skipped unless the address of one is in `ROLECALL_TEST_ENDPOINT`: `cargo xtask ci --only serve`
//! starts it and runs these tests.

#[cfg(test)]
mod aws_sinks;
#[cfg(test)]
mod chance;
#[cfg(test)]
mod endpoint;
#[cfg(test)]
mod hook;
#[cfg(test)]
mod killed;
#[cfg(test)]
mod listing;
#[cfg(test)]
mod organization;
#[cfg(test)]
mod place;
#[cfg(test)]
mod raw;
#[cfg(test)]
mod trouble;
