//! Findings in ASFF, held against the model of the service.

use detect::{Analysis, Color};
use report::asff::{self, Options, RecordState};
use report::{Coverage, Dossier, Per};
use serde_json::{Map, Value, json};

use crate::facts::{Member, Sections, sections};
use crate::golden::check;
use crate::logs::{self, MISSION, analysis_of, scan};
use crate::{bob, hostile};

const OPTIONS: Options<'static> = Options {
    base_url: Some("https://rolecall.example.com"),
    ..Options::new("111122223333", "eu-central-1", "0.1.0")
};

/// Bytes of one finding that the service takes.
const BYTES_MAX: usize = 240_000;

fn document(analysis: &Analysis, per: Per) -> String {
    asff::document(&scan(analysis, &Coverage::default()), per, &OPTIONS)
}

fn findings(analysis: &Analysis, per: Per) -> Vec<Value> {
    serde_json::from_str(&document(analysis, per)).unwrap()
}

/// What the model says.
fn model() -> Sections {
    let model = sections(include_str!("../../fixtures/asff/members.txt"));
    assert!(model.len() > 10, "{}", model.len());
    model
}

/// Holds findings against the model.
struct Check<'m> {
    model: &'m Sections,
    faults: Vec<String>,
}

/// Everything that is wrong with `finding`, a line each.
fn faults(model: &Sections, finding: &Value) -> Vec<String> {
    let mut check = Check { model, faults: Vec::new() };
    check.structure("AwsSecurityFinding", finding, "");
    check.rules(finding);
    check.faults
}

impl Check<'_> {
    fn rule(&mut self, is_kept: bool, what: &str) {
        if !is_kept {
            self.faults.push(what.to_owned());
        }
    }

    /// What the service asks for beyond its model.
    fn rules(&mut self, finding: &Value) {
        let text = |name: &str| finding[name].as_str().unwrap_or_default();
        let account = text("AwsAccountId");
        self.rule(asff::is_account_id(account), "AwsAccountId is no account");
        self.rule(text("SchemaVersion") == "2018-10-08", "SchemaVersion is another");
        let arn: Vec<&str> = text("ProductArn").split(':').collect();
        let product = format!("product/{account}/default");
        let is_default = arn.len() == 6 && arn[4] == account && arn[5] == product;
        self.rule(is_default, "ProductArn is not the default");
        for name in ["Severity", "Types"] {
            self.rule(finding.get(name).is_some(), &format!("{name} is missing"));
        }
        for name in ["Workflow", "Note", "VerificationState", "UserDefinedFields", "Confidence"] {
            self.rule(finding.get(name).is_none(), &format!("{name} is not for providers"));
        }
        for name in ["CreatedAt", "UpdatedAt", "FirstObservedAt", "LastObservedAt"] {
            self.rule(is_time(text(name)), &format!("{name} is no time"));
        }
        self.rule(text("CreatedAt") <= text("UpdatedAt"), "it was changed before it was made");
        let types = finding["Types"].as_array().into_iter().flatten();
        let mut types = types.map(|one| one.as_str().unwrap());
        let spaces = ["TTPs/", "Effects/", "Unusual Behaviors/"];
        let is_type = |one: &str| spaces.iter().any(|space| one.starts_with(space));
        self.rule(types.all(is_type), "a type of another namespace");
        self.rule(finding.to_string().len() <= BYTES_MAX, "it is too large");
    }

    fn structure(&mut self, name: &str, value: &Value, path: &str) {
        let model = self.model;
        let Some(section) = model.get(name) else {
            return self.rule(false, &format!("{path}: no facts about {name}"));
        };
        let Some(object) = value.as_object() else {
            return self.rule(false, &format!("{path}: is no {name}"));
        };
        for (name, value) in object {
            let path = format!("{path}.{name}");
            match section.members.get(name) {
                Some(member) => self.member(member, value, &path),
                None => self.rule(false, &format!("{path}: is no member")),
            }
        }
        for (name, member) in &section.members {
            let is_there = !member.is_required || object.contains_key(name);
            self.rule(is_there, &format!("{path}.{name}: is missing"));
        }
    }

    fn member(&mut self, member: &Member, value: &Value, path: &str) {
        let max = member.notes.get("max").map(|max| max.parse::<usize>().unwrap());
        if !member.is_list {
            return self.value(member, max, value, path);
        }
        let values = value.as_array().map(Vec::as_slice).unwrap_or_default();
        let number = values.len();
        let is_right = number > 0 && max.is_none_or(|max| number <= max);
        self.rule(is_right, &format!("{path}: {number} items"));
        for (index, value) in values.iter().enumerate() {
            self.value(member, None, value, &format!("{path}[{index}]"));
        }
    }

    fn value(&mut self, member: &Member, max: Option<usize>, value: &Value, path: &str) {
        let values = member.values();
        let is_number = |number: u64| max.is_none_or(|max| number <= max as u64);
        let (is_right, what) = match member.kind.as_str() {
            "boolean" => (value.is_boolean(), "is no boolean"),
            "double" => (value.is_number(), "is no number"),
            "integer" => (value.as_u64().is_some_and(is_number), "is no integer that fits"),
            "string" if values.is_empty() => {
                (value.as_str().is_some_and(|text| is_text(text, max)), "is no text that fits")
            }
            "string" => {
                let is_listed = |text: &str| values.contains_key(text);
                (value.as_str().is_some_and(is_listed), "is none of its values")
            }
            "map" => (value.as_object().is_some_and(is_map), "has fields that do not fit"),
            name => return self.structure(name, value, path),
        };
        self.rule(is_right, &format!("{path}: {what}"));
    }
}

