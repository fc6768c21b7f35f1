//! What records and inventories, in the shapes that AWS writes, say about networks.

#[cfg(test)]
mod addresses;
#[cfg(test)]
mod gateways;
#[cfg(test)]
mod instances;
#[cfg(test)]
mod inventories;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod records;
#[cfg(test)]
mod routes;
#[cfg(test)]
mod scale;
