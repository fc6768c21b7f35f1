//! What a policy document opens.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};

use cloudtrail::Arn;
use serde_json::Value;

/// How far a policy lets somebody in.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum Admission {
    /// Not at all, or only those whom a condition names.
    #[default]
    No,
    /// On a condition that does not say who they are.
    OnCondition,
    /// Without a condition.
    Free,
}

/// What the `Allow` statements of a policy document open, or of a trust policy admit.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Policy {
    /// Every action on every resource.
    pub grants_administrator: bool,
    /// Every action of IAM or STS on every resource, which amounts to the same.
    pub grants_iam: bool,
    /// How far anybody comes in.
    pub anybody: Admission,
    /// Accounts of AWS principals.
    pub accounts: BTreeSet<String>,
    /// Federated providers, and how far those whom they vouch for come in.
    pub providers: BTreeMap<String, Admission>,
}

/// Condition keys that say who calls, or for whom a service does.
///
/// Whoever meets a condition on another key, such as an address or an external id, may still be
/// anybody.
const IDENTIFYING_KEYS: [&str; 13] = [
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:SourceOwner",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "kms:CallerAccount",
    "s3:DataAccessPointAccount",
];

/// Operators that hold only where the key is present and its value is among those that are named.
///
/// `IfExists` and `ForAllValues` are not among them: both hold where the key is absent.
const NAMING_OPERATORS: [&str; 5] =
    ["ArnEquals", "ArnLike", "StringEquals", "StringEqualsIgnoreCase", "StringLike"];

/// AWS managed policies that grant what an administrator has.
const ADMINISTRATOR_POLICIES: [&str; 2] = ["AdministratorAccess", "IAMFullAccess"];

/// Whether `policy_arn` is an AWS managed policy of administrators.
pub fn is_administrator_policy(policy_arn: &str) -> bool {
    let Some(arn) = Arn::parse(policy_arn) else {
        return false;
    };
    let name = arn.resource.rsplit('/').next().unwrap_or_default();
    arn.account_id == "aws" && ADMINISTRATOR_POLICIES.contains(&name)
}

impl Policy {
    /// Reads a policy document; what is not one opens nothing.
    pub fn parse(document: &str) -> Self {
        serde_json::from_str::<Value>(document)
            .map_or_else(|_| Self::default(), |value| Self::of(&value))
    }

    /// Reads a policy document that is taken apart already.
    pub(crate) fn of(document: &Value) -> Self {
        let mut policy = Self::default();
        one_or_many(document.get("Statement")).for_each(|statement| policy.statement(statement));
        policy
    }

    fn statement(&mut self, statement: &Value) {
        if statement.get("Effect").and_then(Value::as_str) != Some("Allow") {
            return;
        }
        let principal = statement.get("Principal");
        let excepted = statement.get("NotPrincipal");
        let is_everywhere = strings(statement.get("Resource")).any(|resource| resource == "*");
        // Where principals stand, every resource is the one that the policy belongs to.
        let is_of_identity = principal.is_none() && excepted.is_none();
        let has = |wanted: &[&str]| {
            strings(statement.get("Action"))
                .any(|action| wanted.iter().any(|name| action.eq_ignore_ascii_case(name)))
        };
        self.grants_administrator |= is_of_identity && is_everywhere && has(&["*", "*:*"]);
        self.grants_iam |= is_of_identity && is_everywhere && has(&["iam:*", "sts:*"]);
        let condition = statement.get("Condition");
        self.principal(principal, condition);
        if excepted.is_some() {
            self.anybody = self.anybody.max(admission_of_anybody(condition));
        }
    }

    fn principal(&mut self, principal: Option<&Value>, condition: Option<&Value>) {
        let aws = match principal {
            Some(Value::String(_)) => principal,
            Some(principal) => principal.get("AWS"),
            None => None,
        };
        for name in strings(aws) {
            match account_of_principal(name) {
                Some(account) => _ = self.accounts.insert(account.to_string()),
                None if name == "*" => {
                    self.anybody = self.anybody.max(admission_of_anybody(condition));
                }
                None => {}
            }
        }
        let federated = principal.and_then(|principal| principal.get("Federated"));
        for provider in strings(federated) {
            let known = self.providers.entry(provider.to_string()).or_default();
            *known = (*known).max(admission_of_vouched(condition));
        }
    }
}

fn admission_of_anybody(condition: Option<&Value>) -> Admission {
    let names_somebody = restrictions(condition).any(|(operator, key)| {
        let operator = operator.strip_prefix("ForAnyValue:").unwrap_or(operator);
        is_among(&NAMING_OPERATORS, operator) && is_among(&IDENTIFYING_KEYS, key)
    });
    if names_somebody { Admission::No } else { admission_of_vouched(condition) }
}

fn admission_of_vouched(condition: Option<&Value>) -> Admission {
    let is_restricted = restrictions(condition).next().is_some();
    if is_restricted { Admission::OnCondition } else { Admission::Free }
}

/// Operators and keys of the conditions that not everybody meets.
fn restrictions(condition: Option<&Value>) -> impl Iterator<Item = (&str, &str)> {
    let operators = condition.and_then(Value::as_object).into_iter().flatten();
    operators.flat_map(|(operator, keys)| {
        let keys = keys.as_object().into_iter().flatten();
        let restricting = keys.filter(|(_, values)| !strings(Some(values)).any(matches_everybody));
        restricting.map(move |(key, _)| (operator.as_str(), key.as_str()))
    })
}

