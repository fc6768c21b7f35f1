//! What AWS accepts as names and ids: nothing else enters a command.
//!
//! Patterns and lengths are those of the API references of IAM, STS, EC2, Lambda, S3, KMS and
//! Organizations. Each is at most as wide as AWS's own: `\w` is ASCII, and ARNs with characters
//! that IAM allows in paths alone are refused.

use alloc::string::String;

use cloudtrail::Arn;

/// A value of the logs that AWS would not accept as what it stands for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Refused {
    /// What it stands for.
    pub(crate) what: &'static str,
    /// The value.
    pub(crate) value: String,
}

/// A value that may enter a command, or why it may not.
pub(crate) type Checked<'a> = Result<&'a str, Refused>;

fn check<'a>(what: &'static str, value: &'a str, is_valid: bool) -> Checked<'a> {
    if is_valid { Ok(value) } else { Err(Refused { what, value: value.into() }) }
}

/// Whether `value` is of `lengths` bytes, each of which `is_allowed`.
fn is_of(
    value: &str,
    lengths: core::ops::RangeInclusive<usize>,
    is_allowed: impl Fn(u8) -> bool,
) -> bool {
    lengths.contains(&value.len()) && value.bytes().all(is_allowed)
}

/// `[\w+=,.@-]`, the characters of IAM's names.
const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'=' | b',' | b'.' | b'@' | b'-')
}

const fn is_plain_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

const fn is_id_byte(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

const fn is_hex_byte(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// An account id: twelve digits.
pub(crate) fn account_id(value: &str) -> Checked<'_> {
    check("account id", value, is_of(value, 12..=12, |byte| byte.is_ascii_digit()))
}

/// A key id, long-term or temporary.
pub(crate) fn access_key_id(value: &str) -> Checked<'_> {
    check("access key id", value, is_of(value, 16..=128, is_id_byte))
}

/// The name of a user or role.
pub(crate) fn entity_name(value: &str) -> Checked<'_> {
    check("name of a user or role", value, is_of(value, 1..=64, is_name_byte))
}

/// The name of an inline policy, a group or an instance profile.
pub(crate) fn policy_name(value: &str) -> Checked<'_> {
    check("name of a policy, group or profile", value, is_of(value, 1..=128, is_name_byte))
}

/// The value of `aws:userid`: a unique id, or an account, with the session's name.
pub(crate) fn user_id(value: &str) -> Checked<'_> {
    let (head, tail) = value.split_once(':').unwrap_or((value, "xx"));
    let is_head = is_of(head, 12..=128, is_id_byte);
    check("principal id", value, is_head && is_of(tail, 2..=64, is_name_byte))
}

/// A Region.
pub(crate) fn region(value: &str) -> Checked<'_> {
    let is_part = |part: &str| is_of(part, 1..=14, |byte| byte.is_ascii_lowercase());
    let is_valid = value.rsplit_once('-').is_some_and(|(head, digit)| {
        is_of(digit, 1..=1, |byte| byte.is_ascii_digit())
            && head.contains('-')
            && head.split('-').all(is_part)
    });
    check("Region", value, is_valid)
}

/// Partitions whose commands and consoles are known.
pub(crate) const PARTITIONS: [&str; 3] = ["aws", "aws-cn", "aws-us-gov"];

/// An ARN without wildcards.
pub(crate) fn arn(value: &str) -> Checked<'_> {
    let is_byte = |byte: u8| is_name_byte(byte) || matches!(byte, b'/' | b':');
    let is_valid = Arn::parse(value).is_some_and(|parts| {
        PARTITIONS.contains(&parts.partition)
            && !parts.resource.is_empty()
            && is_of(parts.service, 1..=40, is_plain_byte)
            && (parts.region.is_empty() || region(parts.region).is_ok())
            && (["", "aws"].contains(&parts.account_id) || account_id(parts.account_id).is_ok())
            && is_of(value, 1..=2_048, is_byte)
    });
    check("ARN", value, is_valid)
}

