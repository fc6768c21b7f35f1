//! Tables of facts about formats of others: what may stand where.

use std::collections::BTreeMap;

/// What a table says: its sections, by name.
pub(crate) type Sections = BTreeMap<String, Section>;

/// A class, an object or a structure.
#[derive(Debug, Default)]
pub(crate) struct Section {
    /// What stands behind its name, such as `at_least_one`.
    pub(crate) constraints: BTreeMap<String, Vec<String>>,
    /// Its members, by name.
    pub(crate) members: BTreeMap<String, Member>,
}

/// A member.
#[derive(Debug, Default)]
pub(crate) struct Member {
    /// Type, without the sign of a list.
    pub(crate) kind: String,
    pub(crate) is_list: bool,
    pub(crate) is_required: bool,
    /// What else is said about it, by name.
    pub(crate) notes: BTreeMap<String, String>,
}

impl Member {
    /// The values that it may have, with the names of those that have one.
    pub(crate) fn values(&self) -> BTreeMap<&str, &str> {
        let all = self.notes.get("enum").map(String::as_str).unwrap_or_default();
        let values = all.split('|').filter(|value| !value.is_empty());
        values.map(|value| value.split_once(':').unwrap_or((value, value))).collect()
    }
}

/// Reads a table: `[section] constraint=a|b`, then a member a line, its parts between tabs.
pub(crate) fn sections(table: &str) -> Sections {
    let mut sections = Sections::new();
    let mut name = String::new();
    for line in table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        if let Some(head) = line.strip_prefix('[') {
            let (of, constraints) = head.split_once(']').unwrap();
            name = of.to_owned();
            let constraints = constraints.split_whitespace().map(|one| {
                let (constraint, members) = one.split_once('=').unwrap();
                (constraint.to_owned(), members.split('|').map(str::to_owned).collect())
            });
            sections.entry(name.clone()).or_default().constraints = constraints.collect();
            continue;
        }
        let mut parts = line.split('\t');
        let (member, kind) = (parts.next().unwrap(), parts.next().unwrap());
        let is_required = parts.next() == Some("required");
        let notes = parts.map(|note| note.split_once('=').unwrap());
        let member_of = Member {
            kind: kind.trim_end_matches("[]").to_owned(),
            is_list: kind.ends_with("[]"),
            is_required,
            notes: notes.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        };
        sections.get_mut(&name).unwrap().members.insert(member.to_owned(), member_of);
    }
    sections
}
