//! What a plan sets, and which policies set it.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use serde_json::Value;

use crate::plan::Plan;
use crate::reserved::PERMISSION_SET_POLICY;
use crate::step::{Setting, SettingOn, Step};
use crate::watch::Call;

/// The key of the time at which a credential was issued, in conditions.
const ISSUED: &str = "aws:TokenIssueTime";

/// The operator with which revocations compare it.
const BEFORE: &str = "DateLessThan";

/// Something that a plan sets.
pub(super) struct Sought<'p> {
    pub(super) setting: &'p Setting,
    /// Whether a step sets it without a condition.
    pub(super) is_wanted: bool,
    /// Whether a step takes it back in the end.
    pub(super) is_lifted: bool,
    /// The inline policies that steps write for it.
    policies: Vec<Value>,
    cut_off: Timestamp,
    /// When each credential of the chain was issued.
    issued: Rc<[Timestamp]>,
}

impl<'p> Sought<'p> {
    /// Everything that `plan` sets.
    pub(super) fn of(plan: &'p Plan) -> Vec<Self> {
        let ids: BTreeSet<&str> = plan.steps.iter().map(|step| step.id.as_str()).collect();
        let issued = plan.credentials.iter().filter_map(|one| one.created.as_deref());
        let issued: Rc<[Timestamp]> = issued.filter_map(Timestamp::parse).collect();
        // Without a cut-off no revocation reaches as far.
        let cut_off = Timestamp::parse(&plan.cut_off).unwrap_or(Timestamp(i64::MAX));
        let mut sought: BTreeMap<&Setting, Self> = BTreeMap::new();
        for step in &plan.steps {
            let is_lifted = ids.contains(step.lift_id().as_str());
            for setting in &step.sets {
                let known = sought.entry(setting).or_insert_with(|| Self {
                    setting,
                    is_wanted: false,
                    is_lifted: false,
                    policies: Vec::new(),
                    cut_off,
                    issued: Rc::clone(&issued),
                });
                known.is_wanted |= step.condition.is_none();
                known.is_lifted |= is_lifted;
                known.policies.extend(policy(step).filter(|_| setting.on.is_inline()));
            }
        }
        sought.into_values().collect()
    }

    /// Whether `call`, which is about it, sets it: an inline policy has to deny whatever that of
    /// the plan denies.
    pub(super) fn is_set_by(&self, call: &Call) -> bool {
        // Whoever is deleted has no policy, and needs none.
        let Some(written) = &call.policy else {
            return call.sets;
        };
        let written: Value = serde_json::from_str(written).unwrap_or_default();
        let cut_off = Some(self.cut_off_at(call.time));
        let mut wanted = self.policies.iter();
        call.sets && (self.policies.is_empty() || wanted.any(|one| covers(&written, one, cut_off)))
    }

    /// Whether what `other` sets is set by this, too: a role that is denied everything needs no
    /// revocation.
    pub(super) fn includes(&self, other: &Self) -> bool {
        let (own, others) = (self.setting, other.setting);
        let is_same = own.on == others.on
            && own.account_id == others.account_id
            && own.name == others.name
            && own.on.is_inline();
        let is_covered = |wanted: &Value| self.policies.iter().any(|own| covers(own, wanted, None));
        is_same && !other.policies.is_empty() && other.policies.iter().any(is_covered)
    }

    /// Whether it ends what was issued before a time, and so is not needed when that has expired.
    pub(super) fn is_revocation(&self) -> bool {
        let mut statements = self.policies.iter().flat_map(statements);
        statements.any(|one| !issued_before(one).is_null())
    }

    /// What a revocation has to reach that was set at `time`.
    ///
    /// A plan that was made of logs which hold the response, too, has a later cut-off than the one
    /// whose steps were done: these had to reach what was issued by then.
    fn cut_off_at(&self, time: Timestamp) -> Timestamp {
        let before = self.issued.iter().filter(|issued| **issued <= time && time < self.cut_off);
        let last = before.max().map(|last| Timestamp(last.0.saturating_add(1)));
        last.map_or(self.cut_off, |last| last.min(self.cut_off))
    }
}

/// The policy that `step` writes.
fn policy(step: &Step) -> impl Iterator<Item = Value> {
    let options = ["--policy-document", "--inline-policy"];
    let argv = step.command.iter().flat_map(|command| &command.argv);
    let mut argv = argv.skip_while(|argument| !options.contains(&argument.as_str())).skip(1);
    argv.next().and_then(|document| serde_json::from_str(document).ok()).into_iter()
}

/// Whether `written` denies whatever `wanted` denies, to whatever was issued before `cut_off`.
///
/// Without a cut-off both are policies of one plan, and their times count for the same.
fn covers(written: &Value, wanted: &Value, cut_off: Option<Timestamp>) -> bool {
    let is_denied = |wanted: &Value| {
        denials(written).any(|one| {
            let has = |member| is_within(one.get(member), wanted.get(member));
            has("Action") && has("Resource") && is_met(one, wanted, cut_off)
        })
    };
    statements(wanted).all(is_denied)
}

/// The statements of a policy that deny: what others of it allow, these deny all the same.
pub(crate) fn denials(policy: &Value) -> impl Iterator<Item = &Value> {
    let denies = |one: &&Value| one.get("Effect").and_then(Value::as_str) == Some("Deny");
    statements(policy).filter(denies)
}

/// The statements of a policy, which may be one without a list.
fn statements(policy: &Value) -> impl Iterator<Item = &Value> {
    let statements = policy.get("Statement");
    let many = statements.and_then(Value::as_array).into_iter().flatten();
    many.chain(statements.filter(|one| one.is_object()))
}