/// The ARN of a role or user of IAM.
pub(crate) fn principal_arn(value: &str) -> Checked<'_> {
    let name = |parts: &Arn<'_>| parts.role_name().or(parts.user_name()).map(String::from);
    let is_entity = |parts: Arn<'_>| {
        parts.service == "iam"
            && account_id(parts.account_id).is_ok()
            && name(&parts).is_some_and(|name| entity_name(&name).is_ok())
    };
    let is_valid = arn(value).is_ok() && Arn::parse(value).is_some_and(is_entity);
    check("ARN of a role or user", value, is_valid)
}

/// An id of EC2 with `prefix`, such as `i-` and `vpc-`.
fn ec2_id<'a>(what: &'static str, prefix: &str, value: &'a str) -> Checked<'a> {
    let digits = value.strip_prefix(prefix).unwrap_or_default();
    let is_valid = matches!(digits.len(), 8 | 17) && digits.bytes().all(is_hex_byte);
    check(what, value, is_valid)
}

/// `i-…`.
pub(crate) fn instance_id(value: &str) -> Checked<'_> {
    ec2_id("instance id", "i-", value)
}

/// `vpc-…`.
pub(crate) fn vpc_id(value: &str) -> Checked<'_> {
    ec2_id("VPC id", "vpc-", value)
}

/// `sg-…`.
pub(crate) fn security_group_id(value: &str) -> Checked<'_> {
    ec2_id("security group id", "sg-", value)
}

/// `snap-…`.
pub(crate) fn snapshot_id(value: &str) -> Checked<'_> {
    ec2_id("snapshot id", "snap-", value)
}

/// `ami-…`.
pub(crate) fn image_id(value: &str) -> Checked<'_> {
    ec2_id("image id", "ami-", value)
}

/// `lt-…`.
pub(crate) fn launch_template_id(value: &str) -> Checked<'_> {
    ec2_id("launch template id", "lt-", value)
}

/// `iip-assoc-…`.
pub(crate) fn association_id(value: &str) -> Checked<'_> {
    ec2_id("association id", "iip-assoc-", value)
}

/// The name of a function, or its ARN.
pub(crate) fn function_name(value: &str) -> Checked<'_> {
    let is_name = is_of(value, 1..=64, is_plain_byte);
    check("function name", value, is_name || (value.contains(":function:") && arn(value).is_ok()))
}

/// The name of a bucket.
pub(crate) fn bucket_name(value: &str) -> Checked<'_> {
    let is_byte = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.' || byte == b'-'
    };
    check("bucket name", value, is_of(value, 3..=63, is_byte))
}

/// A UUID.
pub(crate) fn uuid(value: &str) -> Checked<'_> {
    let is_byte = |byte: u8| is_hex_byte(byte) || byte == b'-';
    check("UUID", value, is_of(value, 36..=36, is_byte))
}

/// The id of a user in an identity store: a UUID, before which older stores have ten digits.
pub(crate) fn identity_store_user_id(value: &str) -> Checked<'_> {
    let is_byte = |byte: u8| is_hex_byte(byte) || byte == b'-';
    check("identity store user id", value, is_of(value, 36..=47, is_byte))
}

/// A key of KMS: a UUID, a multi-Region id or an ARN.
pub(crate) fn kms_key_id(value: &str) -> Checked<'_> {
    let digits = value.strip_prefix("mrk-").unwrap_or_default();
    let is_multi_region = is_of(digits, 32..=32, is_hex_byte);
    let is_arn = value.contains(":key/") && arn(value).is_ok();
    check("KMS key id", value, uuid(value).is_ok() || is_multi_region || is_arn)
}

/// A name of letters, digits, `_`, `-` and `.`, which most services accept.
pub(crate) fn plain_name(value: &str) -> Checked<'_> {
    let is_byte = |byte: u8| is_plain_byte(byte) || byte == b'.';
    check("name", value, is_of(value, 1..=128, is_byte))
}

