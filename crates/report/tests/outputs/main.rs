//! Every written form, on analyses made by hand.

mod bob;
mod bounds;
mod golden;
mod hostile;
mod page;
