//! Months of invented logs: what is a habit, what is not, and what a person decides.

#[cfg(test)]
mod kin;
#[cfg(test)]
mod months;
#[cfg(test)]
mod restless;
#[cfg(test)]
mod strangers;
#[cfg(test)]
mod writing;