/// A name with slashes, such as a secret's or a repository's, or an ARN.
pub(crate) fn path_name(value: &str) -> Checked<'_> {
    let is_byte = |byte: u8| is_name_byte(byte) || byte == b'/';
    check("name", value, is_of(value, 1..=512, is_byte) || arn(value).is_ok())
}

/// The URL of a queue: of AWS's own hosts, so that it is no other page.
pub(crate) fn queue_url(value: &str) -> Checked<'_> {
    let is_byte = |byte: u8| is_plain_byte(byte) || matches!(byte, b'.' | b'/');
    let rest = value.strip_prefix("https://").unwrap_or_default();
    let host = rest.split('/').next().unwrap_or_default();
    let is_aws = host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn");
    check("queue URL", value, is_aws && is_of(rest, 1..=512, is_byte))
}

#[cfg(test)]
mod tests {
    use super::{
        access_key_id, account_id, arn, bucket_name, entity_name, function_name, instance_id,
        kms_key_id, path_name, principal_arn, queue_url, region, user_id,
    };

    const HOSTILE: [&str; 14] = [
        "",
        "a b",
        "a'b",
        "a\"b",
        "$(id)",
        "`id`",
        "a;b",
        "a\nb",
        "a\0b",
        "a*",
        "Ä",
        "a\u{202e}b",
        "{{now}}",
        "--query\tx",
    ];

    #[test]
    fn no_grammar_takes_what_a_shell_or_a_policy_would_read_otherwise() {
        for value in HOSTILE {
            for check in [
                access_key_id,
                account_id,
                arn,
                bucket_name,
                entity_name,
                function_name,
                instance_id,
                kms_key_id,
                path_name,
                principal_arn,
                queue_url,
                region,
                user_id,
            ] {
                assert!(check(value).is_err(), "{value:?}");
            }
        }
    }

    #[test]
    fn names_of_iam_have_a_length() {
        assert!(entity_name(&"a".repeat(64)).is_ok());
        assert!(entity_name(&"a".repeat(65)).is_err());
        assert!(entity_name("-rf").is_ok());
        assert!(entity_name("ops+bob=x,y.z@example.com").is_ok());
    }

    #[test]
    fn ids_have_their_own_form() {
        assert!(account_id("111122223333").is_ok());
        assert!(account_id("11112222333").is_err());
        assert!(access_key_id("AKIAIOSFODNN7EXAMPLE").is_ok());
        assert!(user_id("AROAEXAMPLEEXAMPLE123:i-0abcdef1234567890").is_ok());
        assert!(user_id("111122223333:Bob").is_ok());
        assert!(user_id("AROAEXAMPLEEXAMPLE123:*").is_err());
        assert!(instance_id("i-0abcdef1234567890").is_ok());
        assert!(instance_id("i-0abcdef123456789z").is_err());
        assert!(region("us-gov-west-1").is_ok());
        assert!(region("us-east-1-").is_err());
        assert!(kms_key_id("1234abcd-12ab-34cd-56ef-1234567890ab").is_ok());
        assert!(queue_url("https://sqs.us-east-1.amazonaws.com/111122223333/q").is_ok());
        assert!(queue_url("https://example.com/.amazonaws.com/q").is_err());
    }

    #[test]
    fn arns_are_of_known_partitions_and_have_no_wildcard() {
        for partition in ["aws", "aws-cn", "aws-us-gov"] {
            let role = alloc::format!("arn:{partition}:iam::111122223333:role/team/R");
            assert!(principal_arn(&role).is_ok(), "{role}");
        }
        for value in [
            "arn:aws-x:iam::111122223333:role/R",
            "arn:aws:iam::111122223333:role/*",
            "arn:aws:iam::111122223333:role/a/$(id)",
            "arn:aws:iam::1111:role/R",
            "arn:aws:iam::111122223333:policy/P",
        ] {
            assert!(principal_arn(value).is_err(), "{value}");
        }
        assert!(arn("arn:aws:iam::aws:policy/AdministratorAccess").is_ok());
    }
}
