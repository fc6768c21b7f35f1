//! Alerts on their way: real HTTP to a server of the test, and time that the test moves.

mod aws;
mod encryption;
mod failures;
mod messages;
mod outbox;
mod refusals;
mod restarts;
mod secrets;
mod server;
mod world;
