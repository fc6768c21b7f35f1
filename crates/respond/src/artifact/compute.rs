//! Clusters, tasks, builds, stacks and documents.

use alloc::format;
use alloc::string::String;

use super::{Steps, Thing};
use crate::command::Aws;
use crate::grammar;
use crate::step::{Doing, Expect, Risk};

pub(super) fn access_entry(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    let doing = thing.regional(grammar::arn).map(|arn| {
        let on = |operation: &str| {
            Aws::new(&thing.place, "eks", operation)
                .opt("cluster-name", "{{cluster}}")
                .opt("principal-arn", arn)
                .asked("{{cluster}}", "EKS_CLUSTER", "the cluster, from the event")
        };
        Doing::run(on("delete-access-entry"))
            .preview(on("describe-access-entry"))
            .check(on("describe-access-entry"), Expect::Fails("ResourceNotFoundException".into()))
            .undo(on("create-access-entry"))
    });
    let why = "Takes the cluster away from whom the attacker let in. Tokens of Kubernetes that were \
               made before live on for 15 minutes.";
    let step = thing
        .now("access_entry", &format!("Take {name} out of the cluster"), why)
        .risk(Risk::Disruptive)
        .needs(&["eks:DescribeAccessEntry", "eks:DeleteAccessEntry", "eks:CreateAccessEntry"])
        .console(
            thing.page("eks", "#/clusters"),
            "EKS → Clusters → the cluster → Access → IAM access entries → Delete",
        )
        .undo_note("Access policies of the entry have to be associated again: keep the preview.")
        .doing(doing);
    Steps::now(step)
}

pub(super) fn pod_identity(thing: &Thing<'_>) -> Steps {
    let doing = thing.place.checked_region().map(|place| {
        let cluster = |command: Aws| {
            command.opt("cluster-name", "{{cluster}}").asked(
                "{{cluster}}",
                "EKS_CLUSTER",
                "the cluster, from the event",
            )
        };
        let on = |operation: &str| cluster(Aws::new(place, "eks", operation));
        let with_id = |operation: &str| {
            on(operation).opt("association-id", "{{association_id}}").asked(
                "{{association_id}}",
                "ASSOCIATION_ID",
                "the association, from the preview",
            )
        };
        Doing::run(with_id("delete-pod-identity-association"))
            .preview(on("list-pod-identity-associations"))
            .check(
                with_id("describe-pod-identity-association"),
                Expect::Fails("NotFoundException".into()),
            )
    });
    let why = "Pods of the service account get credentials of the role for as long as it stands.";
    let step = thing
        .now(
            "pod_identity",
            &format!("Delete the Pod Identity association of {}", thing.left.name),
            why,
        )
        .risk(Risk::Destructive)
        .needs(&["eks:ListPodIdentityAssociations", "eks:DeletePodIdentityAssociation"])
        .console(
            thing.page("eks", "#/clusters"),
            "EKS → Clusters → the cluster → Access → Pod Identity associations → Delete",
        )
        .undo_note(
            "It is made again with the namespace, service account and role that the preview shows.",
        )
        .doing(doing);
    Steps::now(step)
}

