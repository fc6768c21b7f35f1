//! The one writer: whatever arrives in whatever order, with restarts in between, is kept once, is
//! found as a scan finds it, and is told once.

#[cfg(test)]
mod kept;
#[cfg(test)]
mod logs;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod told;
