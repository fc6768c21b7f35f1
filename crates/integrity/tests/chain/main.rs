//! Chains of digests that the tests sign themselves, valid and broken in every way.

#[cfg(test)]
mod broken;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod offline;
#[cfg(test)]
mod trail;
#[cfg(test)]
mod valid;
#[cfg(test)]
mod walking;
