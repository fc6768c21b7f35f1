//! Functions, tasks, pods and services of AWS.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{step, vouched};
use crate::case::Case;
use crate::command::Aws;
use crate::grammar::{self, Refused};
use crate::place::Place;
use crate::reference;
use crate::step::{Doing, Expect, Phase, Risk, Step};

fn subject<'c>(case: &Case<'c>) -> &'c str {
    case.incident.origin.subject.as_deref().unwrap_or_default()
}

pub(super) fn function(case: &Case<'_>) -> Vec<Step> {
    let name = subject(case);
    let name = name.rsplit(":function:").next().unwrap_or(name);
    [stop_function(&case.home, Phase::CutOrigin, name)].into()
}

/// Lets the function `name` run no more.
pub(crate) fn stop_function(place: &Place, phase: Phase, name: &str) -> Step {
    let why = "With no executions reserved for it the function does not run, whoever calls it; its \
               code and configuration stay as evidence. Everything that relies on it stops. \
               Credentials that it got before live on until its role is revoked.";
    let page = grammar::function_name(name).ok();
    let page = page.and_then(|name| place.service_page("lambda", &format!("#/functions/{name}")));
    Step::new(
        phase,
        &format!("stop_function/{}/{name}", place.account_id),
        &format!("Stop function {name}"),
        why,
    )
    .at(place)
    .risk(Risk::Disruptive)
    .needs(&[
        "lambda:PutFunctionConcurrency",
        "lambda:GetFunctionConcurrency",
        "lambda:DeleteFunctionConcurrency",
    ])
    .console(page, &format!("Lambda → Functions → {name} → Throttle"))
    .undo_note(&number_again(place, name))
    .references(&["https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html"])
    .doing(function_doing(place, name))
}

/// How to go back where a number of executions was reserved before.
fn number_again(place: &Place, name: &str) -> String {
    let number = grammar::function_name(name).map(|name| {
        Aws::new(place, "lambda", "put-function-concurrency")
            .opt("function-name", name)
            .opt("reserved-concurrent-executions", "NUMBER")
            .build()
            .shell
    });
    format!(
        "If the preview shows a number, set that one again and do not delete it{}",
        number.map_or_else(|_| ".".into(), |number| format!(": {number}"))
    )
}

fn function_doing(place: &Place, name: &str) -> Result<Doing, Refused> {
    place.checked_region()?;
    let name = grammar::function_name(name)?;
    let on = |operation| Aws::new(place, "lambda", operation).opt("function-name", name);
    let number = "ReservedConcurrentExecutions";
    Ok(Doing::run(on("put-function-concurrency").opt("reserved-concurrent-executions", "0"))
        .preview(on("get-function-concurrency"))
        .check(on("get-function-concurrency").query(number), Expect::Equals("0".into()))
        .undo(on("delete-function-concurrency")))
}

/// The steps that end a task and keep its service from starting another one.
pub(super) fn task(case: &Case<'_>) -> Vec<Step> {
    [find_task(case), stop_service(case), stop_task(case)].into()
}

const TASKS: &str =
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html";

/// What to say for the cluster.
fn cluster() -> String {
    format!("the cluster that the task runs in, which {} finds", reference::to("origin/find_task"))
}

/// A call about the task, in the cluster that a person names.
fn on_task(case: &Case<'_>, operation: &str, option: &str) -> Result<Aws, Refused> {
    let place = case.home.checked_region()?;
    let id = grammar::plain_name(subject(case))?;
    let call = Aws::new(place, "ecs", operation).opt("cluster", "{{cluster}}").opt(option, id);
    Ok(call.asked("{{cluster}}", "ECS_CLUSTER", &cluster()))
}