/// Whether a value of a condition is met by everybody, or by an ARN of every account.
pub(crate) fn matches_everybody(value: &str) -> bool {
    let is_wild = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte == b'*');
    is_wild(value) || Arn::parse(value).is_some_and(|arn| is_wild(arn.account_id))
}

fn is_among(names: &[&str], wanted: &str) -> bool {
    names.iter().any(|name| name.eq_ignore_ascii_case(wanted))
}

/// The account of a principal that is an account or lies in one.
pub(crate) fn account_of_principal(name: &str) -> Option<&str> {
    let is_account =
        |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let account = Arn::parse(name).map_or(name, |arn| arn.account_id);
    is_account(account).then_some(account)
}

/// The values of a list, or the one value that stands where a list may.
pub(crate) fn one_or_many(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let many = value.and_then(Value::as_array).into_iter().flatten();
    many.chain(value.filter(|value| !value.is_array()))
}

/// The texts among [`one_or_many`].
pub(crate) fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    one_or_many(value).filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::{Admission, Policy, is_administrator_policy};

    #[test]
    fn everything_on_everything_is_administration_however_it_is_written() {
        for document in [
            r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
            r#"{"Statement":[{"Effect":"Allow","Action":["s3:*","*:*"],"Resource":["*"]}]}"#,
        ] {
            assert!(Policy::parse(document).grants_administrator, "{document}");
        }
        for document in [
            r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#,
            r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/*"}}"#,
            "{",
            "",
        ] {
            assert!(!Policy::parse(document).grants_administrator, "{document}");
        }
        assert!(is_administrator_policy("arn:aws:iam::aws:policy/AdministratorAccess"));
        assert!(!is_administrator_policy("arn:aws:iam::111122223333:policy/AdministratorAccess"));
    }

    #[test]
    fn a_trust_policy_names_who_may_come_in() {
        let policy = Policy::parse(
            r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::999988887777:root","111122223333"],"Federated":"arn:aws:iam::111122223333:saml-provider/x"},"Action":"sts:AssumeRole"},
            {"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{}}]}"#,
        );
        assert_eq!(policy.anybody, Admission::Free);
        assert_eq!(
            policy.accounts.into_iter().collect::<alloc::vec::Vec<_>>(),
            ["111122223333", "999988887777"]
        );
        assert_eq!(policy.providers.len(), 1);
    }

    fn admission(principal: &str, condition: &str) -> Policy {
        Policy::parse(&format!(
            r#"{{"Statement":{{"Effect":"Allow","Action":"*","Resource":"*",
            {principal},"Condition":{condition}}}}}"#
        ))
    }

    #[test]
    fn only_a_condition_that_says_who_it_is_excuses_anybody() {
        let named = [
            r#"{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}"#,
            r#"{"StringLike":{"AWS:principalorgpaths":["o-1/r-1/*"]}}"#,
            r#"{"ForAnyValue:StringLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}}"#,
            r#"{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::logs"}}"#,
            r#"{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"},"StringEquals":{"aws:SourceVpc":"vpc-1"}}"#,
            r#"{"StringEquals":{"kms:CallerAccount":"111122223333"}}"#,
        ];
        let others = [
            r#"{"StringEquals":{"sts:ExternalId":"x"}}"#,
            r#"{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}"#,
            r#"{"StringNotEquals":{"aws:PrincipalOrgID":"o-1"}}"#,
            r#"{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}}"#,
            r#"{"ForAllValues:StringEquals":{"aws:PrincipalOrgPaths":"o-1/*"}}"#,
            r#"{"Bool":{"aws:SecureTransport":"true"}}"#,
        ];
        let free = [
            "{}",
            "null",
            r#"{"StringLike":{"aws:PrincipalOrgID":"*"}}"#,
            r#"{"StringLike":{"aws:PrincipalOrgID":["o-1","*"]}}"#,
            r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/x"}}"#,
        ];
        for principal in [r#""Principal":"*""#, r#""Principal":{"AWS":["*"]}"#] {
            for (conditions, expected) in [
                (&named[..], Admission::No),
                (&others[..], Admission::OnCondition),
                (&free[..], Admission::Free),
            ] {
                for condition in conditions {
                    assert_eq!(admission(principal, condition).anybody, expected, "{condition}");
                }
            }
        }
    }

    #[test]
    fn everybody_but_somebody_is_anybody() {
        let policy = admission(r#""NotPrincipal":{"AWS":"111122223333"}"#, "{}");
        assert_eq!((policy.anybody, policy.accounts.len()), (Admission::Free, 0));
    }

    #[test]
    fn a_policy_with_principals_makes_nobody_an_administrator() {
        assert!(!admission(r#""Principal":{"AWS":"111122223333"}"#, "{}").grants_administrator);
        assert!(admission(r#""Sid":"1""#, "{}").grants_administrator);
    }

    #[test]
    fn the_freest_statement_tells_how_far_a_provider_admits() {
        let policy = Policy::parse(
            r#"{"Statement":[
            {"Effect":"Allow","Principal":{"Federated":["a","b"]},"Condition":{"StringLike":{"a:sub":"repo:o/r:*"}}},
            {"Effect":"Allow","Principal":{"Federated":"b"},"Condition":{"StringLike":{"b:sub":"*"}}}]}"#,
        );
        let providers = policy.providers.iter().map(|(name, how)| (name.as_str(), *how));
        assert_eq!(
            providers.collect::<alloc::vec::Vec<_>>(),
            [("a", Admission::OnCondition), ("b", Admission::Free)]
        );
    }
}
