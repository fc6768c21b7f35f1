//! Text that wants to be a command, a tag or a formula leaves every form as text.

use std::sync::Arc;

use detect::{Analysis, Background, Caller, Hop, Moment, Origin, Step, Trace};
use report::{Coverage, Scan, Style, html, json, table, trace_json, trace_text};
use serde_json::Value;

use crate::bob::{self, workload};

pub(crate) fn payloads() -> Vec<String> {
    vec![
        "\u{1b}]52;c;cm0gLXJmIC8=\u{7}\u{1b}[2J\u{9b}31m\u{7f}\r\n\t\0".to_owned(),
        "<script>window.__pwned=1</script>".to_owned(),
        "\"><img src=x onerror=window.__pwned=1>' onload='x".to_owned(),
        "</title></style></svg><script>window.__pwned=1</script>".to_owned(),
        "a\u{202e}gpj.exe\u{2066}\u{200f}\u{200b}\u{feff}\u{2028}\u{2029}\u{e0041}\u{61c}"
            .to_owned(),
        "=cmd()|' /C calc'!A0".to_owned(),
        "a; =cmd()|' /C calc'!A0;\"+1;＠x".to_owned(),
        "javascript:window.__pwned=1".to_owned(),
        "{{ 7 * 7 }}{% raw %}\\u{1b}".to_owned(),
        "\u{301}".repeat(9_000),
        "A".repeat(64 * 1024),
        "\u{1b}<\u{202e}".repeat(2_000),
    ]
}

fn origin(origin: &mut Origin, text: &Arc<str>) {
    origin.access_key_id = Some(text.clone());
    origin.principal_arn = Some(text.clone());
    origin.instance_id = Some(text.clone());
    origin.subject = Some(text.clone());
    origin.account_id = Some(text.clone());
}

fn hop(hop: &mut Hop, text: &Arc<str>) {
    hop.event_name = text.clone();
    hop.role_arn = text.clone();
    hop.role_session_name = text.clone();
    hop.access_key_id = Some(text.clone());
    hop.event_id = Some(text.to_string());
    hop.source_ip_address = text.clone();
}

fn moment(moment: &mut Moment, text: &Arc<str>) {
    moment.node = Some(text.to_string());
    moment.who = text.to_string();
    moment.event_source = text.clone();
    moment.event_name = text.clone();
    moment.error_code = text.clone();
    moment.source_ip_address = text.clone();
    moment.user_agent = text.clone();
    moment.event_id = Some(text.to_string());
}

fn findings(analysis: &mut Analysis, text: &Arc<str>) {
    for finding in &mut analysis.findings {
        finding.title = text.to_string();
        finding.reason = text.to_string();
        finding.account_id = Some(text.clone());
        finding.credential.access_key_id = Some(text.clone());
        finding.credential.principal_arn = Some(text.clone());
        finding.habit = finding.habit.as_ref().map(|_| text.to_string());
        origin(&mut finding.origin, text);
        if finding.elsewhere.is_some() {
            finding.elsewhere = Some(workload::hostile_elsewhere(text));
        }
        if let Some(chain) = &mut finding.chain {
            chain.roles.iter_mut().for_each(|role| hop(role, text));
            let branches = chain.branches.iter_mut().flatten();
            branches.for_each(|role| hop(role, text));
        }
        for left in &mut finding.left_behind {
            left.event_name = text.clone();
            left.event_source = text.clone();
            left.name = text.clone();
            left.access_key_id = Some(text.clone());
            left.remarks = vec![text.to_string()];
            left.account_id = text.clone();
            left.event_id = Some(text.to_string());
            left.source_ip_address = text.clone();
            left.aws_region = text.clone();
            caller(&mut left.caller, text);
        }
        for event in &mut finding.evidence {
            event.event_id = Some(text.to_string());
            event.event_source = text.clone();
            event.event_name = text.clone();
            event.source_ip_address = text.clone();
            event.aws_region = text.clone();
            caller(&mut event.caller, text);
        }
    }
}

fn caller(caller: &mut Caller, text: &Arc<str>) {
    caller.principal_arn = Some(text.clone());
    caller.principal_id = Some(text.clone());
    caller.account_id = Some(text.clone());
    caller.access_key_id = Some(text.clone());
}

/// The background of a hostile log, where there is one.
fn background(known: Option<&Background>, text: &Arc<str>) -> Option<Background> {
    let mut told = known.map(|_| workload::hostile_background(text))?;
    if let Some(launch) = &mut told.launch {
        origin(&mut launch.origin, text);
        launch.roles.iter_mut().for_each(|role| hop(role, text));
    }
    Some(told)
}

pub(crate) fn analysis(text: &Arc<str>) -> Analysis {
    let mut analysis = bob::analysis();
    analysis.accounts = vec![text.clone()];
    findings(&mut analysis, text);
    for incident in &mut analysis.incidents {
        incident.title = text.to_string();
        incident.habit = incident.habit.as_ref().map(|_| text.to_string());
        origin(&mut incident.origin, text);
        incident.background = background(incident.background.as_ref(), text);
        incident.timeline.iter_mut().for_each(|line| moment(line, text));
        for node in &mut incident.graph.nodes {
            node.label = text.to_string();
            node.subtitle = text.to_string();
            node.badge = Some(text.to_string());
            node.details = vec![("name", text.to_string())];
        }
        for edge in &mut incident.graph.edges {
            edge.label = text.to_string();
            edge.event_id = Some(text.to_string());
        }
    }
    analysis
}

