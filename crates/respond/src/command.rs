//! Commands as lists of arguments, and their text for a shell.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::place::Place;

/// Stands in an argument for the time at which the command is run: RFC 3339, UTC, whole seconds.
pub const NOW: &str = "{{now}}";

/// A command: a program and its arguments.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(from = "Parts")]
pub struct Command {
    /// Program and arguments, without any quoting.
    pub argv: Vec<String>,
    /// What takes the place of markers in the arguments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Input>,
    /// The same as one line for a POSIX shell.
    pub shell: String,
}

/// A value that is not in the logs and is read, or asked for, when the command is run.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Input {
    /// What stands in the arguments for it, such as `{{association_id}}`.
    pub marker: String,
    /// The command whose output, without its line feed, it is; empty where a person says it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub argv: Vec<String>,
    /// The variable of the shell that holds it, where a person says it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub variable: String,
    /// What to say, where a person says it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub what: String,
}

/// A command as it is read from a document: its shell text is made anew.
#[derive(Deserialize)]
struct Parts {
    argv: Vec<String>,
    #[serde(default)]
    inputs: Vec<Input>,
}

impl From<Parts> for Command {
    fn from(parts: Parts) -> Self {
        Self::new(parts.argv, parts.inputs)
    }
}

impl Command {
    /// The command of `argv` with `inputs`.
    pub fn new(argv: Vec<String>, inputs: Vec<Input>) -> Self {
        let words: Vec<String> = argv.iter().map(|argument| word(argument, &inputs)).collect();
        Self { shell: words.join(" "), argv, inputs }
    }

    /// Whether a time or a value has to be filled in when it is run.
    pub fn has_markers(&self) -> bool {
        !self.inputs.is_empty() || self.argv.iter().any(|argument| argument.contains(NOW))
    }
}

/// `text` as one word of a POSIX shell.
///
/// Between single quotes a shell changes nothing; a single quote itself stands between pairs.
pub fn quoted(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'_' | b'-' | b'.' | b'/' | b':' | b'=' | b'@' | b'%' | b'+' | b',')
    };
    // A word with `=` in front of a command is an assignment, and `~` opens a home.
    if !text.is_empty() && text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
}

/// An argument as a word, in which markers are what a shell puts in their place.
fn word(argument: &str, inputs: &[Input]) -> String {
    let mut word = String::new();
    let mut rest = argument;
    loop {
        let next = |marker: &str| rest.find(marker).map(|at| (at, marker.len()));
        let now = next(NOW).map(|(at, length)| (at, length, None));
        let found = inputs
            .iter()
            .filter_map(|input| next(&input.marker).map(|(at, length)| (at, length, Some(input))))
            .chain(now)
            .min_by_key(|(at, ..)| *at);
        let Some((at, length, input)) = found.filter(|(_, length, _)| *length > 0) else {
            break;
        };
        let (head, tail) = (rest.get(..at), rest.get(at + length..));
        let head = head.unwrap_or_default();
        if !head.is_empty() {
            word.push_str(&quoted(head));
        }
        word.push_str(&input.map_or_else(now_text, input_text));
        rest = tail.unwrap_or_default();
    }
    if word.is_empty() || !rest.is_empty() {
        word.push_str(&quoted(rest));
    }
    word
}

fn now_text() -> String {
    "\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\"".to_string()
}

fn input_text(input: &Input) -> String {
    let is_name = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    if !input.variable.is_empty() && input.variable.bytes().all(is_name) {
        return format!("\"${{{}:?}}\"", input.variable);
    }
    let words: Vec<Cow<'_, str>> = input.argv.iter().map(|argument| quoted(argument)).collect();
    format!("\"$({})\"", words.join(" "))
}

/// Puts a command of the AWS CLI together.
pub(crate) struct Aws {
    argv: Vec<String>,
    inputs: Vec<Input>,
    region: Option<String>,
}

impl Aws {
    /// `aws SERVICE OPERATION` in `place`.
    pub(crate) fn new(place: &Place, service: &str, operation: &str) -> Self {
        let argv = ["aws", service, operation].map(String::from).to_vec();
        Self { argv, inputs: Vec::new(), region: place.region_of(service) }
    }

    /// Adds `--name value`; a value that begins with a hyphen is joined to its name.
    pub(crate) fn opt(mut self, name: &str, value: &str) -> Self {
        if value.starts_with('-') {
            self.argv.push(format!("--{name}={value}"));
        } else {
            self.argv.push(format!("--{name}"));
            self.argv.push(value.into());
        }
        self
    }

    /// Adds `--name`.
    pub(crate) fn flag(mut self, name: &str) -> Self {
        self.argv.push(format!("--{name}"));
        self
    }

    /// Adds further values of the option before, none of which begins with a hyphen.
    pub(crate) fn values<'v>(mut self, values: impl IntoIterator<Item = &'v str>) -> Self {
        self.argv.extend(values.into_iter().map(String::from));
        self
    }

    /// `marker` stands for the output of `command`.
    pub(crate) fn input(mut self, marker: &str, command: Self) -> Self {
        let command = command.build();
        let input = Input {
            marker: marker.into(),
            argv: command.argv,
            variable: String::new(),
            what: String::new(),
        };
        self.inputs.push(input);
        self
    }

    /// `marker` stands for what a person says.
    pub(crate) fn asked(mut self, marker: &str, variable: &str, what: &str) -> Self {
        let input = Input {
            marker: marker.into(),
            argv: Vec::new(),
            variable: variable.into(),
            what: what.into(),
        };
        self.inputs.push(input);
        self
    }

    /// Prints one value as text.
    pub(crate) fn query(self, query: &str) -> Self {
        self.opt("query", query).opt("output", "text")
    }

    pub(crate) fn build(mut self) -> Command {
        if let Some(region) = self.region.take() {
            self = self.opt("region", &region);
        }
        Command::new(self.argv, self.inputs)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;

    use super::{Command, Input, quoted};

    fn command(argv: &[&str], inputs: Vec<Input>) -> String {
        Command::new(argv.iter().map(ToString::to_string).collect(), inputs).shell
    }

    #[test]
    fn quotes_stand_around_what_a_shell_would_read() {
        assert_eq!(quoted("role/a-b_c.d@e"), "role/a-b_c.d@e");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("it's $(id)"), r"'it'\''s $(id)'");
        assert_eq!(quoted("~"), "'~'");
        assert_eq!(quoted("é"), "'é'");
    }

    #[test]
    fn markers_are_filled_in_by_the_shell() {
        let input = Input {
            marker: "{{id}}".into(),
            argv: ["aws", "x y"].map(String::from).to_vec(),
            variable: String::new(),
            what: String::new(),
        };
        let text = command(&["aws", "--id", "{{id}}", "{\"t\":\"{{now}}\"}"], [input].to_vec());
        let now = r#""$(date -u +%Y-%m-%dT%H:%M:%SZ)""#;
        assert_eq!(text, alloc::format!(r#"aws --id "$(aws 'x y')" '{{"t":"'{now}'"}}'"#));
    }
}
