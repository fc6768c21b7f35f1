//! Who handed out what to whom, for every way in which AWS hands out credentials.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod cycles;
#[cfg(test)]
mod delivery;
#[cfg(test)]
mod drawing;
#[cfg(test)]
mod fragments;
#[cfg(test)]
mod hops;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod naming;
#[cfg(test)]
mod people;
#[cfg(test)]
mod records;
#[cfg(test)]
mod workloads;
