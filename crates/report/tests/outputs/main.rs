//! Every written form, on analyses made by hand.

#[cfg(test)]
mod alerts;
#[cfg(test)]
mod asff;
#[cfg(test)]
mod bob;
#[cfg(test)]
mod bounds;
#[cfg(test)]
mod comparing;
#[cfg(test)]
mod facts;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod logs;
#[cfg(test)]
mod ocsf;
#[cfg(test)]
mod page;
#[cfg(test)]
mod rows;
