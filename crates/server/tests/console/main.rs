//! The console's API over a real store, asked over HTTP: what it says, who may ask, and what it
//! refuses.

#[cfg(test)]
mod access;
#[cfg(test)]
mod answers;
#[cfg(test)]
mod decisions;
#[cfg(test)]
mod described;
#[cfg(test)]
mod oidc;
#[cfg(test)]
mod world;
