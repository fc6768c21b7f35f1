//! Evidence as bytes: what comes back, and what damaged bytes come to.

use evidence::{Evidence, PortableError};

const RECORDS: &str = concat!(
    r#"{"eventTime":"2026-01-01T00:00:00Z","eventSource":"sts.amazonaws.com","#,
    r#""eventName":"AssumeRole","eventID":"00000000-0000-4000-8000-000000000001","#,
    r#""recipientAccountId":"111122223333","awsRegion":"us-east-1","#,
    r#""sourceIPAddress":"192.0.2.1","userAgent":"aws-cli","#,
    r#""userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/alice","#,
    r#""accountId":"111122223333","accessKeyId":"AKIAIOSFODNN7EXAMPLE","principalId":"AIDA1"},"#,
    r#""requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/a","roleSessionName":"s"},"#,
    r#""responseElements":{"credentials":{"accessKeyId":"ASIAIOSFODNN7EXAMPLE"},"#,
    r#""assumedRoleUser":{"assumedRoleId":"AROA1:s","#,
    r#""arn":"arn:aws:sts::111122223333:assumed-role/a/s"}}}"#,
    "\n",
    r#"{"eventTime":"2026-01-01T00:00:05Z","eventSource":"iam.amazonaws.com","#,
    r#""eventName":"CreateUser","eventID":"not a uuid","recipientAccountId":"111122223333","#,
    r#""awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1","userAgent":"aws-cli","#,
    r#""userIdentity":{"type":"AssumedRole","principalId":"AROA1:s","accountId":"111122223333","#,
    r#""arn":"arn:aws:sts::111122223333:assumed-role/a/s","accessKeyId":"ASIAIOSFODNN7EXAMPLE"},"#,
    r#""requestParameters":{"userName":"Bob"},"responseElements":{"user":{"userName":"Bob"}}}"#,
    "\n",
    r#"{"eventTime":"2026-01-01T00:00:09Z","eventSource":"ec2.amazonaws.com","#,
    r#""eventName":"AllocateAddress","recipientAccountId":"111122223333","#,
    r#""awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1","userAgent":"aws-cli","#,
    r#""userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/alice","#,
    r#""accountId":"111122223333","accessKeyId":"AKIAIOSFODNN7EXAMPLE","principalId":"AIDA1"},"#,
    r#""responseElements":{"publicIp":"198.51.100.7","allocationId":"eipalloc-1"}}"#,
    "\n",
    r#"{"eventTime":"2026-01-01T00:00:11Z","eventSource":"iam.amazonaws.com","#,
    r#""eventName":"UpdateAccessKey","eventID":"00000000-0000-4000-8000-000000000004","#,
    r#""recipientAccountId":"111122223333","userIdentity":{"type":"IAMUser","#,
    r#""accessKeyId":"AKIAIOSFODNN7EXAMPLE","principalId":"AIDA1"},"#,
    r#""requestParameters":{"accessKeyId":"AKIAI44QH8DHBEXAMPLE","status":"Inactive"}}"#,
    "\n",
);

fn evidence() -> Evidence {
    let mut evidence = Evidence::default();
    let outcome = cloudtrail::read(RECORDS.as_bytes(), &mut |record| {
        evidence.record(record);
    });
    assert_eq!(outcome.events, 4, "{outcome:?}");
    evidence
}

/// Everything that evidence tells, as text.
fn told(evidence: &Evidence) -> String {
    let mut uses: Vec<String> = evidence.uses().map(|view| format!("{view:?}")).collect();
    uses.sort();
    let issuances: Vec<_> = evidence.issuances().collect();
    let changes: Vec<_> = evidence.changes().collect();
    let facts: Vec<_> = evidence.network_facts().collect();
    let statuses: Vec<_> = evidence.key_statuses().collect();
    let credentials: Vec<_> = evidence.credentials().collect();
    format!("{uses:#?}{issuances:#?}{changes:#?}{facts:#?}{statuses:#?}{credentials:#?}")
}

#[test]
fn everything_comes_back() {
    let evidence = evidence();
    let bytes = evidence.to_bytes();
    let again = Evidence::from_bytes(&bytes).unwrap();
    assert_eq!(told(&again), told(&evidence));
    assert_eq!(again.to_bytes(), bytes);
    let text = told(&again);
    for part in ["eipalloc-1", "Bob", "AssumeRole", "not a uuid", "Unnamed", "AKIAI44QH8DHBEXAMPLE"]
    {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[test]
fn more_can_be_learned_after_reading() {
    let mut again = Evidence::from_bytes(&evidence().to_bytes()).unwrap();
    cloudtrail::read(RECORDS.as_bytes(), &mut |record| {
        again.record(record);
    });
    again.merge(evidence());
    let once = evidence();
    assert_eq!(told(&again), told(&once));
}

#[test]
fn nothing_is_evidence_too() {
    let again = Evidence::from_bytes(&Evidence::default().to_bytes()).unwrap();
    assert_eq!(told(&again), told(&Evidence::default()));
}

#[test]
fn what_is_no_evidence_is_told_from_what_is_damaged() {
    let bytes = evidence().to_bytes();
    let read = |bytes: &[u8]| Evidence::from_bytes(bytes).unwrap_err();
    assert_eq!(read(b""), PortableError::NotEvidence);
    assert_eq!(read(b"SQLite format 3"), PortableError::NotEvidence);
    let mut other = bytes.clone();
    other[4] = 99;
    assert_eq!(read(&other), PortableError::OtherVersion { found: 99 });
    for length in 5..bytes.len() {
        assert_eq!(read(&bytes[..length]), PortableError::Damaged, "cut off at {length}");
    }
    let longer = [&*bytes, b"\0"].concat();
    assert_eq!(read(&longer), PortableError::Damaged);
}

/// Any byte may be anything: it is refused, or it is other evidence, but it is no panic and takes
/// no memory that the bytes do not pay for.
#[test]
fn damaged_bytes_do_no_harm() {
    let bytes = evidence().to_bytes();
    let mut refused = 0;
    for position in 5..bytes.len() {
        for value in [0x00, 0x01, 0x7f, 0x80, 0xff, bytes[position] ^ 0x10] {
            let mut damaged = bytes.clone();
            damaged[position] = value;
            match Evidence::from_bytes(&damaged) {
                Ok(other) => {
                    drop(told(&other));
                }
                Err(error) => {
                    assert_eq!(error, PortableError::Damaged);
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > bytes.len(), "{refused} refused");
}
