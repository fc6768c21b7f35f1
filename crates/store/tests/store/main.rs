//! The store as its callers meet it: whole commits, whatever happens to the process and the disk.

#[cfg(test)]
mod alerts;
#[cfg(test)]
mod chance;
#[cfg(test)]
mod commits;
#[cfg(test)]
mod damaged;
#[cfg(test)]
mod full;
#[cfg(test)]
mod killed;
#[cfg(test)]
mod made;
#[cfg(test)]
mod model;
#[cfg(test)]
mod muting;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod people;
#[cfg(test)]
mod rest;
#[cfg(test)]
mod retention;
#[cfg(test)]
mod segments;
