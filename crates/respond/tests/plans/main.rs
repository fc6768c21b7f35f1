//! Plans of every fixture and of every kind of thing left behind.

#[cfg(test)]
mod artifacts;
#[cfg(test)]
mod following;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod logs;
#[cfg(test)]
mod mission;
#[cfg(test)]
mod origins;
#[cfg(test)]
mod partitions;
#[cfg(test)]
mod permission_sets;
#[cfg(test)]
mod recovering;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod undoing;
#[cfg(test)]
mod verifying;