pub(super) fn task_definition(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    if thing.is("UpdateService") {
        let why = "The service runs another image or role than before. Deploy the task definition of your templates.";
        let console = (
            thing.page("ecs", "#/clusters"),
            "ECS → Clusters → the cluster → Services → the service → Update → the revision before",
        );
        return Steps::now(thing.by_hand(
            "ecs_service",
            &format!("Set service {name} back"),
            why,
            console,
        ));
    }
    let doing = thing.regional(grammar::plain_name).map(|name| {
        let describe = |query: &str| {
            Aws::new(&thing.place, "ecs", "describe-task-definition")
                .opt("task-definition", name)
                .query(query)
        };
        let list = Aws::new(&thing.place, "ecs", "list-task-definitions")
            .opt("family-prefix", name)
            .opt("status", "ACTIVE")
            .opt("sort", "DESC");
        Doing::run(
            Aws::new(&thing.place, "ecs", "deregister-task-definition")
                .opt("task-definition", "{{task_definition}}")
                .input("{{task_definition}}", describe("taskDefinition.taskDefinitionArn")),
        )
        .preview(list)
        .check(
            Aws::new(&thing.place, "ecs", "list-task-definitions")
                .opt("family-prefix", name)
                .opt("status", "INACTIVE")
                .opt("sort", "DESC")
                .query("taskDefinitionArns[0]"),
            Expect::Contains(name.into()),
        )
    });
    let why = "Nothing new can be started with the attacker's revision; tasks that run go on until \
               they are stopped. The command takes the newest revision: look at the preview first.";
    let step = thing
        .now("task_definition", &format!("Deregister the newest revision of task definition {name}"), why)
        .risk(Risk::Destructive)
        .needs(&["ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitions", "ecs:DeregisterTaskDefinition"])
        .console(thing.page("ecs", "#/taskDefinitions"), &format!("ECS → Task definitions → {name} → the revision → Deregister"))
        .undo_note("A revision that was deregistered can still be read, and registered anew under the next number.")
        .doing(doing);
    Steps::now(step)
}

pub(super) fn build_project(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    if thing.is("UpdateProject") {
        let why = "Builds run with the project's role, and what they run was changed. Deploy the project of your templates; until then nothing should start it.";
        let console = (
            thing.page("codesuite/codebuild", "#/projects"),
            "CodeBuild → Build projects → the project → Edit; Build triggers and Webhook → Disable",
        );
        return Steps::now(thing.by_hand(
            "build_project",
            &format!("Set build project {name} back"),
            why,
            console,
        ));
    }
    let doing = thing.regional(grammar::plain_name).map(|name| {
        let look = || Aws::new(&thing.place, "codebuild", "batch-get-projects").opt("names", name);
        Doing::run(Aws::new(&thing.place, "codebuild", "delete-project").opt("name", name))
            .preview(look())
            .check(look().query("length(projects)"), Expect::Equals("0".into()))
    });
    let step = thing
        .now(
            "build_project",
            &format!("Delete build project {name}"),
            "Its builds, or its runner, act with the project's role whenever somebody starts them.",
        )
        .risk(Risk::Destructive)
        .needs(&["codebuild:BatchGetProjects", "codebuild:DeleteProject"])
        .console(
            thing.page("codesuite/codebuild", "#/projects"),
            &format!("CodeBuild → Build projects → {name} → Delete"),
        )
        .undo_note("The preview is evidence, and what it takes to make it anew: keep its output.")
        .doing(doing);
    Steps::now(step)
}

pub(super) fn stack(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    let doing = thing.regional(grammar::plain_name).map(|name| {
        let on =
            |operation| Aws::new(&thing.place, "cloudformation", operation).opt("stack-name", name);
        Doing::look(
            on("describe-stack-resources")
                .query("StackResources[].[ResourceType,PhysicalResourceId,ResourceStatus]"),
        )
    });
    let why = "The stack acts with a role of its own. Look at what it made or changed, with the \
               preview, and set that back; update the stack from your template, or delete it if the \
               attacker made it.";
    let step = thing
        .now("stack", &format!("Look at what stack {name} made"), why)
        .risk(Risk::Disruptive)
        .needs(&["cloudformation:DescribeStackResources"])
        .console(
            thing.page("cloudformation", "#/stacks"),
            &format!("CloudFormation → Stacks → {name} → Resources; Update or Delete"),
        )
        .doing(doing);
    Steps::now(step)
}