fn is_time(text: &str) -> bool {
    let form = "0000-00-00T00:00:00Z";
    let is_like = |(form, byte): (u8, u8)| form == byte || (form == b'0' && byte.is_ascii_digit());
    text.len() == form.len() && form.bytes().zip(text.bytes()).all(is_like)
}

/// Whether the service takes `text`: not blank, on one line, not too long by any measure.
fn is_text(text: &str, max: Option<usize>) -> bool {
    let is_short = max.is_none_or(|max| text.encode_utf16().count() <= max);
    !text.trim().is_empty() && !text.contains(char::is_control) && is_short
}

fn is_map(fields: &Map<String, Value>) -> bool {
    let is_field = |(name, value): (&String, &Value)| {
        name.len() < 128 && value.as_str().is_some_and(|text| is_text(text, Some(1_023)))
    };
    !fields.is_empty() && fields.len() <= 50 && fields.iter().all(is_field)
}

#[test]
fn every_finding_is_what_the_service_takes() {
    let model = model();
    let mut n_findings = 0;
    // The text that grows most when it is written as JSON.
    let large = ("<".to_owned(), hostile::analysis(&"<".repeat(64 * 1024).into()));
    for (name, analysis) in logs::every_analysis().iter().chain([&large]) {
        for per in [Per::Finding, Per::Incident] {
            for finding in findings(analysis, per) {
                assert_eq!(faults(&model, &finding), [""; 0], "{name:.60}, {per:?}");
                n_findings += 1;
            }
        }
        let dossiers = Dossier::all(analysis);
        for dossier in &dossiers {
            let text = asff::incident(dossier, &OPTIONS);
            assert!(text.len() <= BYTES_MAX && !text.contains('\n'), "{} bytes", text.len());
        }
    }
    assert!(n_findings > 150, "{n_findings}");
}

#[test]
fn the_model_finds_whatever_is_wrong() {
    let model = model();
    let right = findings(&analysis_of(MISSION[0].1), Per::Finding).swap_remove(0);
    assert_eq!(faults(&model, &right), [""; 0]);
    for (path, to, fault) in [
        ("/Title", json!("x".repeat(257)), "no text that fits"),
        ("/Description", json!("x".repeat(1_025)), "no text that fits"),
        ("/Title", json!("two\nlines"), "no text that fits"),
        ("/Title", json!("  "), "no text that fits"),
        ("/Surprise", json!(1), "is no member"),
        ("/Workflow", json!({"Status": "NEW"}), "not for providers"),
        ("/AwsAccountId", json!("11112222333"), "no account"),
        ("/ProductArn", json!("arn:aws:securityhub:x::product/a/b"), "not the default"),
        ("/RecordState", json!("GONE"), "none of its values"),
        ("/Resources", json!([]), "0 items"),
        ("/Resources/0", json!({"Type": "AwsIamRole"}), "Id: is missing"),
        ("/UpdatedAt", json!("2020-01-01T00:00:00Z"), "changed before"),
        ("/CreatedAt", json!("yesterday"), "no time"),
        ("/Types", json!(["Odd/Thing"]), "another namespace"),
        ("/FindingProviderFields/Confidence", json!(101), "is no integer"),
        ("/ProductFields/x", json!(""), "fields that do not fit"),
        ("/Severity", json!({"Label": "GRAVE"}), "none of its values"),
    ] {
        let mut wrong = right.clone();
        let (parent, name) = path.rsplit_once('/').unwrap();
        let parent = wrong.pointer_mut(parent).unwrap();
        match name.parse::<usize>() {
            Ok(index) => parent[index] = to,
            Err(_) => parent[name] = to,
        }
        let found = faults(&model, &wrong);
        assert!(found.iter().any(|one| one.contains(fault)), "{path}: {found:?}");
    }
    let mut without = right.clone();
    without.as_object_mut().unwrap().remove("Severity");
    assert_eq!(faults(&model, &without), ["Severity is missing"]);
}

