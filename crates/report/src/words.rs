//! The words and numbers that people and programs read.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::{String, ToString as _};

use cloudtrail::Timestamp;
use detect::{Color, Confidence, Count, EdgeKind, NodeKind, Origin, OriginKind, Severity};

pub(crate) const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Informational => "informational",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

/// The name of a severity, as OCSF writes it.
pub(crate) const fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Informational => "Informational",
        Severity::Low => "Low",
        Severity::Medium => "Medium",
        Severity::High => "High",
        Severity::Critical => "Critical",
    }
}

/// The severity in at most eight columns.
pub(crate) const fn severity_short(severity: Severity) -> &'static str {
    match severity {
        Severity::Informational => "info",
        Severity::Low | Severity::Medium | Severity::High | Severity::Critical => {
            self::severity(severity)
        }
    }
}

pub(crate) const fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}

/// How sure a join is, for a person; nothing when the logs prove it.
pub(crate) const fn doubt(confidence: Confidence) -> Option<&'static str> {
    match confidence {
        Confidence::Low => Some("one possible reading"),
        Confidence::Medium => Some("likely, not proved"),
        Confidence::High => None,
    }
}

pub(crate) const fn color(color: Color) -> &'static str {
    match color {
        Color::None => "none",
        Color::Orange => "orange",
        Color::Red => "red",
    }
}

pub(crate) const fn origin_kind(kind: OriginKind) -> &'static str {
    match kind {
        OriginKind::AwsService => "aws_service",
        OriginKind::Console => "console",
        OriginKind::Ec2Instance => "ec2_instance",
        OriginKind::EcsTask => "ecs_task",
        OriginKind::ExternalAccount => "external_account",
        OriginKind::FederationToken => "federation_token",
        OriginKind::IamUserAccessKey => "iam_user_access_key",
        OriginKind::IdentityCenter => "identity_center",
        OriginKind::LambdaFunction => "lambda_function",
        OriginKind::Oidc => "oidc",
        OriginKind::Root => "root",
        OriginKind::Saml => "saml",
        OriginKind::Unknown => "unknown",
    }
}

/// What an origin is, for a person.
pub(crate) const fn origin_noun(kind: OriginKind) -> &'static str {
    match kind {
        OriginKind::AwsService => "AWS service",
        OriginKind::Console => "console sign-in",
        OriginKind::Ec2Instance => "EC2 instance",
        OriginKind::EcsTask => "ECS task",
        OriginKind::ExternalAccount => "external account",
        OriginKind::FederationToken => "federation token",
        OriginKind::IamUserAccessKey => "long-term key",
        OriginKind::IdentityCenter => "Identity Center",
        OriginKind::LambdaFunction => "Lambda function",
        OriginKind::Oidc => "web identity",
        OriginKind::Root => "root user",
        OriginKind::Saml => "SAML sign-in",
        OriginKind::Unknown => "unknown origin",
    }
}

pub(crate) const fn node_kind(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::AccessKey => "access_key",
        NodeKind::Address => "address",
        NodeKind::Artifact => "artifact",
        NodeKind::AwsService => "aws_service",
        NodeKind::Ec2Instance => "ec2_instance",
        NodeKind::ExternalAccount => "external_account",
        NodeKind::Group => "group",
        NodeKind::IamUser => "iam_user",
        NodeKind::IdentityProvider => "identity_provider",
        NodeKind::RoleSession => "role_session",
        NodeKind::Unknown => "unknown",
    }
}

pub(crate) const fn edge_kind(kind: EdgeKind) -> &'static str {
    match kind {
        EdgeKind::AssumedRole => "assumed_role",
        EdgeKind::Created => "created",
        EdgeKind::Issued => "issued",
        EdgeKind::Modified => "modified",
        EdgeKind::UsedFrom => "used_from",
    }
}

/// The name that an origin is best known by.
pub(crate) fn origin_name(origin: &Origin) -> String {
    let principal = || origin.principal_arn.as_deref().map(last_part);
    let candidates = match origin.kind {
        OriginKind::IamUserAccessKey => [principal(), origin.subject.as_deref()],
        OriginKind::Ec2Instance => [origin.instance_id.as_deref(), origin.subject.as_deref()],
        OriginKind::ExternalAccount => [origin.account_id.as_deref(), principal()],
        OriginKind::AwsService
        | OriginKind::Console
        | OriginKind::EcsTask
        | OriginKind::FederationToken
        | OriginKind::IdentityCenter
        | OriginKind::LambdaFunction
        | OriginKind::Oidc
        | OriginKind::Root
        | OriginKind::Saml
        | OriginKind::Unknown => [origin.subject.as_deref(), principal()],
    };
    candidates
        .into_iter()
        .flatten()
        .chain(origin.access_key_id.as_deref())
        .chain(origin.account_id.as_deref())
        .find(|name| !name.is_empty())
        .unwrap_or_default()
        .to_owned()
}

/// The name at the end of an ARN: `arn:aws:iam::111122223333:role/ci/deploy` is `deploy`.
pub(crate) fn last_part(arn: &str) -> &str {
    if !arn.starts_with("arn:") {
        return arn;
    }
    arn.rsplit(['/', ':']).find(|part| !part.is_empty()).unwrap_or(arn)
}