fn coverage(text: &str) -> Coverage {
    let mut coverage = bob::coverage();
    for skipped in &mut coverage.skipped {
        (skipped.source, skipped.reason) = (text.to_owned(), text.to_owned());
    }
    for set_aside in &mut coverage.set_aside {
        (set_aside.source, set_aside.reason) = (text.to_owned(), text.to_owned());
    }
    for note in &mut coverage.notes {
        (note.source, note.text) = (text.to_owned(), text.to_owned());
    }
    coverage
}

fn trace(text: &Arc<str>) -> Trace {
    let mut trace = bob::trace();
    trace.parts.extend(workload::trace().parts);
    trace.subject = text.to_string();
    let step = |step: &mut Step| {
        step.who = text.to_string();
        step.access_key_ids = vec![text.to_string()];
        step.principal_arn = Some(text.to_string());
        step.how = text.to_string();
        step.left_behind = vec![text.to_string()];
        step.hop_call.iter_mut().for_each(|call| hop(call, text));
    };
    for part in &mut trace.parts {
        origin(&mut part.origin, text);
        part.background = background(part.background.as_ref(), text);
        part.ancestry.iter_mut().for_each(step);
        part.descendants.iter_mut().for_each(step);
        part.moments.iter_mut().for_each(|line| moment(line, text));
    }
    trace
}

/// Whether a terminal or a browser obeys or hides a character; written apart from the code.
fn is_active(character: char) -> bool {
    (character.is_control() && character != '\n')
        || "\u{61c}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2028}\u{2029}\u{2060}\u{feff}"
            .contains(character)
        || ('\u{202a}'..='\u{202e}').contains(&character)
        || ('\u{2066}'..='\u{2069}').contains(&character)
        || ('\u{e0000}'..='\u{e007f}').contains(&character)
}

pub(crate) fn assert_inert(what: &str, output: &str) {
    let active = output.chars().find(|character| is_active(*character));
    assert_eq!(active, None, "{what}");
}

/// Every string inside `value`.
pub(crate) fn strings<'v>(value: &'v Value, all: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => all.push(text),
        Value::Array(values) => values.iter().for_each(|value| strings(value, all)),
        Value::Object(fields) => fields.values().for_each(|value| strings(value, all)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn no_form_lets_a_character_through_that_is_obeyed() {
    for payload in payloads() {
        let text: Arc<str> = payload.as_str().into();
        let (analysis, coverage, trace) = (analysis(&text), coverage(&text), trace(&text));
        let scan = Scan { analysis: &analysis, coverage: &coverage, version: &text };
        for (width, all) in [(60, false), (80, true), (140, true)] {
            let style = Style { color: true, width, all };
            // Paint is the only thing that may command a terminal.
            let without_paint = |painted: String| {
                let codes =
                    ["\u{1b}[1m", "\u{1b}[2m", "\u{1b}[38;5;208m", "\u{1b}[1;31m", "\u{1b}[0m"];
                codes.iter().fold(painted, |text, code| text.replace(code, ""))
            };
            assert_inert("table", &without_paint(table(&scan, &style)));
            assert_inert("trace", &without_paint(trace_text(&trace, &style)));
        }
        assert_inert("json", &json(&scan));
        assert_inert("trace json", &trace_json(&trace));
        assert_inert("html", &html(&scan));
    }
}

#[test]
fn no_tag_and_no_address_of_a_log_is_in_the_page() {
    for payload in payloads() {
        let text: Arc<str> = payload.as_str().into();
        let (analysis, coverage) = (analysis(&text), coverage(&text));
        let page = html(&Scan { analysis: &analysis, coverage: &coverage, version: &text });
        let lower = page.to_lowercase();
        for tag in ["<script", "<img", "<iframe", "<object", "<base", "<form", "{{"] {
            assert_eq!(lower.contains(tag), tag == "{{" && payload.starts_with(tag), "{tag}");
        }
        for tag in ["<style>", "</style>", "<title>rolecall", "<body>"] {
            assert_eq!(lower.matches(tag).count(), 1, "{tag}");
        }
        for attribute in ["href=\"", "src=\""] {
            for value in lower.split(attribute).skip(1) {
                assert!(value.starts_with('#'), "{}", value.split('"').next().unwrap());
            }
        }
        // No text of a log may become a handler or a style of its own.
        for tag in lower.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
            let outside = tag.split('"').step_by(2).collect::<String>();
            assert!(!outside.contains(" on") && !outside.contains(" style="), "{tag}");
        }
        assert!(page.len() < 2_000_000, "{} bytes", page.len());
    }
}

#[test]
fn json_gives_back_what_the_logs_said() {
    for payload in payloads() {
        let text: Arc<str> = payload.as_str().into();
        let (analysis, coverage, trace) = (analysis(&text), coverage(&text), trace(&text));
        let scan = Scan { analysis: &analysis, coverage: &coverage, version: "0.1.0" };
        for document in [json(&scan), trace_json(&trace)] {
            assert!(!document.contains('<'));
            let value: Value = serde_json::from_str(&document).unwrap();
            let mut all = Vec::new();
            strings(&value, &mut all);
            assert!(all.iter().filter(|string| **string == payload).count() > 50);
        }
    }
}
