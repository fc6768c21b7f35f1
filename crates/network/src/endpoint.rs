//! A VPC endpoint.

use alloc::sync::Arc;

use cloudtrail::Timestamp;

use crate::interval::Proof;

/// A VPC endpoint of one's own.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// `vpce-…`.
    pub id: Arc<str>,
    /// Account that owns it.
    pub account_id: Option<Arc<str>>,
    /// VPC that it lies in.
    pub vpc_id: Option<Arc<str>>,
    /// The service, such as `com.amazonaws.us-east-1.s3`.
    pub service_name: Option<Arc<str>>,
    /// When it was created, where known.
    pub since: Option<Timestamp>,
    /// When it was deleted.
    pub until: Option<Timestamp>,
    /// What it is known from.
    pub proof: Proof,
}
