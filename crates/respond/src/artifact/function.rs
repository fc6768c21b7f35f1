//! Functions and the rules that start them.

use alloc::format;

use super::{Steps, Thing};
use crate::command::Aws;
use crate::grammar::{self, Refused};
use crate::origin;
use crate::step::{Doing, Expect, Phase, Risk};

pub(super) fn function(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    if thing.is("PublishLayerVersion") {
        let why = "Every function with the layer runs what is in it. Point the functions to the \
                   version before, then delete this one.";
        let console = (
            thing.page("lambda", "#/layers"),
            "Lambda → Layers → the layer → Versions → Delete; Functions that use this version",
        );
        return Steps::now(thing.by_hand(
            "layer",
            &format!("Take layer {name} out of the functions"),
            why,
            console,
        ));
    }
    let mut stop = origin::stop_function(&thing.place, Phase::RemovePersistence, name);
    if let Ok(name) = thing.regional(grammar::function_name) {
        let look = Aws::new(&thing.place, "lambda", "get-function-configuration");
        let look = look.opt("function-name", name).query("Role").build();
        let whose = format!(
            " `{}` names that role: where this plan does not revoke it, do so in the console (IAM → \
             Roles → the role → Revoke sessions).",
            look.shell
        );
        stop.why.push_str(&whose);
        stop.needs.push("lambda:GetFunctionConfiguration".into());
    }
    let doing = thing.regional(grammar::function_name).map(|name| {
        let on = |operation| Aws::new(&thing.place, "lambda", operation).opt("function-name", name);
        Doing::run(on("delete-function"))
            .preview(on("get-function"))
            .check(on("get-function"), Expect::Fails("ResourceNotFoundException".into()))
    });
    if !thing.is("CreateFunction") {
        stop.why.push_str(" The attacker changed its code or configuration: deploy what your templates say, then undo this step.");
        return Steps::now(stop);
    }
    stop.risk = Risk::Safe;
    let delete = thing
        .later("delete_function", &format!("Delete function {name}"), "The attacker made the function. Keep its code first: the preview gives an address to download it from.")
        .needs(&["lambda:DeleteFunction", "lambda:GetFunction"])
        .console(thing.page("lambda", "#/functions"), &format!("Lambda → Functions → {name} → Actions → Delete"))
        .undo_note("The function comes back only from the code that the preview gives.")
        .doing(doing);
    Steps::now(stop).and_later(delete)
}

pub(super) fn function_permission(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    let is_url = thing.is("CreateFunctionUrlConfig");
    let doing = thing.regional(grammar::function_name).map(|name| {
        let on = |operation| Aws::new(&thing.place, "lambda", operation).opt("function-name", name);
        if is_url {
            return Doing::run(on("delete-function-url-config"))
                .preview(on("get-function-url-config"))
                .check(
                    on("get-function-url-config"),
                    Expect::Fails("ResourceNotFoundException".into()),
                )
                .undo(on("create-function-url-config").opt("auth-type", "{{auth_type}}").asked(
                    "{{auth_type}}",
                    "AUTH_TYPE",
                    "the URL's AuthType, from the preview; NONE lets anybody call the function",
                ));
        }
        let with_id = |operation| {
            on(operation).opt("statement-id", "{{statement_id}}").asked(
                "{{statement_id}}",
                "STATEMENT_ID",
                "the Sid of the attacker's statement, from the preview",
            )
        };
        let again = with_id("add-permission")
            .opt("action", "{{action}}")
            .opt("principal", "{{principal}}")
            .asked("{{action}}", "ACTION", "the statement's action, from the preview")
            .asked("{{principal}}", "PRINCIPAL", "the statement's principal, from the preview");
        let get = || on("get-policy").query("Policy");
        let doing = Doing::run(with_id("remove-permission")).preview(get()).undo(again);
        match &*thing.left.detail {
            "" => doing,
            principal => doing.check(get(), Expect::Lacks(principal.into())),
        }
    });
    let (title, why) = if is_url {
        (
            format!("Take the URL of function {name} away"),
            "Anybody who knows the URL may call the function.",
        )
    } else {
        (
            format!("Take the attacker's permission off function {name}"),
            "Whoever it names may call the function with its role.",
        )
    };
    let step = thing
        .now("function_permission", &title, why)
        .risk(Risk::Disruptive)
        .console(thing.page("lambda", "#/functions"), &format!("Lambda → Functions → {name} → Configuration → Permissions, Function URL → Delete"))
        .undo_note("A permission is given anew with lambda add-permission and the members that the preview shows; a URL that is made anew has another address, and with the AuthType NONE anybody may call it again: prefer AWS_IAM.")
        .references(&["https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html"])
        .doing(doing);
    Steps::now(step)
}

pub(super) fn rule(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    let title = format!("Disable rule {name}");
    let why =
        "It starts something of the attacker's, again and again, without any credential of theirs.";
    let (doing, service) = match &*thing.left.event_source {
        "events.amazonaws.com" => (events_rule(thing), "events"),
        "scheduler.amazonaws.com" => (schedule(thing), "scheduler"),
        _ => (event_source_mapping(thing), "lambda"),
    };
    let step = thing
        .now("rule", &title, why)
        .risk(if service == "scheduler" { Risk::Destructive } else { Risk::Disruptive })
        .console(thing.page(service, ""), &format!("EventBridge → Rules or Schedules → {name} → Disable; Lambda → Functions → {name} → Configuration → Triggers → Disable"))
        .undo_note("A schedule is deleted, and made anew with what the preview shows: keep its output.")
        .doing(doing);
    Steps::now(step)
}

fn events_rule(thing: &Thing<'_>) -> Result<Doing, Refused> {
    let name = thing.regional(grammar::plain_name)?;
    let on = |operation| Aws::new(&thing.place, "events", operation).opt("name", name);
    Ok(Doing::run(on("disable-rule"))
        .preview(on("describe-rule"))
        .check(on("describe-rule").query("State"), Expect::Equals("DISABLED".into()))
        .undo(on("enable-rule")))
}

fn schedule(thing: &Thing<'_>) -> Result<Doing, Refused> {
    let name = thing.regional(grammar::plain_name)?;
    let on = |operation| Aws::new(&thing.place, "scheduler", operation).opt("name", name);
    // A schedule is disabled only by writing all of its members again.
    Ok(Doing::run(on("delete-schedule"))
        .preview(on("get-schedule"))
        .check(on("get-schedule"), Expect::Fails("ResourceNotFoundException".into())))
}

fn event_source_mapping(thing: &Thing<'_>) -> Result<Doing, Refused> {
    let name = thing.regional(grammar::function_name)?;
    let list = |query: &str| {
        Aws::new(&thing.place, "lambda", "list-event-source-mappings")
            .opt("function-name", name)
            .query(query)
    };
    let newest = |member: &str| format!("sort_by(EventSourceMappings, &LastModified)[-1].{member}");
    let update = |switch| {
        Aws::new(&thing.place, "lambda", "update-event-source-mapping")
            .opt("uuid", "{{uuid}}")
            .flag(switch)
            .input("{{uuid}}", list(&newest("UUID")))
    };
    Ok(Doing::run(update("no-enabled"))
        .preview(list("EventSourceMappings[].[UUID,State,EventSourceArn]"))
        .check(list(&newest("State")), Expect::Contains("Disabl".into()))
        .undo(update("enabled")))
}
