//! What records of calls that last say about who gets in and whether it lasts.

#[cfg(test)]
mod grants;
#[cfg(test)]
mod records;
#[cfg(test)]
mod shares;
