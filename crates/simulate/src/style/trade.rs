//! What people, pipelines and programs do for a living: which calls each of them makes.

use crate::call::Call;
use crate::caller::Caller;
use crate::chance::Chance;
use crate::iam::refusal;
use crate::samples::{Sample, caller_identity, object, one_of, parameter, sample, secret_value};

/// A way of working, with calls of its own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Trade {
    /// Ships artifacts and changes stacks.
    Deploy,
    /// Looks after one's own service.
    Developer,
    /// Queries tables and reads exports.
    Data,
    /// Looks at everything that there is, and may not see some of it.
    Everything,
    /// Looks at costs.
    Finance,
    /// Compares what is there with what shall be there.
    Infrastructure,
    /// Looks at alarms and logs, and restarts things.
    Operations,
    /// Looks at who may do what.
    Security,
    /// Serves requests.
    Server,
    /// Takes messages and writes objects.
    Worker,
}

const DEVELOPER: &[Sample] = &[
    sample("ecs", "DescribeServices", r#"{"cluster":"orders","services":["orders-api"]}"#),
    sample("ecs", "ListTasks", r#"{"cluster":"orders"}"#),
    sample("lambda", "ListFunctions20150331", r#"{"maxItems":50}"#),
    sample("lambda", "GetFunction20150331v2", r#"{"functionName":"invoice-render"}"#),
    sample("logs", "DescribeLogGroups", r#"{"limit":50}"#),
    sample("logs", "FilterLogEvents", r#"{"logGroupName":"/aws/ecs/orders-api"}"#),
    sample("cloudformation", "DescribeStacks", r#"{"stackName":"orders-service"}"#),
    sample("dynamodb", "DescribeTable", r#"{"tableName":"orders"}"#),
    sample("sqs", "GetQueueAttributes", r#"{"attributeNames":["All"]}"#),
    sample("s3", "ListBuckets", r#"{"Host":"s3.us-east-1.amazonaws.com"}"#),
];

const DATA: &[Sample] = &[
    sample("athena", "GetQueryExecution", r#"{"queryExecutionId":"HIDDEN"}"#),
    sample("athena", "StartQueryExecution", r#"{"workGroup":"primary"}"#),
    sample("glue", "GetTables", r#"{"databaseName":"analytics"}"#),
    sample("glue", "GetPartitions", r#"{"databaseName":"analytics","tableName":"orders"}"#),
    sample("s3", "GetBucketLocation", r#"{"bucketName":"example-exports","location":""}"#),
];

const FINANCE: &[Sample] = &[
    sample("ce", "GetCostAndUsage", r#"{"granularity":"DAILY"}"#),
    sample("ce", "GetCostForecast", r#"{"granularity":"MONTHLY"}"#),
    sample("organizations", "ListAccounts", "null"),
    sample("ec2", "DescribeReservedInstances", r#"{"reservedInstancesSet":{}}"#),
];

const INFRASTRUCTURE: &[Sample] = &[
    sample("ec2", "DescribeVpcs", r#"{"vpcSet":{},"filterSet":{}}"#),
    sample("ec2", "DescribeSubnets", r#"{"subnetSet":{},"filterSet":{}}"#),
    sample("ec2", "DescribeSecurityGroups", r#"{"securityGroupSet":{},"filterSet":{}}"#),
    sample("iam", "GetRole", r#"{"roleName":"orders-task"}"#),
    sample("iam", "ListAttachedRolePolicies", r#"{"roleName":"orders-task"}"#),
    sample("kms", "DescribeKey", r#"{"keyId":"alias/orders"}"#),
    sample("s3", "GetBucketPolicy", r#"{"bucketName":"example-exports","policy":""}"#),
    sample("rds", "DescribeDBInstances", r#"{"maxRecords":100}"#),
    sample("logs", "ListTagsForResource", r#"{"resourceArn":"HIDDEN"}"#),
];

const OPERATIONS: &[Sample] = &[
    sample("monitoring", "DescribeAlarms", r#"{"maxRecords":100,"stateValue":"ALARM"}"#),
    sample("monitoring", "GetMetricData", r#"{"maxDatapoints":500}"#),
    sample("logs", "StartQuery", r#"{"logGroupName":"/aws/ecs/orders-api","limit":1000}"#),
    sample("ec2", "DescribeInstances", r#"{"maxResults":1000,"instancesSet":{},"filterSet":{}}"#),
    sample("ec2", "DescribeInstanceStatus", r#"{"instancesSet":{},"filterSet":{}}"#),
    sample("ecs", "DescribeServices", r#"{"cluster":"orders","services":["orders-api"]}"#),
    sample("rds", "DescribeDBClusters", r#"{"maxRecords":100}"#),
    sample("ssm", "DescribeInstanceInformation", r#"{"maxResults":50}"#),
];

const SECURITY: &[Sample] = &[
    sample("iam", "ListRoles", r#"{"maxItems":100}"#),
    sample("iam", "ListUsers", "null"),
    sample("iam", "GetAccountSummary", "null"),
    sample("iam", "GenerateCredentialReport", "null"),
    sample("cloudtrail", "LookupEvents", r#"{"maxResults":50}"#),
    sample("cloudtrail", "DescribeTrails", "{}"),
    sample("guardduty", "ListFindings", r#"{"detectorId":"HIDDEN"}"#),
    sample("config", "DescribeComplianceByConfigRule", "{}"),
    sample("access-analyzer", "ListFindings", r#"{"maxResults":100}"#),
];

impl Trade {
    /// Something that `caller` does on a usual day.
    pub(crate) fn call(self, caller: &Caller, chance: &mut Chance) -> Call {
        match self {
            Self::Deploy => deploy(caller, chance),
            Self::Developer => one_of(DEVELOPER, chance),
            Self::Data if chance.one_in(2) => {
                object("GetObject", "example-exports", caller, chance)
            }
            Self::Data => one_of(DATA, chance),
            Self::Everything => everything(caller, chance),
            Self::Finance => one_of(FINANCE, chance),
            Self::Infrastructure => one_of(INFRASTRUCTURE, chance),
            Self::Operations => one_of(OPERATIONS, chance),
            Self::Security => one_of(SECURITY, chance),
            Self::Server => serve(caller, chance),
            Self::Worker if chance.one_in(3) => {
                Call::write("sqs", "DeleteMessage").request(r#"{"queueUrl":"orders-jobs"}"#)
            }
            Self::Worker => object("PutObject", "example-artifacts", caller, chance),
        }
    }
}

fn deploy(caller: &Caller, chance: &mut Chance) -> Call {
    match chance.below(6) {
        0 => caller_identity(),
        1 => object("PutObject", "example-deployments", caller, chance),
        2 => Call::read("cloudformation", "DescribeStacks").request(r#"{"stackName":"orders"}"#),
        3 => Call::write("cloudformation", "CreateChangeSet")
            .request(r#"{"stackName":"orders","changeSetName":"release"}"#),
        4 => Call::write("ecs", "UpdateService")
            .request(r#"{"cluster":"orders","service":"orders-api"}"#),
        _ => Call::read("ecr", "GetAuthorizationToken").request("{}"),
    }
}

/// Whoever repairs or audits something looks where nobody usually does.
fn everything(caller: &Caller, chance: &mut Chance) -> Call {
    let tables = [DEVELOPER, DATA, FINANCE, INFRASTRUCTURE, OPERATIONS, SECURITY];
    let table = chance.pick(&tables).copied().unwrap_or(SECURITY);
    let call = one_of(table, chance);
    if chance.one_in(8) {
        let message = refusal(&caller.arn, "kms:ListKeys", "*");
        return Call::read("kms", "ListKeys").denied("AccessDeniedException", message);
    }
    call
}

fn serve(caller: &Caller, chance: &mut Chance) -> Call {
    match chance.below(12) {
        0 => secret_value(caller, "orders/database"),
        1 => parameter("/orders/feature-flags"),
        2 => caller_identity(),
        3 | 4 => Call::write("sqs", "SendMessage").request(r#"{"queueUrl":"orders-jobs"}"#),
        _ => object("GetObject", "example-assets", caller, chance),
    }
}
