//! Every written form, on analyses made by hand.

#[cfg(test)]
mod bob;
#[cfg(test)]
mod bounds;
#[cfg(test)]
mod comparing;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod page;
