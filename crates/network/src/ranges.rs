//! stub
use core::net::IpAddr;
/// stub
#[derive(Debug)]
pub struct AwsRanges;
impl AwsRanges {
    /// stub
    pub fn lookup(&self, _a: IpAddr) -> Option<()> {
        None
    }
}
/// stub
pub fn is_private(a: IpAddr) -> bool {
    match a {
        IpAddr::V4(a) => a.is_private() || a.is_loopback() || a.is_link_local(),
        IpAddr::V6(a) => a.is_unique_local(),
    }
}
/// stub
pub fn is_reserved(_a: IpAddr) -> bool {
    false
}