/// The account in an ARN.
pub(crate) fn account_of(arn: &str) -> Option<&str> {
    let account = arn.starts_with("arn:").then(|| arn.split(':').nth(4))??;
    (!account.is_empty()).then_some(account)
}

/// `iam.amazonaws.com` is `iam`.
pub(crate) fn service(event_source: &str) -> &str {
    event_source.strip_suffix(".amazonaws.com").unwrap_or(event_source)
}

/// `2026-10-17 10:06:11Z`.
pub(crate) fn second(time: Timestamp) -> String {
    time.to_string().replace('T', " ")
}

/// `2026-10-17 10:06`.
pub(crate) fn minute(time: Timestamp) -> String {
    let text = second(time);
    text.get(..16).unwrap_or(&text).to_owned()
}

/// `10:06:11Z`.
pub(crate) fn clock(time: Timestamp) -> String {
    let text = second(time);
    text.get(11..).unwrap_or(&text).to_owned()
}

/// `2026-10-17 10:06 to 12:40 UTC`, with the second day only when it is another.
pub(crate) fn span(first: Timestamp, last: Timestamp) -> String {
    let (from, to) = (minute(first), minute(last));
    if from == to {
        return format!("{from} UTC");
    }
    let is_same_day = first.day() == last.day();
    let to = if is_same_day { to.get(11..).unwrap_or(&to) } else { &to };
    format!("{from} to {to} UTC")
}

/// `2,900`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `2,900`, or `about 3,400`.
pub(crate) fn number(number: Count) -> String {
    let about = if number.is_estimate { "about " } else { "" };
    format!("{about}{}", count(number.rounded()))
}

/// `×2,900`, or `about ×3,400`.
pub(crate) fn times(number: Count) -> String {
    let about = if number.is_estimate { "about " } else { "" };
    format!("{about}×{}", count(number.rounded()))
}

/// `1 call`, `2,900 calls`, `about 3,400 calls`.
pub(crate) fn calls(number: Count) -> String {
    let about = if number.is_estimate { "about " } else { "" };
    format!("{about}{}", counted(number.rounded(), "call"))
}

/// `1 record`, `2,900 records`.
pub(crate) fn counted(number: u64, noun: &str) -> String {
    let plural = match (number, noun.strip_suffix('y')) {
        (1, _) => return format!("1 {noun}"),
        // Nouns on -ay and -ey, such as key, keep their letter.
        (_, Some(stem)) if !stem.ends_with(['a', 'e', 'o']) => format!("{stem}ies"),
        (_, _) if noun.ends_with("ch") || noun.ends_with('s') => format!("{noun}es"),
        (_, _) => format!("{noun}s"),
    };
    format!("{} {plural}", count(number))
}

/// `4.1 MB`.
pub(crate) fn bytes(number: u64) -> String {
    const UNITS: [(&str, u64); 4] =
        [("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    for (unit, size) in UNITS {
        if number >= size {
            let tenths = number / (size / 10);
            return format!("{}.{} {unit}", count(tenths / 10), tenths % 10);
        }
    }
    counted(number, "byte")
}

#[cfg(test)]
mod tests {
    use cloudtrail::Timestamp;
    use detect::Count;

    use super::{account_of, bytes, calls, count, counted, last_part, number, span, times};

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(count(2_900), "2,900");
        assert_eq!(count(12), "12");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(bytes(4_190_000), "4.1 MB");
        assert_eq!(bytes(12), "12 bytes");
        assert_eq!(counted(1, "record"), "1 record");
        assert_eq!(counted(2, "key"), "2 keys");
        assert_eq!(counted(0, "entry"), "0 entries");
        assert_eq!(counted(3, "address"), "3 addresses");
    }

    #[test]
    fn an_estimate_says_so() {
        let estimate = Count { events: 3_449, is_estimate: true };
        assert_eq!(number(estimate), "about 3,400");
        assert_eq!(times(estimate), "about ×3,400");
        assert_eq!(calls(estimate), "about 3,400 calls");
        let exact = Count::exactly(3_449);
        assert_eq!(number(exact), "3,449");
        assert_eq!(times(exact), "×3,449");
        assert_eq!(
            (calls(exact), calls(Count::exactly(1))),
            ("3,449 calls".into(), "1 call".into())
        );
    }

    #[test]
    fn a_span_names_the_second_day_only_when_it_is_another() {
        let (noon, later) = (Timestamp(1_688_992_274), Timestamp(1_688_995_874));
        assert_eq!(span(noon, later), "2023-07-10 12:31 to 13:31 UTC");
        assert_eq!(
            span(noon, Timestamp(later.0 + 86_400)),
            "2023-07-10 12:31 to 2023-07-11 13:31 UTC"
        );
        assert_eq!(span(noon, noon), "2023-07-10 12:31 UTC");
    }

    #[test]
    fn an_arn_has_a_name_and_an_account() {
        let arn = "arn:aws:iam::111122223333:role/ci/deploy";
        assert_eq!(last_part(arn), "deploy");
        assert_eq!(account_of(arn), Some("111122223333"));
        assert_eq!(last_part("a/b:c"), "a/b:c");
        assert_eq!(account_of("a:b:c:d:e"), None);
    }
}
