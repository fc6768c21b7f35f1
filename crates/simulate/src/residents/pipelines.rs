//! Pipelines: GitHub over OIDC, and Terraform with a long-term key. Both chain two roles by design.

use alloc::format;

use crate::agents;
use crate::call::Call;
use crate::caller::{Caller, Place, Session};
use crate::chance::Chance;
use crate::clock::{HOUR, MINUTE, hour_of_day, is_working_day};
use crate::issuance::AssumeRole;
use crate::json::Json;
use crate::log::Log;
use crate::organization::{DEV, PROD, Role, SECURITY, SHARED, STAGING, US_EAST_1, User};
use crate::residents::Resident;
use crate::samples::{caller_identity, object, terraform_read};

const PROVIDER: &str =
    "arn:aws:iam::333344445555:oidc-provider/token.actions.githubusercontent.com";
const REPOSITORIES: [&str; 3] = ["orders-service", "invoice-service", "platform-config"];
const RUN_HOURS: [i64; 6] = [8, 10, 11, 13, 15, 16];
const TERRAFORM_ADDRESS: &str = "203.0.113.60";

pub(crate) struct Pipelines {
    chance: Chance,
}

impl Pipelines {
    pub(crate) fn new(seed: u64) -> Self {
        Self { chance: Chance::of(seed, "pipelines", 0) }
    }

    /// One run: token, deploy role, then the same target role in three accounts.
    fn deploy(&mut self, log: &mut Log, at: i64) {
        let address = format!("192.0.2.{}", self.chance.between(100, 180));
        let place = Place { address: &address, agent: agents::GITHUB, region: US_EAST_1 };
        let session = self.exchange_token(log, &place, at);
        let caller = session.caller(&place);
        log.emit(&caller, &caller_identity(), at + 1);
        let hub = Role::new(SHARED, "deploy");
        let hub = log.assume_role(&AssumeRole {
            caller: &caller,
            role: &hub,
            session_name: "GitHubActions",
            at: at + 4,
        });
        let hub = hub.session.caller(&place);
        for (number, account) in [DEV, STAGING, PROD].into_iter().enumerate() {
            let at = at + 10 + number as i64 * 4 * MINUTE;
            let target = Role::new(account, "deploy-target");
            let target = log.assume_role(&AssumeRole {
                caller: &hub,
                role: &target,
                session_name: "GitHubActions",
                at,
            });
            self.roll_out(log, &target.session.caller(&place), at);
        }
    }

    fn exchange_token(&mut self, log: &mut Log, place: &Place<'_>, at: i64) -> Session {
        let repository = self.chance.word(&REPOSITORIES);
        let subject = format!("repo:example-org/{repository}:ref:refs/heads/main");
        let identity = Json::object()
            .text("type", "WebIdentityUser")
            .text("principalId", &format!("{PROVIDER}:sts.amazonaws.com:{subject}"))
            .text("userName", &subject)
            .text("identityProvider", PROVIDER)
            .end();
        let role = Role::new(SHARED, "github-actions");
        let wish = AssumeRole {
            caller: &Caller::with_identity(SHARED, identity, place),
            role: &role,
            session_name: "GitHubActions",
            at,
        };
        log.assume_role_with_web_identity(&wish, PROVIDER, &subject).session
    }

    /// What a deployment calls, and what `CloudFormation` calls in its name.
    fn roll_out(&mut self, log: &mut Log, caller: &Caller, at: i64) {
        let upload = object("PutObject", "example-deployments", caller, &mut self.chance);
        let stack = r#"{"stackName":"orders-service"}"#;
        let direct = [
            caller_identity(),
            upload,
            Call::read("cloudformation", "DescribeStacks").request(stack),
            Call::write("cloudformation", "CreateChangeSet").request(
                r#"{"stackName":"orders-service","changeSetName":"release","capabilities":["CAPABILITY_NAMED_IAM"],"changeSetType":"UPDATE"}"#,
            ),
            Call::write("cloudformation", "ExecuteChangeSet")
                .request(r#"{"stackName":"orders-service","changeSetName":"release"}"#),
        ];
        for (number, call) in direct.iter().enumerate() {
            log.emit(caller, call, at + 2 + number as i64 * 6);
        }
        let forwarded = [
            Call::read("ecs", "DescribeServices")
                .request(r#"{"cluster":"orders","services":["orders-api"]}"#),
            Call::write("ecs", "UpdateService").request(
                r#"{"cluster":"orders","service":"orders-api","taskDefinition":"orders-api"}"#,
            ),
            Call::write("lambda", "UpdateFunctionCode20150331v2").request(
                r#"{"functionName":"invoice-render","s3Bucket":"example-deployments","s3Key":"invoice-render.zip","publish":false,"dryRun":false}"#,
            ),
        ];
        let key = log.temporary_key(caller.account);
        let forward = caller.forwarded("cloudformation.amazonaws.com", key);
        for (number, call) in forwarded.iter().enumerate() {
            log.emit(&forward, call, at + 60 + number as i64 * 9);
        }
    }

    /// The daily plan: a user's key, the hub role, then one spoke for each account.
    fn plan(&mut self, log: &mut Log, at: i64) {
        let place =
            Place { address: TERRAFORM_ADDRESS, agent: agents::TERRAFORM, region: US_EAST_1 };
        let user = User::new(log.seed, SHARED, "terraform");
        let caller = Caller::of_user(&user, &place);
        log.emit(&caller, &caller_identity(), at);
        let hub = Role::new(SHARED, "terraform-hub");
        let hub = log.assume_role(&AssumeRole {
            caller: &caller,
            role: &hub,
            session_name: "terraform",
            at: at + 2,
        });
        let hub = hub.session.caller(&place);
        for (number, account) in [DEV, STAGING, PROD, SECURITY].into_iter().enumerate() {
            let at = at + 8 + number as i64 * 5 * MINUTE;
            let spoke = Role::new(account, "terraform-spoke");
            let spoke = log.assume_role(&AssumeRole {
                caller: &hub,
                role: &spoke,
                session_name: "terraform",
                at,
            });
            let caller = spoke.session.caller(&place);
            for _ in 0..self.chance.between(24, 36) {
                let call = terraform_read(&mut self.chance);
                let later = at + self.chance.between(2, 4 * MINUTE);
                log.emit(&caller, &call, later);
            }
        }
    }
}

impl Resident for Pipelines {
    fn live(&mut self, log: &mut Log, start: i64) {
        let hour = hour_of_day(start);
        if is_working_day(start) && RUN_HOURS.contains(&hour) {
            let at = start + self.chance.between(0, HOUR / 2);
            self.deploy(log, at);
        }
        if hour == 5 {
            let at = start + self.chance.between(0, 10 * MINUTE);
            self.plan(log, at);
        }
    }
}