#[test]
fn a_finding_is_for_one_account_and_names_the_others() {
    let analysis = analysis_of(MISSION[0].1);
    let incident = findings(&analysis, Per::Incident).swap_remove(0);
    assert_eq!(incident["AwsAccountId"], "111122223333");
    let product = "arn:aws:securityhub:eu-central-1:111122223333:product/111122223333/default";
    assert_eq!(incident["ProductArn"], product);
    let resources: Vec<(&str, &str)> = incident["Resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["Type"].as_str().unwrap(), one["Id"].as_str().unwrap()))
        .collect();
    for resource in [
        ("AwsIamAccessKey", "AWS::IAM::AccessKey:AKIAPUBLISHEREXAMPLE"),
        ("AwsIamUser", "444455556666/IAM user/Bob"),
        ("AwsIamAccessKey", "AWS::IAM::AccessKey:AKIABOBXXXXXXEXAMPLE"),
        ("AwsIamRole", "arn:aws:iam::444455556666:role/prod-admin"),
        ("AwsAccount", "AWS::::Account:222233334444"),
        ("AwsAccount", "AWS::::Account:555566667777"),
    ] {
        assert!(resources.contains(&resource), "{resource:?} in {resources:#?}");
    }
    let id = incident["Id"].as_str().unwrap();
    assert_eq!(id, format!("rolecall/incident/{}", analysis.incidents[0].id));
}

#[test]
fn a_long_text_says_that_it_was_cut() {
    let mut analysis = bob::analysis();
    analysis.findings[0].reason = "one word after the other ".repeat(200);
    let finding = findings(&analysis, Per::Finding).swap_remove(0);
    let description = finding["Description"].as_str().unwrap();
    assert!(description.ends_with("… (cut here: the scan document has the whole text)"));
    assert_eq!(description.chars().count(), 1_024);
}

#[test]
fn there_is_room_for_32_resources_and_half_of_it_is_for_accounts_at_most() {
    let mut analysis = bob::analysis();
    let chain = analysis.findings[0].chain.as_mut().unwrap();
    chain.roles = (0..40_u64)
        .map(|number| {
            let account = (111_100_000_000 + number).to_string();
            bob::hop(3, &account, &format!("role-{number}"), "ASIAQNZGKIQY5CIDEPLO")
        })
        .collect();
    chain.color = Color::Red;
    let finding = findings(&analysis, Per::Finding).swap_remove(0);
    assert_eq!(faults(&model(), &finding), [""; 0]);
    let resources = finding["Resources"].as_array().unwrap();
    assert_eq!(resources.len(), 32);
    assert_eq!(resources.iter().filter(|one| one["Type"] == "AwsAccount").count(), 16);
    assert_eq!(resources[0]["Type"], "AwsIamAccessKey");
}

#[test]
fn a_withdrawn_finding_is_archived_at_the_time_of_its_withdrawal() {
    let analysis = bob::analysis();
    let options =
        Options { state: RecordState::Archived, changed: Some(bob::at(86_400)), ..OPTIONS.clone() };
    let text = asff::finding(&analysis.findings[0], None, &options);
    let finding: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(faults(&model(), &finding), [""; 0]);
    assert_eq!(finding["RecordState"], "ARCHIVED");
    assert_eq!(finding["UpdatedAt"], "2026-10-18T10:00:00Z");
    assert_eq!(finding["LastObservedAt"], "2026-10-17T10:08:00Z");
}

#[test]
fn text_of_the_logs_is_shown_and_not_obeyed() {
    for (_, analysis) in logs::hostile() {
        for per in [Per::Finding, Per::Incident] {
            let text = document(&analysis, per);
            hostile::assert_inert("asff", &text);
            let value: Value = serde_json::from_str(&text).unwrap();
            let mut all = Vec::new();
            hostile::strings(&value, &mut all);
            for text in all {
                hostile::assert_inert("asff text", text);
            }
        }
    }
}

#[test]
fn the_incidents_of_the_mission_are_written_like_this() {
    for (name, log) in MISSION {
        let analysis = analysis_of(log);
        for (per, unit) in [(Per::Finding, "finding"), (Per::Incident, "incident")] {
            check(&format!("asff/{name}_per_{unit}"), &document(&analysis, per));
        }
    }
    assert_eq!(document(&Analysis::default(), Per::Finding), "[]\n");
}