fn find_task(case: &Case<'_>) -> Step {
    let id = subject(case);
    let role = case.extent.roles.first().map_or("the chain's first role", |role| &*role.name);
    let why = format!(
        "No log names the cluster, for which the next steps ask. The preview lists the clusters of \
         the Region; the one for which the check prints the task's ARN is it, and behind the ARN \
         stands the service. A task that is in none was stopped more than an hour ago, and its \
         service alone is left to stop: `aws ecs list-services --cluster CLUSTER` lists those of a \
         cluster, `aws ecs describe-services` the task definition of each, and `aws ecs \
         describe-task-definition` its role. The service whose tasks have {role} is the one to \
         stop, with its cluster."
    );
    let doing = case.home.checked_region().and_then(|place| {
        let id = grammar::plain_name(id)?;
        let list = Aws::new(place, "ecs", "list-clusters").query("clusterArns");
        let describe = on_task(case, "describe-tasks", "tasks")?.query("tasks[].[taskArn,group]");
        Ok(Doing::look(list).check(describe, Expect::Contains(id.into())))
    });
    step("find_task", &format!("Find the cluster of task {id}"), &why)
        .at(&case.home)
        .needs(&[
            "ecs:ListClusters",
            "ecs:DescribeTasks",
            "ecs:ListServices",
            "ecs:DescribeServices",
            "ecs:DescribeTaskDefinition",
        ])
        .console(
            case.home.service_page("ecs", "#/clusters"),
            &format!("ECS → Clusters → each of them → Tasks → {id}"),
        )
        .references(&[TASKS])
        .doing(doing)
}

fn stop_service(case: &Case<'_>) -> Step {
    let id = subject(case);
    let doing = (|| {
        let place = case.home.checked_region()?;
        let on = |operation: &str, option: &str| {
            Aws::new(place, "ecs", operation)
                .opt("cluster", "{{cluster}}")
                .opt(option, "{{service}}")
                .asked("{{cluster}}", "ECS_CLUSTER", &cluster())
                .asked(
                    "{{service}}",
                    "ECS_SERVICE",
                    &format!(
                        "the service's name, which the group that {} shows has behind service:",
                        reference::to("origin/find_task")
                    ),
                )
        };
        let look = |query: &str| on("describe-services", "services").query(query);
        let undo = on("update-service", "service").opt("desired-count", "{{count}}");
        Ok(Doing::run(on("update-service", "service").opt("desired-count", "0"))
            .preview(look("services[].[serviceName,desiredCount]"))
            .only_where(
                "the service starts tasks",
                look("services[0].desiredCount > `0`"),
                Expect::Equals("True".into()),
            )
            .check(look("services[0].desiredCount == `0`"), Expect::Equals("True".into()))
            .undo(undo.asked(
                "{{count}}",
                "DESIRED_COUNT",
                "the number of tasks that the preview showed",
            )))
    })();
    let why = "A service starts another task for each that ends, which is as open to attack as this \
               one. With a desired count of 0 it starts none, and all of its tasks end: whatever it \
               serves stops until the image is mended.";
    step("stop_service", &format!("Keep the service of task {id} from starting another one"), why)
        .at(&case.home)
        .risk(Risk::Disruptive)
        .only_if(&format!(
            "Only if a service started the task: the group that {} shows begins with service:, or \
             you found one whose tasks have the role.",
            reference::to("origin/find_task")
        ))
        .needs(&["ecs:DescribeServices", "ecs:UpdateService"])
        .console(
            case.home.service_page("ecs", "#/clusters"),
            "ECS → Clusters → the cluster → Services → the service → Update service → Desired tasks → 0 → Update",
        )
        .references(&[TASKS])
        .doing(doing)
}

fn stop_task(case: &Case<'_>) -> Step {
    let id = subject(case);
    let doing = (|| {
        let status =
            || Ok(on_task(case, "describe-tasks", "tasks")?.query("tasks[0].desiredStatus"));
        Ok(Doing::run(on_task(case, "stop-task", "task")?.opt("reason", "Incident"))
            .preview(on_task(case, "describe-tasks", "tasks")?)
            .only_where("the task runs", status()?, Expect::Equals("RUNNING".into()))
            .check(status()?, Expect::Equals("STOPPED".into())))
    })();
    let why = "Ends the task, if the service has not done so yet. ECS shows a stopped task for an \
               hour only: export its logs and the preview first. The credentials that it has live \
               on until its role is revoked.";
    step("task", &format!("Stop task {id}"), why)
        .at(&case.home)
        .risk(Risk::Destructive)
        .needs(&["ecs:StopTask", "ecs:DescribeTasks"])
        .console(
            case.home.service_page("ecs", "#/clusters"),
            &format!("ECS → Clusters → the cluster → Tasks → {id} → Stop"),
        )
        .undo_note("A stopped task does not come back; its service starts a new one by itself.")
        .references(&[TASKS])
        .doing(doing)
}

