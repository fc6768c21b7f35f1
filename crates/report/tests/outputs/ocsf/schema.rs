//! Holds objects against the facts of the published schema.

use std::net::IpAddr;

use serde_json::{Map, Value};

use crate::facts::{Member, Section, Sections, sections};

/// What the schema of one version says.
pub(crate) struct Schema {
    sections: Sections,
    version: &'static str,
}

/// The first and the last millisecond that a time may be: 2001 to 2100.
const TIMES: [i64; 2] = [978_307_200_000, 4_102_444_800_000];

impl Schema {
    /// The schema of `version`.
    pub(crate) fn of(version: &'static str) -> Self {
        let table = match version {
            "1.5.0" => include_str!("../../../fixtures/ocsf/1.5.0.txt"),
            "1.6.0" => include_str!("../../../fixtures/ocsf/1.6.0.txt"),
            other => panic!("no facts about {other}"),
        };
        let sections = sections(table);
        assert!(sections.len() > 20, "{}", sections.len());
        Self { sections, version }
    }

    /// Everything that is wrong with `finding`, a line each.
    pub(crate) fn faults(&self, finding: &Value) -> Vec<String> {
        let profiles: Vec<&str> = finding["metadata"]["profiles"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut check = Check { schema: self, profiles, faults: Vec::new() };
        check.object("detection_finding", finding, "");
        let number = |name: &str| finding[name].as_i64().unwrap_or_default();
        if number("type_uid") != number("class_uid") * 100 + number("activity_id") {
            check.fault("type_uid", "is not class and activity");
        }
        if finding["metadata"]["version"] != self.version {
            check.fault("metadata.version", "is another version");
        }
        check.faults
    }
}

struct Check<'s> {
    schema: &'s Schema,
    profiles: Vec<&'s str>,
    faults: Vec<String>,
}

impl Check<'_> {
    fn fault(&mut self, path: &str, what: &str) {
        self.faults.push(format!("{path}: {what}"));
    }

    fn object(&mut self, name: &str, value: &Value, path: &str) {
        let Some(section) = self.schema.sections.get(name) else {
            return self.fault(path, &format!("no facts about {name}"));
        };
        let Some(object) = value.as_object() else {
            return self.fault(path, "is no object");
        };
        for (attribute, value) in object {
            let path = format!("{path}.{attribute}");
            match section.members.get(attribute) {
                Some(member) => self.member(member, value, object, &path),
                None => self.fault(&path, "is no attribute"),
            }
        }
        self.requirements(section, object, path);
    }

    fn requirements(&mut self, section: &Section, object: &Map<String, Value>, path: &str) {
        for (name, member) in &section.members {
            if member.is_required && self.applies(member) && !object.contains_key(name) {
                self.fault(&format!("{path}.{name}"), "is missing");
            }
        }
        for (constraint, names) in &section.constraints {
            let present = names.iter().filter(|name| object.contains_key(*name)).count();
            let is_met = match constraint.as_str() {
                "at_least_one" => present > 0,
                "just_one" => present == 1,
                other => panic!("no rule for {other}"),
            };
            if !is_met {
                self.fault(path, &format!("{constraint} is not met"));
            }
        }
    }

    /// Whether the profile of `member` is in use.
    fn applies(&self, member: &Member) -> bool {
        member.notes.get("profile").is_none_or(|profile| self.profiles.contains(&profile.as_str()))
    }

    fn member(&mut self, member: &Member, value: &Value, object: &Map<String, Value>, path: &str) {
        if !self.applies(member) {
            self.fault(path, "belongs to a profile that is not in use");
        }
        if let Some(since) = member.notes.get("deprecated") {
            self.fault(path, &format!("is deprecated since {since}"));
        }
        if member.is_list {
            let Some(values) = value.as_array() else {
                return self.fault(path, "is no list");
            };
            for (index, value) in values.iter().enumerate() {
                self.value(member, value, &format!("{path}[{index}]"));
            }
            return;
        }
        self.value(member, value, path);
        let values = member.values();
        if values.is_empty() {
            return;
        }
        let number = value.to_string();
        let Some(caption) = values.get(number.trim_matches('"')) else {
            return self.fault(path, "is none of its values");
        };
        let sibling = member.notes.get("sibling").and_then(|sibling| object.get(sibling));
        if sibling.is_some_and(|sibling| sibling != *caption) && number != "99" {
            self.fault(path, &format!("is not called {caption}"));
        }
    }

    fn value(&mut self, member: &Member, value: &Value, path: &str) {
        if let Some(object) = member.kind.strip_prefix("object:") {
            return self.object(object, value, path);
        }
        let base = self.schema.sections["types"].members.get(&member.kind);
        let base = base.map_or(member.kind.as_str(), |base| base.kind.as_str());
        let is_right = match base {
            "boolean_t" => value.is_boolean(),
            "float_t" => value.is_number(),
            "integer_t" | "long_t" => value.is_i64() || value.is_u64(),
            "json_t" => !value.is_null(),
            "object" => value.is_object(),
            "string_t" => value.as_str().is_some_and(|text| !text.is_empty()),
            other => panic!("no rule for {other}"),
        };
        if !is_right {
            return self.fault(path, &format!("is no {}", member.kind));
        }
        let is_address = || value.as_str().is_some_and(|text| text.parse::<IpAddr>().is_ok());
        let is_time = || value.as_i64().is_some_and(|at| TIMES[0] <= at && at <= TIMES[1]);
        if (member.kind == "ip_t" && !is_address()) || (member.kind == "timestamp_t" && !is_time())
        {
            self.fault(path, &format!("is no {}", member.kind));
        }
    }
}
