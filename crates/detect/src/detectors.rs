//! The detectors, one file each.

pub(crate) mod chain_to_persistence;
pub(crate) mod federation_token_persistence;
pub(crate) mod forged_instance_session;
pub(crate) mod instance_credential_exfiltration;
pub(crate) mod long_term_key_persistence;
pub(crate) mod role_chaining;
pub(crate) mod role_juggling;
pub(crate) mod unusual_use;
pub(crate) mod workload_credential_exfiltration;
