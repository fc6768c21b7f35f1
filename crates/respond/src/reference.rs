//! Steps that the text of others names, by their numbers.

use alloc::borrow::ToOwned as _;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::command::Command;
use crate::step::Step;

/// Stands in a text before what it names; no name that a command may hold has it.
const OPEN: char = '\u{1}';

/// Stands behind it.
const CLOSE: char = '\u{2}';

/// Ends what stands for every step whose id begins so.
const ALL: char = '*';

/// In the place of steps that a plan lacks.
const NONE: &str = "none in this plan";

/// In a text: the number of the step `id`.
pub(crate) fn to(id: &str) -> String {
    format!("{OPEN}{}{CLOSE}", unmarked(id))
}

/// In a text: the numbers of every step whose id begins with `begin`.
pub(crate) fn to_all(begin: &str) -> String {
    format!("{OPEN}{}{ALL}{CLOSE}", unmarked(begin))
}

/// `id` as it stands between marks: a name in it may hold some.
fn unmarked(id: &str) -> String {
    id.replace([OPEN, CLOSE], "")
}

/// Puts the numbers into the texts of `steps`, whose order is the last.
pub(crate) fn resolve(steps: &mut [Step]) {
    let ids: BTreeMap<String, usize> =
        steps.iter().zip(1..).map(|(step, number)| (unmarked(&step.id), number)).collect();
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut fill = |text: &mut String| {
        if text.contains(CLOSE) {
            *text = filled(text, &ids, &mut known);
        }
    };
    for step in steps {
        [&mut step.title, &mut step.why, &mut step.console.path].into_iter().for_each(&mut fill);
        step.condition.iter_mut().chain(&mut step.undo_note).for_each(&mut fill);
        let checked = step.check.iter_mut().map(|check| &mut check.command);
        let needed = step.precondition.iter_mut().map(|needed| &mut needed.command);
        let commands: Vec<&mut Command> =
            step.preview.iter_mut().chain(&mut step.command).chain(&mut step.undo).collect();
        for command in commands.into_iter().chain(checked).chain(needed) {
            command.inputs.iter_mut().for_each(|input| fill(&mut input.what));
        }
    }
}

/// `text` with numbers in the place of what stands between marks.
///
/// A mark without its other half came with a name, and stays as it is.
fn filled(
    text: &str,
    ids: &BTreeMap<String, usize>,
    known: &mut BTreeMap<String, String>,
) -> String {
    let mut out = String::new();
    for part in text.split_inclusive(CLOSE) {
        let closed = part.strip_suffix(CLOSE).and_then(|part| part.rsplit_once(OPEN));
        let Some((before, named)) = closed else {
            out.push_str(part);
            continue;
        };
        out.push_str(before);
        let words = known.entry(named.to_owned()).or_insert_with(|| {
            let begin = named.strip_suffix(ALL);
            let numbers: Vec<usize> = match (ids.get(named), begin) {
                (Some(number), _) => [*number].into(),
                (None, Some(begin)) => {
                    let from = ids.range(begin.to_owned()..);
                    let same = from.take_while(|(id, _)| id.starts_with(begin));
                    same.map(|(_, number)| *number).collect()
                }
                (None, None) => Vec::new(),
            };
            in_words(numbers)
        });
        out.push_str(words);
    }
    out
}

/// `step 5`, `steps 5, 8–12`.
pub(crate) fn in_words(mut numbers: Vec<usize>) -> String {
    numbers.sort_unstable();
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match ranges.last_mut().filter(|(_, last)| last.saturating_add(1) >= number) {
            Some((_, last)) => *last = number,
            None => ranges.push((number, number)),
        }
    }
    let range = |(first, last): &(usize, usize)| {
        if first == last { format!("{first}") } else { format!("{first}–{last}") }
    };
    let words: Vec<String> = ranges.iter().map(range).collect();
    match ranges.as_slice() {
        [] => NONE.into(),
        [(first, last)] if first == last => format!("step {first}"),
        [_, ..] => format!("steps {}", words.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::{CLOSE, OPEN, in_words, resolve, to, to_all};
    use crate::step::{Phase, Step};

    #[test]
    fn numbers_are_words() {
        assert_eq!(in_words([4].into()), "step 4");
        assert_eq!(in_words([9, 8, 2, 10, 4].into()), "steps 2, 4, 8–10");
        assert_eq!(in_words([].into()), "none in this plan");
    }

    #[test]
    fn steps_are_named_by_their_numbers() {
        let step = |id: &str, why: &str| Step::new(Phase::Recover, id, "x", why);
        let why = format!("See {}, {} and {}.", to("b/2"), to_all("a/"), to("c"));
        let mut steps = [step("a/1", ""), step("b/2", &why), step("a/2", "")];
        resolve(&mut steps);
        assert_eq!(steps[1].why, "See step 2, steps 1, 3 and none in this plan.");
    }

    #[test]
    fn a_mark_in_a_name_moves_no_other() {
        let (named, id) = (format!("x{OPEN}y"), format!("a/x{OPEN}y{CLOSE}"));
        let why = format!("Of {named}: {}. Of z{CLOSE}: {}, {}.", to(&id), to_all("a/"), to("b"));
        let mut steps = [Step::new(Phase::Recover, &id, "x", &why)];
        resolve(&mut steps);
        let expected = format!("Of {named}: step 1. Of z{CLOSE}: step 1, none in this plan.");
        assert_eq!(steps[0].why, expected);
    }
}
