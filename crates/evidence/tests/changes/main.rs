//! What records of calls that last say about who gets in, what it is called and whether it lasts.

#[cfg(test)]
mod grants;
#[cfg(test)]
mod names;
#[cfg(test)]
mod records;
#[cfg(test)]
mod shares;