/// The steps that isolate a pod and take its role away.
pub(super) fn pod(case: &Case<'_>) -> Vec<Step> {
    let subject = subject(case);
    let arn = case.incident.origin.principal_arn.as_deref().unwrap_or_default();
    let session = arn.rsplit('/').next().unwrap_or_default();
    let is_account = subject.starts_with("system:");
    let who = if is_account { subject } else { session };
    let why = "Isolate the pod with a network policy that lets nothing in or out, copy its logs and \
               files, then delete it; do not let its deployment start the same image again. This \
               is done in the cluster, with kubectl; AWS has no call for it.";
    let isolate = step("pod", &format!("Isolate the pod behind {who}"), why)
        .at(&case.home)
        .risk(Risk::Disruptive)
        .needs(&["access to the cluster"])
        .console(
            case.home.service_page("eks", "#/clusters"),
            "EKS → Clusters → the cluster → Resources → Pods",
        )
        .undo_note("Its deployment starts the pod again when the network policy is deleted.")
        .references(&["https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html"]);
    if is_account {
        let mut steps: Vec<Step> = [isolate].into();
        steps.extend(vouched::provider_trusts(case));
        return steps;
    }
    [isolate, pod_association(case, who)].into()
}

/// Deletes the association by which pods of a service account get the role.
fn pod_association(case: &Case<'_>, who: &str) -> Step {
    let doing = case.home.checked_region().map(|place| {
        let cluster = |command: Aws| {
            command.opt("cluster-name", "{{cluster}}").asked(
                "{{cluster}}",
                "EKS_CLUSTER",
                "the cluster that the pod runs in: aws eks list-clusters lists them",
            )
        };
        let on = |operation: &str| {
            cluster(Aws::new(place, "eks", operation))
                .opt("association-id", "{{association_id}}")
                .asked("{{association_id}}", "ASSOCIATION_ID", "its id, from the preview")
        };
        let list = Aws::new(place, "eks", "list-pod-identity-associations");
        Doing::run(on("delete-pod-identity-association"))
            .preview(cluster(list).query("associations[].[namespace,serviceAccount,associationId]"))
            .check(
                on("describe-pod-identity-association"),
                Expect::Fails("ResourceNotFoundException".into()),
            )
    });
    let role = case.extent.roles.first().map_or("the role", |role| &*role.name);
    let why = format!(
        "Pods of the service account get new credentials of {role} for as long as the association \
         stands. Look it up in full before: `aws eks describe-pod-identity-association` shows the \
         namespace, the service account and the role, which is what it takes to make it again."
    );
    step("pod_association", &format!("Take the role from the service account of {who}"), &why)
        .at(&case.home)
        .risk(Risk::Destructive)
        .needs(&[
            "eks:ListPodIdentityAssociations",
            "eks:DescribePodIdentityAssociation",
            "eks:DeletePodIdentityAssociation",
        ])
        .console(
            case.home.service_page("eks", "#/clusters"),
            "EKS → Clusters → the cluster → Access → Pod Identity associations → the service account → Delete",
        )
        .undo_note(
            "aws eks create-pod-identity-association with the namespace, service account and role \
             that it had.",
        )
        .references(&["https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html"])
        .doing(doing)
}

pub(super) fn service(case: &Case<'_>) -> Vec<Step> {
    let service = subject(case);
    let role = case.extent.roles.first();
    let role_name: String =
        role.map(|role| format!(" with role {}", role.name)).unwrap_or_default();
    let why = "A service of AWS got the first credential on behalf of something that runs in the \
               account. Find that and stop it; the revocation of its role, below, holds until the \
               service gets new credentials.";
    [step("service", &format!("Stop what {service} runs{role_name}"), why)
        .at(&case.home)
        .risk(Risk::Disruptive)
        .console(
            case.home.console("iam/home#/roles"),
            "IAM → Roles → the role → Last Accessed shows what it is used for",
        )]
    .into()
}
