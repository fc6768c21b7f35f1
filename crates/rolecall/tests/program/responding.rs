//! `respond`: forms of a plan, and its script run with a program that records its arguments.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::running::{BOB, check, fixtures, run};

const KEY: &str = "AKIAPUBLISHEREXAMPLE";

fn plan(incident: &str, log: &str, format: &str) -> String {
    let ran = run(&["respond", incident, log, "--format", format, "--quiet", "--width", "100"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout
}

#[test]
fn the_plan_of_the_leaked_key() {
    check("respond_bob", &plan(KEY, BOB, "text"));
    check("respond_bob_md", &plan(KEY, BOB, "md"));
}

#[test]
fn a_document_gives_the_same_plan_as_the_logs() {
    let folder = tempfile::tempdir().unwrap();
    let document = folder.path().join("scan.json");
    let document = document.to_str().unwrap();
    assert_eq!(run(&["scan", BOB, "--format", "json", "--quiet", "-o", document]).code, 0);
    let id =
        run(&["scan", BOB, "--format", "json", "--quiet"]).json()["incidents"][0]["id"].clone();
    let id = id.as_str().unwrap();
    for format in ["text", "md", "sh", "json"] {
        assert_eq!(plan(id, document, format), plan(KEY, BOB, format), "{format}");
    }
    assert_eq!(plan(KEY, document, "json"), plan(id.split_at(6).0, BOB, "json"));
    let saved = folder.path().join("plan.json");
    fs::write(&saved, plan(KEY, BOB, "json")).unwrap();
    assert_eq!(plan(id, saved.to_str().unwrap(), "text"), plan(KEY, BOB, "text"));
}

#[test]
fn what_is_no_incident_is_said_to_be_none() {
    let ran = run(&["respond", "AKIANOBODYXXXXEXAMPLE", BOB, "--quiet"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("no incident is called"), "{}", ran.stderr);
}

#[test]
fn a_document_that_would_run_something_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.json");
    let changed = plan(KEY, BOB, "json").replacen("\"aws\"", "\"sh\"", 1);
    fs::write(&path, changed).unwrap();
    let ran = run(&["respond", "a75db92a", path.to_str().unwrap(), "--quiet"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("would run `sh`"), "{}", ran.stderr);
}

/// A folder with a script and a stub of `aws`, which writes its arguments down, each with a NUL
/// at its end and a line feed after the last.
struct Stage {
    folder: tempfile::TempDir,
}

const STUB: &str = r#"#!/bin/sh
for argument in "$@"; do printf '%s\0' "$argument"; done >>"$STAGE/calls"
printf '\n' >>"$STAGE/calls"
answer="$STAGE/answers/$(printf '%s\0' "$@" | cksum | tr ' ' -)"
case "$1 $2" in
  'sts get-caller-identity') printf '%s\n' "$AWS_PROFILE" ;;
  *) if [ -f "$answer.once" ]; then cat "$answer.once" && rm "$answer.once"
     elif [ -f "$answer" ]; then cat "$answer"; else printf 'answer\n'; fi ;;
esac
"#;

impl Stage {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let stub = folder.path().join("aws");
        fs::write(&stub, STUB).unwrap();
        fs::set_permissions(&stub, fs::Permissions::from_mode(0o755)).unwrap();
        Self { folder }
    }

    /// Lets the stub give what the preconditions of `plan` ask for: once for a step that repeats,
    /// and until a later step asks for something else.
    fn meet(&self, plan: &Value) {
        let folder = self.path().join("answers");
        fs::create_dir(&folder).unwrap();
        for step in plan["steps"].as_array().unwrap() {
            let precondition = &step["precondition"];
            let Some(argv) = precondition["command"]["argv"].as_array() else {
                continue;
            };
            let mut sum = Command::new("cksum");
            let mut sum = sum.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
            let mut words = sum.stdin.take().unwrap();
            for word in argv.iter().skip(1) {
                write!(words, "{}\0", word.as_str().unwrap()).unwrap();
            }
            drop(words);
            let sum = sum.wait_with_output().unwrap().stdout;
            let name = String::from_utf8(sum).unwrap().trim().replace(' ', "-");
            let value = format!("{}\n", precondition["expect"]["value"].as_str().unwrap());
            let (always, once) = (folder.join(&name), folder.join(format!("{name}.once")));
            if step["repeats"] == true {
                fs::write(once, value).unwrap();
                continue;
            }
            // An earlier step made what this one asks for.
            let before = fs::read_to_string(&always).unwrap_or_else(|_| value.clone());
            if before != value {
                fs::write(once, before).unwrap();
            }
            fs::write(always, value).unwrap();
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs `script` in this folder with `answers` on its standard input.
    fn run(&self, script: &str, answers: &str) -> Output {
        let file = self.path().join("script.sh");
        fs::write(&file, script).unwrap();
        let path = format!("{}:{}", self.path().display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        command.arg(&file).current_dir(self.path()).env("PATH", path).env("STAGE", self.path());
        command.env("ROLECALL_WAIT", "0");
        for account in ["111122223333", "222233334444", "444455556666", "555566667777"] {
            command.env(format!("ROLECALL_PROFILE_{account}"), account);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A script that ends early closes its input.
        let _ = child.stdin.take().unwrap().write_all(answers.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// The recorded calls.
    fn calls(&self) -> Vec<Vec<String>> {
        let text = fs::read_to_string(self.path().join("calls")).unwrap_or_default();
        let calls = text.split("\0\n").filter(|call| !call.is_empty());
        calls.map(|call| call.split('\0').map(str::to_owned).collect()).collect()
    }
}

/// Arguments of every command of `plan` that changes something.
fn changes(plan: &Value) -> Vec<Vec<String>> {
    let steps = plan["steps"].as_array().unwrap().iter();
    let argvs = steps.filter_map(|step| step["command"]["argv"].as_array());
    let argvs = argvs.map(|argv| argv.iter().map(|one| one.as_str().unwrap().to_owned()).collect());
    argvs.filter(|argv: &Vec<String>| argv[0] == "aws").collect()
}

fn is_same(wanted: &str, called: &str) -> bool {
    // Markers are filled in when the script runs.
    match wanted.split_once("{{") {
        None => wanted == called,
        Some((head, tail)) => {
            let (_, tail) = tail.split_once("}}").unwrap();
            called.starts_with(head) && called.ends_with(tail) && !called.contains("{{")
        }
    }
}

#[test]
fn the_script_runs_what_the_plan_says_and_asks_before() {
    let stage = Stage::new();
    let document: Value = serde_json::from_str(&plan(KEY, BOB, "json")).unwrap();
    stage.meet(&document);
    let output = stage.run(&plan(KEY, BOB, "sh"), &"y\n".repeat(600));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("All steps were shown."), "{said}");
    let calls = stage.calls();
    for argv in changes(&document) {
        let wanted = &argv[1..];
        let is_called = calls.iter().any(|call| {
            call.len() == wanted.len()
                && wanted.iter().zip(call).all(|(one, other)| is_same(one, other))
        });
        assert!(is_called, "{wanted:?} was not called: {calls:#?}");
    }
    let log = fs::read_to_string(stage.path().join("response-a75db92a.log")).unwrap();
    assert!(
        log.contains("Run? [y/s(kip)/q] y") && log.contains("calls from 198.51.100.20"),
        "{log}"
    );
}

#[test]
fn what_has_to_be_kept_of_a_check_is_shown() {
    let stage = Stage::new();
    let script = plan(KEY, BOB, "sh");
    let script = script.strip_suffix("\nmain\n").unwrap();
    let checks = "expect contains 'revoked before' printf 'revoked before 2026-03-10T09:05:00Z\\n'\n\
                  expect equals True printf 'True\\n'\n";
    let output = stage.run(&format!("{script}\nlog=said\n{checks}"), "");
    let said = String::from_utf8(output.stdout).unwrap();
    let wanted =
        "Checked: as expected.\nrevoked before 2026-03-10T09:05:00Z\nChecked: as expected.\n";
    assert_eq!(said, wanted);
    assert_eq!(fs::read_to_string(stage.path().join("said")).unwrap(), wanted);
}

#[test]
fn what_has_to_be_set_for_a_step_is_told_once() {
    const LOG: &str = "role_chaining/fires_on_a_chain_from_identity_center.jsonl";
    for (format, told) in [("text", "the variable "), ("md", "set the variable ")] {
        let plan = plan("ASIARBHUBIXXXEXAMPLE", LOG, format);
        let title = "Revoke the sessions of permission set Developer through Identity Center";
        let step = plan.split_once(title).unwrap().1;
        let step = step.split("Needs").next().unwrap();
        assert_eq!(step.matches(told).count(), 1, "{step}");
    }
}

#[test]
fn a_step_with_nothing_to_do_says_so_and_runs_nothing() {
    let stage = Stage::new();
    // The stub answers every precondition with something else.
    let output = stage.run(&plan(KEY, BOB, "sh"), &"y\n".repeat(600));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("All steps were shown."), "{said}");
    assert!(said.contains("Nothing to do: this step is for where the key is active."), "{said}");
    for call in stage.calls() {
        assert!(!call[1].starts_with("delete-") && !call[1].starts_with("detach-"), "{call:?}");
    }
}

#[test]
fn nothing_runs_without_a_yes() {
    for answers in ["", "q\n", &"s\n".repeat(400)] {
        let stage = Stage::new();
        let output = stage.run(&plan(KEY, BOB, "sh"), answers);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        for call in stage.calls() {
            let reads = ["get-", "list-", "describe-", "lookup-"];
            assert!(
                reads.iter().any(|begin| call[1].starts_with(begin)),
                "{call:?} for {answers:?}"
            );
        }
    }
}

#[test]
fn nothing_runs_in_another_account() {
    let stage = Stage::new();
    let script = plan(KEY, BOB, "sh").replace("ROLECALL_PROFILE_", "ROLECALL_NO_PROFILE_");
    let output = stage.run(&script, &"y\n".repeat(400));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("Skipped: these credentials are of account"), "{said}");
    assert!(stage.calls().iter().all(|call| !call[1].starts_with("put-")), "{:?}", stage.calls());
}

/// Names that a shell would read otherwise, those that AWS accepts among them.
const NAMES: [&str; 9] = [
    "-rf",
    "--query=x",
    "a=b,c@d.e+f",
    "$(touch pwned)",
    "`touch pwned`",
    "'; touch pwned; '",
    "\"; touch pwned; \"",
    "a\nb",
    "Zoë 東京\u{202e}",
];

#[test]
fn no_name_makes_the_script_run_anything_else() {
    let log = fs::read_to_string(fixtures().join(BOB)).unwrap();
    let longest = "n".repeat(64);
    let mut n_run = 0;
    for name in NAMES.into_iter().chain([longest.as_str()]) {
        let text = serde_json::to_string(name).unwrap();
        let renamed = text.trim_matches('"');
        let renamed = renamed.replace('\\', "\\\\").replace("\\\\n", "\\n");
        let renamed = if name.contains('\n') { "a\\nb".to_owned() } else { renamed };
        for old in ["prod-admin", "Bob", "pipeline\""] {
            let new = if old.ends_with('"') { format!("{renamed}\"") } else { renamed.clone() };
            let stage = Stage::new();
            let hostile = stage.path().join("hostile.jsonl");
            fs::write(&hostile, log.replace(old, &new)).unwrap();
            let ran =
                run(&["respond", KEY, hostile.to_str().unwrap(), "--format", "sh", "--quiet"]);
            if ran.code != 0 {
                continue;
            }
            n_run += 1;
            let output = stage.run(&ran.stdout, &"y\n".repeat(400));
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success() && errors.is_empty(), "{name:?} for {old}: {errors}");
            assert!(!stage.path().join("pwned").exists(), "{name:?} for {old} ran");
            let known = ["iam", "sts", "organizations", "cloudtrail", "ec2", "sso-admin"];
            for call in stage.calls() {
                assert!(known.contains(&call[0].as_str()), "{call:?}");
            }
        }
    }
    assert!(n_run >= 20, "{n_run} scripts");
}

/// Logs of other origins, each with a name in it that whoever called chose.
const ORIGINS: [(&str, &str); 9] = [
    ("role_chaining/fires_on_a_person_of_a_saml_provider", "ana@example.com"),
    ("role_chaining/fires_on_a_pipeline_with_a_web_identity", "pipeline-deployer"),
    ("role_chaining/fires_on_a_task_that_climbs", "0123456789abcdef0123456789abcdef"),
    ("role_chaining/fires_on_a_function_that_climbs", "thumbnails"),
    ("role_chaining/fires_on_a_pod_that_climbs", "invoices-pod"),
    ("role_chaining/fires_on_a_pod_with_a_service_account", "exports-pod"),
    ("role_chaining/fires_on_a_machine_with_a_certificate", "on-premises"),
    ("role_chaining/fires_on_a_chain_from_identity_center", "ana@example.com"),
    ("long_term_key_persistence/fires_on_a_key_of_root", "backup-agent"),
];

#[test]
fn no_name_of_an_origin_makes_the_script_run_anything_else() {
    let mut n_run = 0;
    for (log, old) in ORIGINS {
        let log = fs::read_to_string(fixtures().join(format!("{log}.jsonl"))).unwrap();
        for name in ["-rf", "'$(touch pwned)\"`touch pwned`\n; touch pwned", "Zoë 東京\u{202e}"]
        {
            let text = serde_json::to_string(name).unwrap();
            let renamed = log.replace(old, text.trim_matches('"'));
            assert_ne!(renamed, log, "{old}");
            let stage = Stage::new();
            let hostile = stage.path().join("hostile.jsonl");
            fs::write(&hostile, renamed).unwrap();
            let hostile = hostile.to_str().unwrap();
            let scan = run(&["scan", hostile, "--format", "json", "--quiet"]).json();
            let id = scan["incidents"][0]["id"].as_str().unwrap().to_owned();
            let ran = run(&["respond", &id, hostile, "--format", "sh", "--quiet"]);
            assert_eq!(ran.code, 0, "{name:?} for {old}: {}", ran.stderr);
            n_run += 1;
            let output = stage.run(&ran.stdout, &"y\n".repeat(600));
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success() && errors.is_empty(), "{name:?} for {old}: {errors}");
            assert!(!stage.path().join("pwned").exists(), "{name:?} for {old} ran");
            let known = [
                "cloudtrail",
                "configure",
                "ecs",
                "eks",
                "iam",
                "identitystore",
                "lambda",
                "organizations",
                "rolesanywhere",
                "sso-admin",
                "sts",
            ];
            for call in stage.calls() {
                assert!(known.contains(&call[0].as_str()), "{call:?}");
            }
        }
    }
    assert_eq!(n_run, 27);
}

#[test]
fn scripts_are_valid_for_dash_too() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("script.sh");
    fs::write(&script, plan(KEY, BOB, "sh")).unwrap();
    for shell in ["sh", "dash", "bash"] {
        let Ok(output) = Command::new(shell).arg("-n").arg(&script).output() else {
            assert_ne!(shell, "sh", "there is no sh");
            continue;
        };
        assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
