//! Each kind of origin is cut in its own way.

use detect::OriginKind;
use respond::{Phase, Plan, Step};

use crate::logs::{bob, firing, log, plans, step};

fn cuts(plan: &Plan) -> Vec<&Step> {
    plan.steps.iter().filter(|step| step.phase == Phase::CutOrigin).collect()
}

#[test]
fn every_fixture_has_something_that_cuts_its_origin() {
    for path in firing() {
        let text = std::fs::read_to_string(&path).unwrap();
        for plan in plans(&text) {
            assert!(!cuts(&plan).is_empty(), "{}: {}", path.display(), plan.title);
        }
    }
}

#[test]
fn an_instance_is_kept_isolated_and_gets_its_role_taken_away() {
    let log = log("role_chaining", "fires_on_an_instance_that_climbs");
    let plans = plans(&log);
    let plan = &plans[0];
    assert_eq!(step(plan, "snapshot/").phase, Phase::Preserve);
    for id in [
        "origin/quarantine_group",
        "origin/quarantine_egress",
        "origin/quarantine",
        "origin/instance_profile",
        "origin/metadata",
    ] {
        let step = step(plan, id);
        assert!(step.refused.is_none() && step.command.is_some(), "{id}: {:?}", step.refused);
    }
    let profile = step(plan, "origin/instance_profile").command.as_ref().unwrap();
    assert_eq!(profile.inputs[0].argv[2], "describe-iam-instance-profile-associations");
    assert!(profile.shell.contains("--association-id=\"$(aws ec2 describe"), "{}", profile.shell);
}

#[test]
fn a_role_of_an_instance_that_others_use_is_revoked_by_session() {
    let log = log("role_chaining", "fires_on_an_instance_that_climbs");
    // Another instance with the same role, day by day.
    let first: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("ec2.amazonaws.com") && line.contains("AssumeRole"))
        .collect();
    assert!(!first.is_empty());
    let plan = &plans(&log)[0];
    let id =
        plan.steps.iter().find_map(|step| step.id.strip_prefix("snapshot/")).unwrap().to_owned();
    let other: Vec<String> = log
        .lines()
        .filter(|line| line.contains(&id) && line.contains("ec2.amazonaws.com"))
        .map(|line| {
            let line = line.replace(&id, "i-0fedcba9876543210");
            line.replace("\"eventID\": \"", "\"eventID\": \"0")
                .replace("\"eventID\":\"", "\"eventID\":\"0")
                .replace("EXAMPLE\"", "EXAMPLF\"")
        })
        .collect();
    let both = format!("{}\n{}", log.trim_end(), other.join("\n"));
    let plans = plans(&both);
    let plan = plans
        .iter()
        .find(|plan| plan.steps.iter().any(|step| step.id == format!("snapshot/{id}")))
        .unwrap();
    let narrow = step(plan, "revoke_narrow/");
    let argv = narrow.command.as_ref().unwrap().argv.join(" ");
    assert!(argv.contains("aws:userid") && argv.contains(&format!(":{id}")), "{argv}");
    assert!(!argv.contains("i-0fedcba9876543210"), "{argv}");
    let wide = plan.steps.iter().position(|step| step.id.starts_with("revoke/")).unwrap();
    let at = plan.steps.iter().position(|one| one.id == narrow.id).unwrap();
    assert!(
        at < wide && plan.steps[wide].condition.is_some() && !plan.steps[wide].affects.is_empty()
    );
}

const PERSON: &str = "90670000-0000-4000-8000-00000000000a";

