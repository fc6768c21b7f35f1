//! What a policy document opens.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};

use cloudtrail::Arn;
use serde_json::Value;

/// What the `Allow` statements of a policy document open, or of a trust policy admit.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Policy {
    /// Every action on every resource.
    pub grants_administrator: bool,
    /// Every action of IAM or STS on every resource, which amounts to the same.
    pub grants_iam: bool,
    /// Anybody, without a condition.
    pub trusts_anyone: bool,
    /// Accounts of AWS principals.
    pub accounts: BTreeSet<String>,
    /// Federated providers.
    pub providers: BTreeSet<String>,
}

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
        let mut policy = Self::default();
        let Ok(document) = serde_json::from_str::<Value>(document) else {
            return policy;
        };
        one_or_many(document.get("Statement")).for_each(|statement| policy.statement(statement));
        policy
    }

    fn statement(&mut self, statement: &Value) {
        if statement.get("Effect").and_then(Value::as_str) != Some("Allow") {
            return;
        }
        let condition = statement.get("Condition").and_then(Value::as_object);
        let has_condition = condition.is_some_and(|condition| !condition.is_empty());
        let is_everywhere = strings(statement.get("Resource")).any(|resource| resource == "*");
        let has = |wanted: &[&str]| {
            strings(statement.get("Action"))
                .any(|action| wanted.iter().any(|name| action.eq_ignore_ascii_case(name)))
        };
        self.grants_administrator |= is_everywhere && has(&["*", "*:*"]);
        self.grants_iam |= is_everywhere && has(&["iam:*", "sts:*"]);
        self.principal(statement.get("Principal"), has_condition);
    }

    fn principal(&mut self, principal: Option<&Value>, has_condition: bool) {
        let aws = match principal {
            Some(Value::String(_)) => principal,
            Some(principal) => principal.get("AWS"),
            None => None,
        };
        for name in strings(aws) {
            match account_of_principal(name) {
                Some(account) => _ = self.accounts.insert(account.to_string()),
                None if name == "*" => self.trusts_anyone |= !has_condition,
                None => {}
            }
        }
        let federated = principal.and_then(|principal| principal.get("Federated"));
        self.providers.extend(strings(federated).map(ToString::to_string));
    }
}

fn account_of_principal(name: &str) -> Option<&str> {
    let is_account =
        |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let account = Arn::parse(name).map_or(name, |arn| arn.account_id);
    is_account(account).then_some(account)
}

fn one_or_many(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let many = value.and_then(Value::as_array).into_iter().flatten();
    many.chain(value.filter(|value| !value.is_array()))
}

fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    one_or_many(value).filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::{Policy, is_administrator_policy};

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
        assert!(policy.trusts_anyone);
        assert_eq!(
            policy.accounts.into_iter().collect::<alloc::vec::Vec<_>>(),
            ["111122223333", "999988887777"]
        );
        assert_eq!(policy.providers.len(), 1);
    }
}
