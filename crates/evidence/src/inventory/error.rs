//! Why an inventory was not read.

use core::fmt;

use super::INVENTORY_BYTES_MAX;

/// Why an inventory was not read.
#[derive(Debug)]
pub enum InventoryError {
    /// There is nothing in it.
    Empty,
    /// It is not JSON, or nested deeper than 128 levels.
    Json(serde_json::Error),
    /// It is larger than [`INVENTORY_BYTES_MAX`].
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// It is JSON of another kind.
    Unknown,
}

impl fmt::Display for InventoryError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(formatter, "the inventory is empty"),
            Self::Json(_) => write!(formatter, "the inventory is not JSON"),
            Self::TooLarge { bytes } => {
                let max = INVENTORY_BYTES_MAX;
                write!(formatter, "the inventory has {bytes} bytes, which is more than {max}")
            }
            Self::Unknown => write!(
                formatter,
                "expected the JSON of `aws ec2 describe-instances`, `describe-addresses`, \
                 `describe-nat-gateways`, `describe-network-interfaces`, `describe-vpc-endpoints`, \
                 `describe-route-tables`, `aws organizations list-accounts`, or a snapshot of AWS \
                 Config"
            ),
        }
    }
}

impl core::error::Error for InventoryError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Json(error) => Some(error),
            Self::Empty | Self::TooLarge { .. } | Self::Unknown => None,
        }
    }
}

impl From<serde_json::Error> for InventoryError {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}
