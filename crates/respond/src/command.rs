//! Commands as lists of arguments, and their text for a shell.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::place::Place;

/// Stands in an argument for the time at which the command is run: RFC 3339, UTC, whole seconds.
pub const NOW: &str = "{{now}}";

/// Inputs that a command may have.
const INPUTS_MAX: usize = 8;

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
    /// Markers of inputs that stand before this one are filled in first.
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
    ///
    /// More than eight inputs, or an input that needs another one twice, are not filled in: the
    /// text of such a command would grow without a bound.
    pub fn new(argv: Vec<String>, mut inputs: Vec<Input>) -> Self {
        if !is_modest(&inputs) {
            inputs.clear();
        }
        let words: Vec<String> = argv.iter().map(|argument| word(argument, &inputs)).collect();
        Self { shell: words.join(" "), argv, inputs }
    }

    /// Whether a time or a value has to be filled in when it is run.
    pub fn has_markers(&self) -> bool {
        !self.inputs.is_empty() || self.argv.iter().any(|argument| argument.contains(NOW))
    }
}

/// Whether the text of `inputs` stays short.
fn is_modest(inputs: &[Input]) -> bool {
    let needs_once = |input: &Input, other: &Input| {
        !other.marker.is_empty()
            && input.argv.iter().map(|word| word.matches(&other.marker).count()).sum::<usize>() <= 1
    };
    inputs.len() <= INPUTS_MAX
        && inputs.iter().all(|input| inputs.iter().all(|other| needs_once(input, other)))
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
        let of = |number: usize| inputs.get(number).map(|input| (number, input));
        let found = (0..inputs.len())
            .filter_map(of)
            .filter_map(|(number, input)| {
                next(&input.marker).map(|(at, length)| (at, length, Some(number)))
            })
            .chain(now)
            .min_by_key(|(at, ..)| *at);
        let Some((at, length, number)) = found.filter(|(_, length, _)| *length > 0) else {
            break;
        };
        let (head, tail) = (rest.get(..at), rest.get(at + length..));
        let head = head.unwrap_or_default();
        if !head.is_empty() {
            word.push_str(&quoted(head));
        }
        word.push_str(&number.map_or_else(now_text, |number| input_text(number, inputs)));
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

/// What a shell puts in the place of the input `number`, for which those before it are known.
fn input_text(number: usize, inputs: &[Input]) -> String {
    let (earlier, rest) = inputs.split_at_checked(number).unwrap_or_default();
    let Some(input) = rest.first() else {
        return String::new();
    };
    let is_name = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    if !input.variable.is_empty() && input.variable.bytes().all(is_name) {
        return format!("\"${{{}:?}}\"", input.variable);
    }
    let words: Vec<String> = input.argv.iter().map(|argument| word(argument, earlier)).collect();
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

    /// Adds `--name value`; a value that begins with a hyphen, or may do so, is joined to its name.
    pub(crate) fn opt(mut self, name: &str, value: &str) -> Self {
        if value.starts_with('-') || value.starts_with("{{") {
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

    /// `marker` stands for the output of `command`, whose own markers are filled in before.
    pub(crate) fn input(mut self, marker: &str, command: Self) -> Self {
        let command = command.build();
        for input in command.inputs {
            self.add(input);
        }
        self.add(Input {
            marker: marker.into(),
            argv: command.argv,
            variable: String::new(),
            what: String::new(),
        });
        self
    }

    /// `marker` stands for what a person says.
    pub(crate) fn asked(mut self, marker: &str, variable: &str, what: &str) -> Self {
        self.add(Input {
            marker: marker.into(),
            argv: Vec::new(),
            variable: variable.into(),
            what: what.into(),
        });
        self
    }

    fn add(&mut self, input: Input) {
        if self.inputs.iter().all(|known| known.marker != input.marker) {
            self.inputs.push(input);
        }
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

    fn read(marker: &str, argv: &[&str]) -> Input {
        Input {
            marker: marker.into(),
            argv: argv.iter().map(ToString::to_string).collect(),
            variable: String::new(),
            what: String::new(),
        }
    }

    #[test]
    fn inputs_are_filled_into_those_after_them_alone() {
        let first = read("{{a}}", &["aws", "x y", "{{b}}"]);
        let second = read("{{b}}", &["aws", "--a={{a}}"]);
        let text = command(&["aws", "--b={{b}}"], [first, second].to_vec());
        assert_eq!(text, r#"aws --b="$(aws --a="$(aws 'x y' '{{b}}')")""#);
    }

    #[test]
    fn inputs_that_would_grow_without_a_bound_are_not_filled_in() {
        let twice = [read("{{a}}", &["aws"]), read("{{b}}", &["{{a}}", "{{a}}"])].to_vec();
        assert_eq!(command(&["{{b}}"], twice), "'{{b}}'");
        let many = (0..9).map(|n| read(&alloc::format!("{{{{{n}}}}}"), &["aws"])).collect();
        assert_eq!(command(&["{{1}}"], many), "'{{1}}'");
    }
}
