//! The configuration from outside: files, variables, flags, and what is said about them.

#[cfg(test)]
mod documents;
#[cfg(test)]
mod folder;
#[cfg(test)]
mod problems;
#[cfg(test)]
mod sources;
