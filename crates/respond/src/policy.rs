//! Policies that a plan writes, each within its quota.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write as _;

use serde_json::{Value, json};

use crate::grammar::Refused;

/// Characters of all inline policies of a role together, white space aside (IAM quotas).
pub(crate) const ROLE_INLINE_MAX: usize = 10_240;

/// Characters of all inline policies of a user together.
pub(crate) const USER_INLINE_MAX: usize = 2_048;

/// Characters of all inline policies of a group together.
pub(crate) const GROUP_INLINE_MAX: usize = 5_120;

/// Characters of a trust policy, without a raised quota.
pub(crate) const TRUST_MAX: usize = 2_048;

/// Characters of a service control policy, as everywhere before May 2026.
pub(crate) const ORGANIZATION_MAX: usize = 5_120;

/// The AWS managed policy that denies everything.
pub(crate) fn deny_all_arn(partition: &str) -> String {
    format!("arn:{partition}:iam::aws:policy/AWSDenyAll")
}

/// The text of `policy`, if it keeps within `max` characters.
pub(crate) fn within(policy: &Value, max: usize) -> Result<String, Refused> {
    let text = ascii(&policy.to_string());
    if text.chars().filter(|character| !character.is_whitespace()).count() > max {
        return Err(Refused {
            what: "a policy within its quota",
            value: format!("{max} characters"),
        });
    }
    Ok(text)
}

/// A JSON text in which every character beside ASCII is escaped, and so means the same.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii_graphic() || character == ' ' {
            text.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(text, "\\u{unit:04x}");
        }
    }
    text
}

/// Denies everything to credentials that were issued before `cut_off`.
pub(crate) fn revoke(cut_off: &str) -> Value {
    document(json!({"DateLessThan": {"aws:TokenIssueTime": cut_off}}))
}

/// Denies everything to the sessions `user_ids` that were issued before `cut_off`.
pub(crate) fn revoke_sessions(user_ids: &[&str], cut_off: &str) -> Value {
    document(json!({
        "StringEquals": {"aws:userid": user_ids},
        "DateLessThan": {"aws:TokenIssueTime": cut_off},
    }))
}

/// Denies everything to the sessions of the person `user_id` of the identity store that were
/// issued before `cut_off`.
///
/// `identitystore:userId` stays the same when the person's name changes (user guide of Identity
/// Center, "Use a Deny policy to revoke active user permissions").
pub(crate) fn revoke_person(user_id: &str, cut_off: &str) -> Value {
    document(json!({
        "StringEquals": {"identitystore:userId": user_id},
        "DateLessThan": {"aws:TokenIssueTime": cut_off},
    }))
}

fn document(condition: Value) -> Value {
    let mut statement = deny("*", "*");
    if let Some(members) = statement.as_object_mut() {
        members.insert("Condition".into(), condition);
    }
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

fn deny(action: &str, resource: &str) -> Value {
    json!({"Effect": "Deny", "Action": [action], "Resource": [resource]})
}

/// Denies everything.
pub(crate) fn deny_all() -> Value {
    json!({"Version": "2012-10-17", "Statement": [deny("*", "*")]})
}

/// Denies `action` on `arns`.
pub(crate) fn deny_on(action: &str, arns: &[&str]) -> Value {
    json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Action": [action], "Resource": arns}
    ]})
}

/// A trust policy that lets nobody in.
pub(crate) fn trust_nobody() -> Value {
    json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    ]})
}

/// Whom a policy of the organization denies.
#[derive(Clone, Debug, Default)]
pub(crate) struct Denied {
    /// Roles, users and root users, by ARN.
    pub(crate) principal_arns: Vec<String>,
    /// Sessions, by `aws:userid`.
    pub(crate) user_ids: Vec<String>,
    /// People, by their id in the identity store.
    pub(crate) people: Vec<String>,
}

/// A service control policy against `denied`, as far as they are sessions that were issued before
/// `cut_off` or long-term keys.
pub(crate) fn contain(denied: &Denied, cut_off: &str) -> Value {
    let statement = |sid: &str, operator: &str, key: &str, values: &[String]| {
        json!({"Sid": sid, "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {
            operator: {key: values},
            "DateLessThanIfExists": {"aws:TokenIssueTime": cut_off},
        }})
    };
    let kinds = [
        ("ContainChain", "ArnLike", "aws:PrincipalArn", &denied.principal_arns),
        ("ContainSessions", "StringEquals", "aws:userid", &denied.user_ids),
        ("ContainPerson", "StringEquals", "identitystore:userId", &denied.people),
    ];
    let kinds = kinds.into_iter().filter(|(.., values)| !values.is_empty());
    let statements: Vec<Value> =
        kinds.map(|(sid, operator, key, values)| statement(sid, operator, key, values)).collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// `document` without the statements that let `accounts`, `providers` or anybody in; nobody comes
