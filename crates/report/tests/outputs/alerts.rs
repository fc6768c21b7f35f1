//! Alerts for webhooks, Slack and `PagerDuty`.

use detect::{Analysis, Severity};
use report::Dossier;
use report::alert::{Alert, AlertKind, pagerduty, slack, webhook};
use serde_json::Value;

use crate::golden::check;
use crate::logs::{self, MISSION, analysis_of};
use crate::{bob, hostile};

const RAISED: AlertKind = AlertKind::Raised { was: Severity::Medium };
const KINDS: [AlertKind; 3] = [AlertKind::Opened, RAISED, AlertKind::Withdrawn];

fn alerts<T>(analysis: &Analysis, written: impl Fn(&Alert<'_>) -> T) -> Vec<T> {
    let base_url = Some("https://rolecall.example.com");
    let dossiers = Dossier::all(analysis);
    let of = |kind| dossiers.iter().map(move |dossier| Alert { kind, dossier, base_url });
    KINDS.into_iter().flat_map(of).map(|alert| written(&alert)).collect()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn pretty(texts: &[String]) -> String {
    let pretty = |text: &String| serde_json::to_string_pretty(&parsed(text)).unwrap() + "\n";
    texts.iter().map(pretty).collect()
}

#[test]
fn the_incidents_of_the_mission_are_told_like_this() {
    for (name, log) in MISSION {
        let analysis = analysis_of(log);
        check(&format!("alerts/{name}_webhook"), &pretty(&alerts(&analysis, webhook)));
        check(&format!("alerts/{name}_slack"), &pretty(&alerts(&analysis, slack)));
        check(&format!("alerts/{name}_pagerduty"), &pretty(&alerts(&analysis, pagerduty)));
    }
}

#[test]
fn a_webhook_learns_what_happened() {
    let analysis = bob::analysis();
    let all: Vec<Value> = alerts(&analysis, webhook).iter().map(|text| parsed(text)).collect();
    let kinds: Vec<&str> = all.iter().step_by(4).map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["opened", "raised", "withdrawn"]);
    assert_eq!((&all[4]["was"], all[0].get("was")), (&"medium".into(), None));
    assert_eq!(all[0]["schema"], "rolecall.alert/1");
    assert_eq!(all[0]["link"], "https://rolecall.example.com/incidents/i1");
    assert_eq!(all[0]["findings"][1]["id"], "f2");
    assert_eq!(all[0]["origin"]["access_key_id"], bob::KEY);
    let dossier = &Dossier::all(&analysis)[0];
    let alert = Alert { kind: AlertKind::Opened, dossier, base_url: None };
    assert!(parsed(&webhook(&alert)).get("link").is_none());
}

#[test]
fn pagerduty_has_one_alert_for_an_incident_and_resolves_it() {
    let analysis = bob::analysis();
    let all: Vec<Value> = alerts(&analysis, pagerduty).iter().map(|text| parsed(text)).collect();
    let actions: Vec<&str> =
        all.iter().step_by(4).map(|one| one["event_action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["trigger", "trigger", "resolve"]);
    assert!(all.iter().step_by(4).all(|one| one["dedup_key"] == "i1"));
    let severities: Vec<&str> =
        all[..4].iter().map(|one| one["payload"]["severity"].as_str().unwrap()).collect();
    assert_eq!(severities, ["critical", "warning", "info", "info"]);
    assert!(all.iter().all(|one| one.get("routing_key").is_none()), "the sender adds it");
    assert!(all[8].get("payload").is_none());
}

#[test]
fn pagerduty_takes_what_it_gets() {
    for (_, analysis) in logs::hostile() {
        for text in alerts(&analysis, pagerduty) {
            hostile::assert_inert("pagerduty", &text);
            assert!(text.len() < 256 * 1024, "{} bytes", text.len());
            let event = parsed(&text);
            let mut all = Vec::new();
            hostile::strings(&event, &mut all);
            for text in all {
                hostile::assert_inert("pagerduty text", text);
            }
            let units = |value: &Value| value.as_str().unwrap_or("x").encode_utf16().count();
            assert!((1..=1_024).contains(&units(&event["payload"]["summary"])));
            assert!((1..=255).contains(&units(&event["dedup_key"])));
            assert!(units(&event["payload"]["source"]) > 0);
        }
    }
}

/// What Slack would look for links, mentions and formatting in: mrkdwn outside of code spans.
fn outside_code(mrkdwn: &str) -> String {
    assert_eq!(mrkdwn.matches('`').count() % 2, 0, "{mrkdwn}");
    mrkdwn.split('`').step_by(2).collect()
}

fn is_our_own(markup: &str) -> bool {
    let link = "<https://rolecall.example.com/incidents/";
    let words = ["*Origin*", "*Accounts*", "*Seen*", "*To stop it*"];
    let severities = ["informational", "low", "medium", "high", "critical"];
    let mut rest = words.iter().fold(markup.to_owned(), |text, word| text.replace(word, ""));
    for severity in severities {
        rest = rest.replace(&format!("*{severity}*"), "");
    }
    if let Some((before, after)) = rest.clone().split_once(link) {
        let after = after.split_once("|Open the incident>").unwrap().1;
        rest = format!("{before}{after}");
    }
    !rest.contains(['*', '_', '~', '<', '>', '@', '#'])
}

#[test]
fn nothing_in_slack_is_marked_up_but_our_own_words() {
    let mut attacks = vec![
        "<!channel> <@U012AB3CD> <https://evil.example.com|click>".to_owned(),
        "*bold* _it_ ~no~ `code` ```block``` > quote :boom: @here #general".to_owned(),
        "https://evil.example.com/a?b=c&d".to_owned(),
        "`".repeat(500),
        String::new(),
    ];
    attacks.extend(hostile::payloads());
    for attack in attacks {
        let analysis = hostile::analysis(&attack.as_str().into());
        for text in alerts(&analysis, slack) {
            hostile::assert_inert("slack", &text);
            let message = parsed(&text);
            assert_eq!((&message["mrkdwn"], &message["parse"]), (&false.into(), &"none".into()));
            let blocks = message["blocks"].as_array().unwrap();
            assert!(blocks.len() <= 50);
            blocks.iter().for_each(check_block);
        }
    }
}

fn check_block(block: &Value) {
    let is_header = block["type"] == "header";
    let max = if is_header { 150 } else { 3_000 };
    let elements = block["elements"].as_array().into_iter().flatten();
    for one in elements.chain(block.get("text")) {
        let text = one["text"].as_str().unwrap();
        assert!((1..=max).contains(&text.encode_utf16().count()), "{}", text.len());
        hostile::assert_inert("slack text", &text.replace('\n', ""));
        assert!(is_our_own(&outside_code(text)), "{text:.300}");
        assert!(!text.contains("<!") && !text.contains("<@"), "{text:.300}");
        assert_eq!(one["type"] == "plain_text", is_header);
        assert!(one["verbatim"] == true || one["emoji"] == false);
    }
}

#[test]
fn a_webhook_gets_what_the_logs_said_and_no_more_than_it_can_hold() {
    for (payload, analysis) in logs::hostile() {
        for text in alerts(&analysis, webhook) {
            hostile::assert_inert("webhook", &text);
            assert!(!text.contains('<') && text.len() < 256 * 1024, "{} bytes", text.len());
            let value = parsed(&text);
            let mut all = Vec::new();
            hostile::strings(&value, &mut all);
            let head: String = payload.chars().take(900).collect();
            assert!(all.iter().any(|text| text.starts_with(&head)));
        }
    }
}

#[test]
fn long_lists_are_cut_and_counted() {
    let mut analysis = bob::analysis();
    let template = analysis.findings[1].clone();
    let many =
        (0..60).map(|number| detect::Finding { id: format!("g{number}"), ..template.clone() });
    analysis.findings.extend(many);
    let ids = (0..60).map(|number| format!("g{number}"));
    analysis.incidents[0].findings.extend(ids);
    let told = parsed(&alerts(&analysis, webhook)[0]);
    assert_eq!(told["findings"].as_array().unwrap().len(), 20);
    assert_eq!(told["findings_left_out"], 42);
    assert!(alerts(&analysis, slack)[0].contains("… and 57 more"));
}