pub(super) fn lifecycle_configuration(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    let option = "notebook-instance-lifecycle-config-name";
    let doing = thing.regional(grammar::plain_name).map(|name| {
        let on = |operation: &str| Aws::new(&thing.place, "sagemaker", operation).opt(option, name);
        let look = || on("describe-notebook-instance-lifecycle-config");
        Doing::run(on("delete-notebook-instance-lifecycle-config"))
            .preview(look())
            .check(look(), Expect::Fails("Validation".into()))
    });
    let step = thing
        .now(
            "lifecycle_configuration",
            &format!("Delete lifecycle configuration {name}"),
            "Its script runs with the notebook's role whenever the notebook starts.",
        )
        .risk(Risk::Destructive)
        .needs(&[
            "sagemaker:DescribeNotebookInstanceLifecycleConfig",
            "sagemaker:DeleteNotebookInstanceLifecycleConfig",
        ])
        .console(
            thing.page("sagemaker", "#/notebook-instances-lifecycle-config"),
            &format!("SageMaker → Lifecycle configurations → {name} → Actions → Delete"),
        )
        .undo_note("The preview is evidence, and what it takes to make it anew: keep its output.")
        .doing(doing);
    Steps::now(step)
}

pub(super) fn activation(thing: &Thing<'_>) -> Steps {
    let doing = thing.regional(grammar::path_name).map(|role| {
        let place = &thing.place;
        let list = |query: &str| Aws::new(place, "ssm", "describe-activations").query(query);
        let of_role = format!("ActivationList[?IamRole=='{role}'].ActivationId");
        Doing::run(
            Aws::new(place, "ssm", "delete-activation")
                .opt("activation-id", "{{activation_id}}")
                .input(
                    "{{activation_id}}",
                    list("sort_by(ActivationList, &CreatedDate)[-1].ActivationId"),
                ),
        )
        .preview(list("ActivationList[].[ActivationId,IamRole,RegistrationsCount,CreatedDate]"))
        .check(list(&of_role), Expect::Equals(String::new()))
    });
    let why = "A machine outside AWS that was registered with it has credentials of the role, an \
               hour at a time. The command takes the newest activation: look at the preview first, \
               and deregister the machines (mi-…) that came by it.";
    let step = thing
        .now("activation", &format!("Delete the activation with role {}", thing.left.name), why)
        .risk(Risk::Destructive)
        .needs(&["ssm:DescribeActivations", "ssm:DeleteActivation", "ssm:DeregisterManagedInstance"])
        .console(thing.page("systems-manager", "#/activations"), "Systems Manager → Hybrid activations → the activation → Delete; Fleet Manager → mi-… → Deregister")
        .undo_note("An activation does not come back; a new one has another code.")
        .doing(doing);
    Steps::now(step)
}

pub(super) fn document(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    if thing.is("CreateAssociation") {
        let why = "It runs a document on instances again and again.";
        let console = (
            thing.page("systems-manager", "#/state-manager"),
            "Systems Manager → State Manager → the association → Delete",
        );
        return Steps::now(thing.by_hand(
            "ssm_association",
            &format!("Delete the association of document {name}"),
            why,
            console,
        ));
    }
    let doing = thing.regional(grammar::plain_name).map(|name| {
        let on = |operation| Aws::new(&thing.place, "ssm", operation).opt("name", name);
        Doing::run(on("delete-document"))
            .preview(on("get-document"))
            .check(on("describe-document"), Expect::Fails("InvalidDocument".into()))
    });
    let step = thing
        .now(
            "ssm_document",
            &format!("Delete document {name}"),
            "Whoever may send commands can run it on instances.",
        )
        .risk(Risk::Destructive)
        .needs(&["ssm:GetDocument", "ssm:DeleteDocument", "ssm:DescribeDocument"])
        .console(
            thing.page("systems-manager", "#/documents"),
            &format!("Systems Manager → Documents → {name} → Delete"),
        )
        .undo_note("The preview is evidence, and what it takes to make it anew: keep its output.")
        .doing(doing);
    Steps::now(step)
}
