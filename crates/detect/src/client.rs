//! What a call was made with, without the versions that change from week to week.

use alloc::format;
use alloc::string::{String, ToString};

/// Products that say more about a caller than the library that it is built on.
const PROGRAMS: [&str; 8] = [
    "amazon-ssm-agent",
    "amazon-ecs-agent",
    "AmazonCloudWatchAgent",
    "Terraform",
    "Pacu",
    "kubelet",
    "stratus-red-team",
    "eksctl",
];

/// Operating systems by the words that user agents have for them; a distribution made for attacks
/// comes before the system below it.
const SYSTEMS: [(&str, &str); 9] = [
    ("kali", "Kali Linux"),
    ("parrot", "Parrot OS"),
    ("pentoo", "Pentoo"),
    ("darwin", "macOS"),
    ("macos", "macOS"),
    ("mac os", "macOS"),
    ("windows", "Windows"),
    ("linux", "Linux"),
    ("freebsd", "FreeBSD"),
];

/// Systems that instances of EC2 hardly run, and people's machines do.
const PERSONAL: [&str; 4] = ["Kali Linux", "Parrot OS", "Pentoo", "macOS"];

/// Bytes of a name that are kept of what a caller calls itself.
const NAME_MAX: usize = 40;

/// The family of a client: program and operating system, such as `aws-cli on macOS`.
///
/// User agents are chosen by the caller: a family can be forged, and decides nothing alone.
pub(crate) fn family(user_agent: &str) -> String {
    let agent = user_agent.trim_matches(|c: char| c == '[' || c == ']' || c == ' ');
    if agent.is_empty() {
        return "an unnamed client".to_string();
    }
    let lower = agent.to_ascii_lowercase();
    let program = PROGRAMS.iter().find(|program| lower.contains(&program.to_ascii_lowercase()));
    let name = program.map_or_else(|| product(agent), |program| (*program).to_string());
    let environment = environment(agent);
    let system = system(&lower);
    match (environment, system) {
        (Some(environment), _) => format!("{name} in {environment}"),
        (None, Some(system)) => format!("{name} on {system}"),
        (None, None) => name,
    }
}

/// Whether a client of this family runs on what people use and instances hardly do.
pub(crate) fn is_personal(family: &str) -> bool {
    PERSONAL.iter().any(|system| family.ends_with(system))
}

/// Whether a client of this family names a runtime of AWS, which can be forged as well.
pub(crate) fn is_native(family: &str) -> bool {
    family.contains(" in AWS_")
}

/// The first product, without its version.
fn product(agent: &str) -> String {
    let first = agent.split([' ', '/', '(', ';', ',', '_']).find(|word| !word.is_empty());
    first.unwrap_or(agent).chars().take(NAME_MAX).collect()
}

fn system(lower: &str) -> Option<&'static str> {
    SYSTEMS.iter().find(|(word, _)| lower.contains(word)).map(|(_, name)| *name)
}

/// The environment that AWS's own runtimes name, such as `AWS_Lambda_python3.12`, without its
/// version.
fn environment(agent: &str) -> Option<String> {
    let (_, rest) = agent.split_once("exec-env/")?;
    let name = rest.split([' ', '#', ';', ')']).next()?;
    let end = name.find(|c: char| c.is_ascii_digit()).unwrap_or(name.len());
    let name = name.get(..end)?.trim_end_matches('.');
    (!name.is_empty()).then(|| name.chars().take(NAME_MAX).collect())
}

#[cfg(test)]
mod tests {
    use super::{family, is_personal};

    #[test]
    fn versions_do_not_matter() {
        let cases = [
            ("aws-cli/2.15.0 Python/3.11.6 Darwin/23.1.0 exe/x86_64", "aws-cli on macOS"),
            ("[aws-cli/1.18.136 Python/3.8.5 Darwin/19.5.0 botocore/1.17.59]", "aws-cli on macOS"),
            ("aws-cli/2.9.19 md/awscrt#0.16.4 os/linux#6.1.0-kali5-amd64", "aws-cli on Kali Linux"),
            (
                "aws-sdk-go/1.41.4 (go1.18.3; linux; amd64) amazon-ssm-agent/",
                "amazon-ssm-agent on Linux",
            ),
            (
                "Boto3/1.34.42 md/Botocore#1.34.42 os/linux#5.10 exec-env/AWS_Lambda_python3.12 x",
                "Boto3 in AWS_Lambda_python",
            ),
            ("stratus-red-team_c763d13b-d099", "stratus-red-team"),
            ("", "an unnamed client"),
        ];
        for (agent, expected) in cases {
            assert_eq!(family(agent), expected, "{agent}");
        }
    }

    #[test]
    fn some_systems_are_peoples_own() {
        assert!(is_personal("aws-cli on macOS"));
        assert!(!is_personal("aws-cli on Linux"));
    }

    #[test]
    fn a_name_that_never_ends_is_cut() {
        assert!(family(&"é".repeat(70_000)).len() < 200);
    }
}
