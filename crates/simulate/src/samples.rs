//! Everyday calls of people, pipelines and workloads.

use alloc::format;
use alloc::string::String;

use crate::call::{Call, Kind};
use crate::caller::Caller;
use crate::chance::Chance;
use crate::json::Json;
use crate::log::Log;

/// A reading call that needs no names.
pub(crate) struct Sample {
    service: &'static str,
    name: &'static str,
    request: &'static str,
}

pub(crate) const fn sample(
    service: &'static str,
    name: &'static str,
    request: &'static str,
) -> Sample {
    Sample { service, name, request }
}

const LOOKS_AROUND: &[Sample] = &[
    sample("ec2", "DescribeInstances", r#"{"maxResults":1000,"instancesSet":{},"filterSet":{}}"#),
    sample(
        "ec2",
        "DescribeSecurityGroups",
        r#"{"securityGroupSet":{},"securityGroupIdSet":{},"filterSet":{}}"#,
    ),
    sample("ec2", "DescribeVpcs", r#"{"vpcSet":{},"filterSet":{}}"#),
    sample("ec2", "DescribeVolumes", r#"{"maxResults":500,"volumeSet":{},"filterSet":{}}"#),
    sample("rds", "DescribeDBInstances", r#"{"maxRecords":100}"#),
    sample("rds", "DescribeDBClusters", r#"{"maxRecords":100,"includeShared":false}"#),
    sample("ecs", "ListServices", r#"{"cluster":"orders","maxResults":100}"#),
    sample(
        "ecs",
        "DescribeServices",
        r#"{"cluster":"orders","services":["orders-api","orders-worker"]}"#,
    ),
    sample("lambda", "ListFunctions20150331", r#"{"maxItems":50}"#),
    sample("lambda", "GetFunction20150331v2", r#"{"functionName":"invoice-render"}"#),
    sample("cloudformation", "DescribeStacks", r#"{"stackName":"orders-service"}"#),
    sample(
        "cloudformation",
        "ListStacks",
        r#"{"stackStatusFilter":["CREATE_COMPLETE","UPDATE_COMPLETE"]}"#,
    ),
    sample("monitoring", "DescribeAlarms", r#"{"maxRecords":100,"stateValue":"ALARM"}"#),
    sample("monitoring", "GetDashboard", r#"{"dashboardName":"orders-overview"}"#),
    sample("logs", "DescribeLogGroups", r#"{"limit":50,"logGroupNamePrefix":"/aws/lambda/"}"#),
    sample(
        "logs",
        "StartQuery",
        r#"{"logGroupName":"/aws/ecs/orders-api","limit":1000,"queryString":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#,
    ),
    sample("s3", "ListBuckets", r#"{"Host":"s3.us-east-1.amazonaws.com"}"#),
    sample(
        "s3",
        "GetBucketLocation",
        r#"{"bucketName":"example-exports","Host":"s3.us-east-1.amazonaws.com","location":""}"#,
    ),
    sample("ssm", "DescribeParameters", r#"{"maxResults":50}"#),
    sample("secretsmanager", "ListSecrets", r#"{"maxResults":100}"#),
    sample("kms", "ListAliases", r#"{"limit":100}"#),
    sample("cloudtrail", "LookupEvents", r#"{"maxResults":50}"#),
    sample("sqs", "ListQueues", r#"{"queueNamePrefix":"orders-","maxResults":100}"#),
    sample("dynamodb", "DescribeTable", r#"{"tableName":"orders"}"#),
    sample("iam", "ListRoles", r#"{"maxItems":100}"#),
    sample(
        "elasticloadbalancing",
        "DescribeTargetHealth",
        r#"{"targetGroupArn":"arn:aws:elasticloadbalancing:us-east-1:666677778888:targetgroup/orders/5c1d3e9ab2f04a77"}"#,
    ),
];

const TERRAFORM_READS: &[Sample] = &[
    sample("ec2", "DescribeVpcs", r#"{"vpcSet":{},"filterSet":{}}"#),
    sample("ec2", "DescribeSubnets", r#"{"subnetSet":{},"filterSet":{}}"#),
    sample("ec2", "DescribeRouteTables", r#"{"routeTableIdSet":{},"filterSet":{}}"#),
    sample(
        "ec2",
        "DescribeSecurityGroups",
        r#"{"securityGroupSet":{},"securityGroupIdSet":{},"filterSet":{}}"#,
    ),
    sample(
        "ec2",
        "DescribeNatGateways",
        r#"{"DescribeNatGatewaysRequest":{"NatGatewayId":{"tag":1,"content":"nat-0c3f2e1d4b5a69788"}}}"#,
    ),
    sample("iam", "GetRole", r#"{"roleName":"orders-task"}"#),
    sample("iam", "ListAttachedRolePolicies", r#"{"roleName":"orders-task"}"#),
    sample("iam", "ListRolePolicies", r#"{"roleName":"orders-task"}"#),
    sample(
        "s3",
        "GetBucketPolicy",
        r#"{"bucketName":"example-exports","Host":"example-exports.s3.us-east-1.amazonaws.com","policy":""}"#,
    ),
    sample(
        "s3",
        "GetBucketVersioning",
        r#"{"bucketName":"example-exports","Host":"example-exports.s3.us-east-1.amazonaws.com","versioning":""}"#,
    ),
    sample(
        "s3",
        "GetBucketEncryption",
        r#"{"bucketName":"example-exports","Host":"example-exports.s3.us-east-1.amazonaws.com","encryption":""}"#,
    ),
    sample("kms", "DescribeKey", r#"{"keyId":"alias/orders"}"#),
    sample("rds", "DescribeDBSubnetGroups", r#"{"dBSubnetGroupName":"orders"}"#),
    sample(
        "logs",
        "ListTagsForResource",
        r#"{"resourceArn":"arn:aws:logs:us-east-1:666677778888:log-group:/aws/ecs/orders-api"}"#,
    ),
];

const RECON: &[Sample] = &[
    sample("s3", "ListBuckets", r#"{"Host":"s3.us-east-1.amazonaws.com"}"#),
    sample("iam", "ListUsers", "null"),
    sample("iam", "ListRoles", "null"),
    sample("iam", "GetAccountAuthorizationDetails", "null"),
    sample("ec2", "DescribeInstances", r#"{"instancesSet":{},"filterSet":{}}"#),
    sample("ec2", "DescribeRegions", r#"{"regionSet":{}}"#),
    sample("secretsmanager", "ListSecrets", "{}"),
    sample("ssm", "DescribeParameters", "{}"),
    sample("lambda", "ListFunctions20150331", "{}"),
    sample("rds", "DescribeDBInstances", "{}"),
    sample("organizations", "ListAccounts", "null"),
    sample("iam", "ListAttachedUserPolicies", r#"{"userName":"artifact-publisher"}"#),
];

/// Somebody looking at things in the console or with the command line.
pub(crate) fn look_around(chance: &mut Chance) -> Call {
    one_of(LOOKS_AROUND, chance)
}

/// A step of refreshing Terraform's state.
pub(crate) fn terraform_read(chance: &mut Chance) -> Call {
    one_of(TERRAFORM_READS, chance)
}

/// What an intruder asks first, the `step`th question.
pub(crate) fn recon(step: usize) -> Call {
    let position = step % RECON.len();
    RECON.get(position).map_or_else(caller_identity, of)
}

pub(crate) fn caller_identity() -> Call {
    Call::read("sts", "GetCallerIdentity")
}

/// What a workload does with its role: objects, secrets, parameters, keys.
pub(crate) fn workload(caller: &Caller, chance: &mut Chance) -> Call {
    match chance.below(10) {
        0 | 1 => object("GetObject", "example-exports", caller, chance),
        2 => caller_identity(),
        3 => Call::read("ec2", "DescribeTags").request(r#"{"maxResults":100}"#),
        4 => Call::read("ecs", "DiscoverPollEndpoint").request(r#"{"cluster":"orders"}"#),
        5 => decrypt(caller),
        6 => secret_value(caller, chance.word(&["orders/database", "orders/payment-api"])),
        7 => parameter(chance.word(&["/orders/feature-flags", "/orders/endpoints"])),
        8 => registry_token(),
        _ => look_around(chance),
    }
}

/// What a workload does that keeps the secrets that it has read.
pub(crate) fn workload_with_cache(caller: &Caller, chance: &mut Chance) -> Call {
    let call = workload(caller, chance);
    if call.service == "secretsmanager" { parameter("/orders/feature-flags") } else { call }
}

/// Makes the call of a workload and, for a secret, lets its service decrypt in the caller's name.
pub(crate) fn work(log: &mut Log, caller: &Caller, call: &Call, at: i64) {
    log.emit(caller, call, at);
    if call.service == "secretsmanager" && call.name == "GetSecretValue" {
        let key = log.temporary_key(caller.account);
        let forward = caller.forwarded("secretsmanager.amazonaws.com", key);
        log.emit(&forward, &decrypt(caller), at);
    }
}

/// A data event on an object of `bucket`.
pub(crate) fn object(
    name: &'static str,
    bucket: &str,
    caller: &Caller,
    chance: &mut Chance,
) -> Call {
    let is_read_only = name != "PutObject";
    let key = format!("daily/part-{:05}.parquet", chance.below(40_000));
    let host = format!("{bucket}.s3.{}.amazonaws.com", caller.region);
    let request =
        Json::object().text("bucketName", bucket).text("Host", &host).text("key", &key).end();
    Call {
        kind: Kind::Data,
        is_read_only,
        ..Call::read("s3", name)
    }
    .request(request)
    .additional(transfer(chance))
    .resources(format!(
        r#"[{{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::{bucket}/{key}"}},{{"accountId":"{}","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::{bucket}"}}]"#,
        caller.account
    ))
}

pub(crate) fn secret_value(caller: &Caller, secret: &str) -> Call {
    let arn = format!(
        "arn:aws:secretsmanager:{}:{}:secret:{secret}-Q7d2Kx",
        caller.region, caller.account
    );
    Call::read("secretsmanager", "GetSecretValue")
        .request(Json::object().text("secretId", &arn).end())
}

pub(crate) fn parameter(name: &str) -> Call {
    Call::read("ssm", "GetParameter")
        .request(Json::object().text("name", name).boolean("withDecryption", true).end())
}

/// The heartbeat of the SSM agent.
pub(crate) fn instance_information(instance_id: &str) -> Call {
    Call::write("ssm", "UpdateInstanceInformation").request(
        Json::object()
            .text("instanceId", instance_id)
            .text("agentVersion", "3.3.2299.0")
            .text("agentStatus", "Active")
            .text("platformType", "Linux")
            .text("platformName", "Amazon Linux")
            .text("platformVersion", "2023")
            .text("agentName", "amazon-ssm-agent")
            .end(),
    )
}

fn decrypt(caller: &Caller) -> Call {
    let (region, account) = (caller.region, caller.account);
    let key = format!("arn:aws:kms:{region}:{account}:key/5d2f0c9e-8a41-4c7b-9f63-1e0b7a6c2d84");
    Call::read("kms", "Decrypt")
        .request(
            r#"{"encryptionContext":{"aws:s3:arn":"arn:aws:s3:::example-exports"},"encryptionAlgorithm":"SYMMETRIC_DEFAULT"}"#,
        )
        .resources(format!(
            r#"[{{"accountId":"{account}","type":"AWS::KMS::Key","ARN":"{key}"}}]"#
        ))
}

fn registry_token() -> Call {
    Call::read("ecr", "GetAuthorizationToken")
        .request("{}")
        .response(r#"{"authorizationData":[{"proxyEndpoint":"https://333344445555.dkr.ecr.us-east-1.amazonaws.com"}]}"#)
}

fn transfer(chance: &mut Chance) -> String {
    let (id, n_bytes) = (chance.base64(72), chance.below(9_000_000));
    format!(
        r#"{{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"{id}=","bytesTransferredOut":{n_bytes}}}"#
    )
}

/// One of `samples`.
pub(crate) fn one_of(samples: &[Sample], chance: &mut Chance) -> Call {
    chance.pick(samples).map_or_else(caller_identity, of)
}

fn of(sample: &Sample) -> Call {
    Call::read(sample.service, sample.name).request(sample.request)
}
