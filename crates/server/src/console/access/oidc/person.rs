//! What the claims of a verified ID token say: whether they hold now, for this client, who it is,
//! and what they may do.

use serde_json::Value;

use super::Refusal;
use crate::config::ClaimRole;
use crate::console::access::{LOCAL, OF_TOKENS};
use crate::console::wire::Role;

/// Seconds by which the provider's clock may be ahead.
const AHEAD_MAX: f64 = 60.0;

/// Bytes of a name that stands in the audit.
const NAME_BYTES_MAX: usize = 200;

/// Refuses claims that hold only later than `now` (milliseconds), and those that were handed out to
/// another client than `client`.
pub(super) fn check(claims: &Value, client: &str, now: i64) -> Result<(), Refusal> {
    let latest = now as f64 / 1_000.0 + AHEAD_MAX;
    let is_early = |at: &Value| at.as_f64().is_none_or(|at| at > latest);
    if ["iat", "nbf"].iter().filter_map(|name| claims.get(name)).any(is_early) {
        return Err(Refusal::failed("the ID token is not valid yet: look at the clocks"));
    }
    if claims.get("azp").is_some_and(|party| party.as_str() != Some(client)) {
        return Err(Refusal::failed("the ID token is for another client"));
    }
    Ok(())
}

/// Who the claims are about: under this name they stand in the audit and own suppressions.
pub(super) fn name(claims: &Value) -> Result<&str, Refusal> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    // Whoever may write an address into their own profile is not its owner.
    let is_unverified = claims.get("email_verified") == Some(&Value::Bool(false));
    let email = text("email").filter(|_| !is_unverified);
    let user = text("preferred_username").filter(|name| !is_unverified || !name.contains('@'));
    let mut names = [email, user, text("sub")].into_iter().flatten();
    names.find(|name| is_name(name)).ok_or_else(|| Refusal::failed("the ID token names nobody"))
}

/// Whether it can be shown, and is no name that the console gives itself.
fn is_name(name: &str) -> bool {
    let is_plain = !name.trim().is_empty() && !name.chars().any(char::is_control);
    let small = name.trim_start().to_ascii_lowercase();
    let is_taken = small.trim_end() == LOCAL || small.starts_with(OF_TOKENS);
    is_plain && name.len() <= NAME_BYTES_MAX && !is_taken
}

/// The highest role that the values of `claim` give.
pub(super) fn role(claims: &Value, claim: &str, roles: &[ClaimRole]) -> Result<Role, Refusal> {
    let values: Vec<&str> = match claims.get(claim) {
        Some(Value::String(value)) => vec![value],
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
        Some(Value::Bool(_) | Value::Null | Value::Number(_) | Value::Object(_)) | None => {
            Vec::new()
        }
    };
    let given = roles.iter().filter(|role| values.contains(&role.value.as_str()));
    let role = given.map(|role| Role::from(role.role)).max();
    role.ok_or_else(Refusal::without_role)
}
