//! Alerts on their way: real HTTP to a server of the test, and time that the test moves.

#[cfg(test)]
mod aws;
#[cfg(test)]
mod encryption;
#[cfg(test)]
mod failures;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod proxies;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod restarts;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod server;
#[cfg(test)]
mod world;
