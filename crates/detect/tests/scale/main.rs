//! Logs of a size and a kind that somebody chose to do harm: the analysis ends, and its output
//! keeps its bounds.

#[cfg(test)]
mod bounds;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod writing;