#[test]
fn a_person_of_identity_center_loses_access_before_being_disabled() {
    let log = log("role_chaining", "fires_on_a_chain_from_identity_center");
    let plan = &plans(&log)[0];
    let at = |id: &str| plan.steps.iter().position(|step| step.id == id).unwrap();
    let order =
        ["origin/assignments", "origin/groups", "origin/portal_sessions", "origin/identity_center"];
    assert!(order.map(at).is_sorted());
    assert!(step(plan, "origin/identity_center").console.path.contains("Disable user access"));
    let take = step(plan, "origin/assignments").command.as_ref().unwrap();
    // The id is not in this log: it is looked up by the name that the session bears.
    let markers: Vec<&str> = take.inputs.iter().map(|input| input.marker.as_str()).collect();
    assert_eq!(
        markers,
        [
            "{{instance_arn}}",
            "{{identity_store_id}}",
            "{{user_id}}",
            "{{target_id}}",
            "{{permission_set_arn}}"
        ]
    );
    assert!(take.inputs[2].argv.concat().contains(r#""AttributeValue":"ana@example.com""#));
    assert!(
        plan.steps.iter().all(|step| !step.id.contains("assignments") || step.account_id.is_none())
    );
}

#[test]
fn a_person_whose_id_is_known_is_named_by_it() {
    let log = log("role_chaining", "fires_on_a_chain_from_identity_center");
    let context =
        r#""sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAAWSRES222XEXAMPLE""#;
    let known = format!(r#""onBehalfOf":{{"userId":"{PERSON}"}},{context}"#);
    let plan = &plans(&log.replace(context, &known))[0];
    let take = step(plan, "origin/assignments").command.as_ref().unwrap();
    assert!(take.argv.windows(2).any(|two| two == ["--principal-id", PERSON]), "{}", take.shell);
    let contain = step(plan, "create_policy/").command.as_ref().unwrap();
    assert!(contain.shell.contains(&format!(r#""identitystore:userId":["{PERSON}"]"#)));
    let deny = step(plan, "revoke_reserved/").command.as_ref().unwrap();
    assert!(
        deny.shell.contains(&format!(r#""identitystore:userId":"{PERSON}""#)),
        "{}",
        deny.shell
    );
}

#[test]
fn a_reserved_role_is_left_to_its_permission_set() {
    let log = log("role_chaining", "fires_on_a_chain_from_identity_center");
    let plan = &plans(&log)[0];
    let find = step(plan, "find_permission_set/").check.as_ref().unwrap();
    assert_eq!(find.expect, respond::Expect::Equals("Developer".into()));
    let deny = step(plan, "revoke_reserved/").command.as_ref().unwrap();
    assert_eq!(deny.argv[1..3], ["sso-admin", "put-inline-policy-to-permission-set"]);
    assert!(deny.shell.contains("aws:TokenIssueTime"), "{}", deny.shell);
    assert!(step(plan, "provision_permission_set/").command.is_some());
    let contain = step(plan, "create_policy/").command.as_ref().unwrap();
    assert!(contain.shell.contains("aws:userid"), "{}", contain.shell);
    assert!(!contain.shell.contains("AWSReservedSSO"), "{}", contain.shell);
    let iam = plan.steps.iter().filter_map(|step| step.command.as_ref());
    let mut iam = iam.filter(|command| command.argv.get(1).is_some_and(|service| service == "iam"));
    assert!(iam.all(|command| !command.shell.contains("AWSReservedSSO")));
}

#[test]
fn root_is_taken_back_by_the_organization_and_by_its_owner() {
    let log = log("long_term_key_persistence", "fires_on_a_key_of_root");
    let plan = &plans(&log)[0];
    let profile = step(plan, "origin/root_profile").command.as_ref().unwrap();
    assert_eq!(profile.argv[..4], ["aws", "configure", "set", "credential_process"]);
    let process = &profile.argv[4];
    assert!(process.contains("sts assume-root --target-principal "), "{process}");
    assert!(process.contains("policy/root-task/IAMDeleteRootUserCredentials"), "{process}");
    for id in ["origin/root_password", "origin/root_keys", "origin/root_mfa_devices"] {
        let step = step(plan, id);
        let command = step.command.as_ref().unwrap();
        assert!(command.shell.contains("--profile rolecall-root-"), "{}", command.shell);
        assert!(!command.shell.contains("--user-name"), "{}", command.shell);
        assert!(step.condition.as_ref().unwrap().contains("centralized root access"));
    }
    let owner = plan.steps.iter().find(|step| step.id == "origin/root").unwrap();
    assert!(owner.command.is_none() && owner.why.starts_with("Only in the console"));
}

#[test]
fn whoever_acted_as_root_of_a_member_account_is_kept_from_it() {
    let log = log("role_chaining", "fires_on_a_session_of_root");
    let plan = &plans(&log)[0];
    let close = step(plan, "close_way/111122223333/organization-operations/root");
    let command = close.command.as_ref().unwrap();
    assert!(command.shell.contains(r#""Action":["sts:AssumeRoot"]"#), "{}", command.shell);
    assert!(command.shell.contains(r#""Resource":["*"]"#), "{}", command.shell);
}

#[test]
fn a_pipeline_is_taken_out_of_the_trust_that_the_logs_hold() {
    let log = log("role_chaining", "fires_on_a_pipeline_with_a_web_identity");
    let trust = step(&plans(&log)[0], "origin/trust/").command.clone().unwrap();
    assert!(trust.shell.contains("codebuild.amazonaws.com"), "{}", trust.shell);
    assert!(!trust.shell.contains("githubusercontent"), "{}", trust.shell);
}

#[test]
fn a_trust_policy_that_no_log_holds_is_asked_for() {
    for name in ["fires_on_a_person_of_a_saml_provider", "fires_on_a_pod_with_a_service_account"] {
        let plan = &plans(&log("role_chaining", name))[0];
        let trust = step(plan, "origin/trust/");
        assert_eq!(trust.command.as_ref().unwrap().inputs[0].variable, "NEW_TRUST_POLICY");
        assert_eq!(trust.undo[0].inputs[0].variable, "TRUST_POLICY");
    }
}

#[test]
fn a_service_of_ecs_is_stopped_before_its_task() {
    let plan = &plans(&log("role_chaining", "fires_on_a_task_that_climbs"))[0];
    let ids: Vec<&str> = cuts(plan).iter().map(|step| step.id.as_str()).collect();
    assert_eq!(ids, ["origin/find_task", "origin/stop_service", "origin/task"]);
    assert!(cuts(plan).iter().all(|step| step.refused.is_none()));
}

#[test]
fn a_federation_token_is_denied_at_its_user() {
    for path in
        firing().into_iter().filter(|path| path.to_str().unwrap().contains("federation_token"))
    {
        let text = std::fs::read_to_string(&path).unwrap();
        for plan in plans(&text) {
            let has_user = plan.credentials.iter().any(|one| one.is_long_term);
            if has_user {
                let deny = step(&plan, "revoke_tokens/");
                let argv = deny.command.as_ref().unwrap().argv.join(" ");
                assert!(
                    argv.contains("put-user-policy") && argv.contains("aws:TokenIssueTime"),
                    "{argv}"
                );
            }
        }
    }
}

#[test]
fn a_foreign_account_is_taken_out_of_the_trust() {
    let log = log("role_chaining", "fires_on_a_foreign_account_that_comes_in_and_goes_on");
    let plans = plans(&log);
    let trust = step(&plans[0], "origin/trust/");
    assert!(trust.console.path.contains("Edit trust policy"));
    assert!(trust.preview.is_some());
}

#[test]
fn an_unknown_origin_is_said_to_be_unknown() {
    let log = log("role_chaining", "fires_with_a_lower_bound_when_the_origin_is_not_in_the_logs");
    let plan = &plans(&log)[0];
    assert!(step(plan, "origin/unknown").why.contains("not in them"));
    assert!(plan.warnings.iter().any(|warning| warning.contains("origin is not in these logs")));
}

#[test]
fn roles_that_renew_each_other_are_kept_from_it() {
    let log = log("role_juggling", "fires_on_a_role_that_renews_itself");
    let plan = &plans(&log)[0];
    let close = plan.steps.iter().find(|step| step.why.contains("assumed itself")).unwrap();
    assert!(close.condition.is_none() && close.command.is_some());
    assert!(plan.warnings.iter().any(|warning| warning.contains("renews it without end")));
}

#[test]
fn the_kinds_of_origin_that_fixtures_lack_are_cut_too() {
    let kinds = [
        (OriginKind::Root, "origin/root_profile"),
        (OriginKind::Saml, "origin/saml"),
        (OriginKind::Oidc, "origin/oidc"),
        (OriginKind::LambdaFunction, "stop_function/"),
        (OriginKind::EcsTask, "origin/find_task"),
        (OriginKind::AwsService, "origin/service"),
        (OriginKind::Console, "remove_password/"),
        (OriginKind::FederationToken, "revoke_tokens/"),
        (OriginKind::ExternalAccount, "origin/trust/"),
    ];
    let mut evidence = evidence::Evidence::default();
    let log = bob();
    cloudtrail::read(log.as_bytes(), &mut |record| {
        evidence.record(record);
    });
    let analysis = detect::analyze(&evidence, detect::Settings::default());
    for (kind, id) in kinds {
        let mut incident = analysis.incidents[0].clone();
        incident.origin.kind = kind;
        incident.origin.subject = Some("subject-1".into());
        let mut extent = analysis.extents[&incident.id].clone();
        extent.region = Some("us-east-1".into());
        extent.provider = Some("arn:aws:iam::222233334444:saml-provider/idp".into());
        let plan = respond::plan(&incident, &extent);
        let step = step(&plan, id);
        assert!(step.phase == Phase::CutOrigin && !step.console.path.is_empty(), "{kind:?}");
        incident.origin.subject = Some("rolesanywhere.amazonaws.com".into());
        if kind == OriginKind::AwsService {
            let plan = respond::plan(&incident, &extent);
            assert!(crate::logs::step(&plan, "origin/roles_anywhere").command.is_some());
            incident.origin.subject = Some("pods.eks.amazonaws.com".into());
            let plan = respond::plan(&incident, &extent);
            assert!(crate::logs::step(&plan, "origin/pod_association").command.is_some());
        }
    }
}