/// in where none is left.
pub(crate) fn trust_without(
    document: &str,
    accounts: &[&str],
    providers: &[&str],
    without_anybody: bool,
) -> Value {
    let mut policy: Value = serde_json::from_str(document).unwrap_or(Value::Null);
    let is_unwanted = |text: &str| {
        let account = cloudtrail::Arn::parse(text).map_or(text, |arn| arn.account_id);
        accounts.contains(&account) || providers.contains(&text) || (without_anybody && text == "*")
    };
    let names_unwanted = |value: &Value| match value {
        Value::String(text) => is_unwanted(text),
        Value::Array(texts) => texts.iter().filter_map(Value::as_str).any(is_unwanted),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    };
    let is_kept = |statement: &Value| {
        let principal = statement.get("Principal");
        let members = principal.and_then(Value::as_object).into_iter().flatten();
        let is_inverted = statement.get("NotPrincipal").is_some() && without_anybody;
        !is_inverted
            && !principal.is_some_and(names_unwanted)
            && !members.map(|(_, value)| value).any(names_unwanted)
    };
    match policy.get_mut("Statement") {
        Some(Value::Array(statements)) => statements.retain(is_kept),
        Some(statement) if is_kept(statement) => {}
        Some(_) | None => return trust_nobody(),
    }
    let is_empty = policy.get("Statement").and_then(Value::as_array).is_some_and(Vec::is_empty);
    if is_empty { trust_nobody() } else { policy }
}

/// A policy of the logs, if it is JSON and keeps within `max` characters.
pub(crate) fn of_logs(document: &str, max: usize) -> Result<String, Refused> {
    let policy: Option<Value> = serde_json::from_str(document).ok();
    let policy = policy.filter(Value::is_object);
    policy.map_or(Err(Refused { what: "policy", value: String::new() }), |policy| {
        within(&policy, max)
    })
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;

    use super::{
        Denied, ORGANIZATION_MAX, ROLE_INLINE_MAX, contain, deny_all, revoke, revoke_sessions,
        trust_nobody, trust_without, within,
    };

    #[test]
    fn the_policy_that_revokes_is_the_console_s_own() {
        let text = within(&revoke("2026-10-01T12:00:00Z"), ROLE_INLINE_MAX).unwrap();
        assert_eq!(
            text,
            r#"{"Statement":[{"Action":["*"],"Condition":{"DateLessThan":{"aws:TokenIssueTime":"2026-10-01T12:00:00Z"}},"Effect":"Deny","Resource":["*"]}],"Version":"2012-10-17"}"#
        );
    }

    #[test]
    fn a_policy_beyond_its_quota_is_refused() {
        let ids: Vec<String> =
            (0..400).map(|n| alloc::format!("AROAEXAMPLEEXAMPLE:{n:040}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let policy = |number| revoke_sessions(&ids[..number], "2026-10-01T12:00:00Z");
        assert!(within(&policy(100), ROLE_INLINE_MAX).is_ok());
        assert!(within(&policy(400), ROLE_INLINE_MAX).is_err());
        let principal_arns = [String::from("arn:aws:iam::111122223333:role/R")].to_vec();
        let denied = Denied { principal_arns, ..Denied::default() };
        assert!(within(&contain(&denied, "2026-10-01T12:00:00Z"), ORGANIZATION_MAX).is_ok());
        assert!(within(&deny_all(), 0).is_err());
    }

    #[test]
    fn a_trust_policy_loses_the_stranger_and_keeps_the_others() {
        let document = r#"{"Version":"2012-10-17","Statement":[
            {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999988887777:root"},"Action":"sts:AssumeRole"},
            {"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
        let text = trust_without(document, &["999988887777"], &[], false).to_string();
        assert!(text.contains("ec2.amazonaws.com") && !text.contains("999988887777"), "{text}");
        let open = r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}}"#;
        assert_eq!(trust_without(open, &[], &[], true), trust_nobody());
        assert_eq!(trust_without("no policy", &[], &[], true), trust_nobody());
    }
}