/// Whether `written` names everything, or all that `wanted` names.
fn is_within(written: Option<&Value>, wanted: Option<&Value>) -> bool {
    let (written, wanted) = (texts(written), texts(wanted));
    written.contains("*") || (!wanted.is_empty() && wanted.is_subset(&written))
}

fn texts(value: Option<&Value>) -> BTreeSet<&str> {
    let many = value.and_then(Value::as_array).into_iter().flatten();
    many.chain(value).filter_map(Value::as_str).collect()
}

/// Whether the conditions of `written` hold wherever those of `wanted` do.
fn is_met(written: &Value, wanted: &Value, cut_off: Option<Timestamp>) -> bool {
    let Some(conditions) = written.get("Condition") else {
        return true;
    };
    let Some(conditions) = conditions.as_object() else {
        return false;
    };
    let is_kept = |operator: &str, key: &str, value: &Value| {
        if operator == BEFORE && key.eq_ignore_ascii_case(ISSUED) {
            let time = value.as_str().and_then(Timestamp::parse);
            let is_late = cut_off.is_none_or(|cut_off| time.is_some_and(|time| time >= cut_off));
            return is_late && !issued_before(wanted).is_null();
        }
        let values = wanted.get("Condition").and_then(|all| all.get(operator)?.get(key));
        values.is_some_and(|values| texts(Some(values)).is_subset(&texts(Some(value))))
    };
    conditions.iter().all(|(operator, keys)| {
        let keys = keys.as_object();
        keys.is_some_and(|keys| keys.iter().all(|(key, value)| is_kept(operator, key, value)))
    })
}

/// The time before which `statement` denies what was issued.
fn issued_before(statement: &Value) -> &Value {
    let keys = statement.get("Condition").and_then(|conditions| conditions.get(BEFORE));
    keys.and_then(|keys| keys.get(ISSUED)).unwrap_or(&Value::Null)
}

impl Setting {
    /// Whether it stands in the inline policy of a permission set, which its owner writes, too.
    pub(super) fn is_of_permission_set(&self) -> bool {
        self.on == SettingOn::RolePolicy && self.detail == PERMISSION_SET_POLICY
    }
}

impl SettingOn {
    /// Whether it is an inline policy.
    pub(crate) const fn is_inline(self) -> bool {
        match self {
            Self::RolePolicy | Self::UserPolicy => true,
            Self::AccessKey
            | Self::AttachedUserPolicy
            | Self::InstanceProfile
            | Self::LoginProfile
            | Self::OrganizationPolicy
            | Self::TrustPolicy => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use cloudtrail::Timestamp;
    use serde_json::{Value, json};

    use super::covers;
    use crate::policy::{deny_all, deny_on, revoke, revoke_sessions};

    const CUT_OFF: &str = "2026-03-10T07:15:01Z";

    fn is_covered(written: &Value, wanted: &Value) -> bool {
        covers(written, wanted, Timestamp::parse(CUT_OFF))
    }

    #[test]
    fn a_revocation_counts_from_the_cut_off_on() {
        let wanted = revoke("{{now}}");
        assert!(is_covered(&revoke(CUT_OFF), &wanted));
        assert!(is_covered(&revoke("2026-03-10T12:00:00.000Z"), &wanted));
        assert!(is_covered(&deny_all(), &wanted));
        for time in ["2000-01-01T00:00:00Z", "2026-03-10T07:15:00Z", "soon", ""] {
            assert!(!is_covered(&revoke(time), &wanted), "{time}");
        }
        // What is meant for everything, at any time, is not done by a revocation.
        assert!(!is_covered(&revoke(CUT_OFF), &deny_all()));
    }

    #[test]
    fn a_policy_that_denies_less_does_not_count() {
        let sessions = revoke_sessions(&["AROAX:a", "AROAX:b"], CUT_OFF);
        assert!(is_covered(&sessions, &sessions) && is_covered(&revoke(CUT_OFF), &sessions));
        assert!(!is_covered(&revoke_sessions(&["AROAX:a"], CUT_OFF), &sessions));
        assert!(!is_covered(&sessions, &revoke(CUT_OFF)));
        let way = deny_on("sts:AssumeRole", &["arn:aws:iam::111122223333:role/a"]);
        assert!(is_covered(&way, &way) && is_covered(&deny_all(), &way));
        let other = deny_on("sts:AssumeRole", &["arn:aws:iam::111122223333:role/b"]);
        assert!(!is_covered(&other, &way) && !is_covered(&way, &revoke(CUT_OFF)));
        for less in [
            r#"{"Effect":"Deny","Action":"s3:*","Resource":"*"}"#,
            r#"{"Effect":"Deny","Action":"*","Resource":"arn:aws:s3:::x"}"#,
            r#"{"Effect":"Deny","NotAction":"*","Resource":"*"}"#,
            r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.1"}}}"#,
            r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":"none"}"#,
        ] {
            let written = format!(r#"{{"Statement":{less}}}"#);
            let written: Value = serde_json::from_str(&written).unwrap();
            assert!(!is_covered(&written, &revoke(CUT_OFF)), "{less}");
        }
        assert!(!is_covered(&json!({"Statement": []}), &revoke(CUT_OFF)));
    }

    #[test]
    fn a_denial_counts_whatever_others_allow() {
        let mut written = json!({"Statement": [{"Effect":"Allow","Action":"*","Resource":"*"}]});
        assert!(!is_covered(&written, &revoke(CUT_OFF)));
        let denial = revoke(CUT_OFF).pointer("/Statement/0").cloned().unwrap();
        written["Statement"].as_array_mut().unwrap().push(denial);
        assert!(is_covered(&written, &revoke(CUT_OFF)));
    }
}
