//! Reads settings out of a table, notes every problem, and remembers where each came from.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Origin, Problem};
use super::setting::{Raw, Setting};

/// A file that is read.
#[derive(Clone, Copy)]
pub(crate) struct File<'t> {
    pub(crate) path: &'t str,
    pub(crate) text: &'t str,
}

/// What is learned while a configuration is read.
#[derive(Default)]
pub(crate) struct Reading<'t> {
    pub(crate) file: Option<File<'t>>,
    /// Values of the environment and of flags by their keys.
    pub(crate) overrides: BTreeMap<String, (String, Origin)>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) origins: BTreeMap<String, Origin>,
}

impl Reading<'_> {
    /// The place in the file where `span` begins.
    pub(crate) fn at(&self, span: Range<usize>) -> Origin {
        let Some(file) = self.file else {
            return Origin::Default;
        };
        let before = file.text.as_bytes().iter().take(span.start);
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        Origin::File { path: file.path.to_owned(), line }
    }

    pub(crate) fn note(&mut self, origin: Origin, key: &str, text: String) {
        self.problems.push(Problem { origin, key: key.to_owned(), text });
    }
}

/// A table of the file, or one that the file does not have.
pub(crate) struct Table<'r, 't> {
    reading: &'r mut Reading<'t>,
    /// What its keys begin with, such as `store` or `sink.pager`.
    name: String,
    entries: Option<&'r DeTable<'t>>,
    span: Option<Range<usize>>,
    asked: BTreeSet<&'static str>,
    is_ignored: bool,
}

impl<'r, 't> Table<'r, 't> {
    pub(crate) fn new(
        reading: &'r mut Reading<'t>,
        name: String,
        found: Option<(&'r DeTable<'t>, Range<usize>)>,
    ) -> Self {
        let (entries, span) = found.unzip();
        Self { reading, name, entries, span, asked: BTreeSet::new(), is_ignored: false }
    }

    /// The setting `key`: from a flag, the environment, the file, or `default`.
    ///
    /// Nothing, and a problem, where it is required and missing. A value that is none counts as
    /// missing, so that the rest can be looked at.
    pub(crate) fn read<T: Setting>(
        &mut self,
        key: &'static str,
        default: Option<&str>,
    ) -> Option<T> {
        self.asked.insert(key);
        let path = format!("{}.{key}", self.name);
        let Some((raw, origin)) = self.given::<T>(key, &path) else {
            self.reading.origins.insert(path.clone(), Origin::Default);
            let value = default.map_or_else(T::absent, of_default);
            if value.is_none() {
                let place = self.span.clone().map(|span| self.reading.at(span));
                let text = format!("is missing: expected {}", T::expected());
                self.reading.note(place.unwrap_or(Origin::Default), &path, text);
            }
            return value;
        };
        match T::of(&raw) {
            Ok(value) => {
                self.reading.origins.insert(path, origin);
                Some(value)
            }
            Err(wrong) => {
                let found = if T::is_public() { wrong.describe() } else { "something else".into() };
                let text = format!("expected {}, found {found}", T::expected());
                self.reading.note(origin, &path, text);
                default.map_or_else(T::absent, of_default)
            }
        }
    }

    fn given<T: Setting>(&mut self, key: &str, path: &str) -> Option<(Raw, Origin)> {
        if let Some((text, origin)) = self.reading.overrides.remove(path) {
            return Some((T::of_text(&text), origin));
        }
        let value = self.entries?.get(key)?;
        Some((Raw::of(value.get_ref()), self.reading.at(value.span())))
    }

    /// Says nothing of the other keys: what they mean is not known.
    pub(crate) const fn ignore_the_rest(&mut self) {
        self.is_ignored = true;
    }

    /// Notes the keys that nobody asked for.
    pub(crate) fn finish(self) {
        if self.is_ignored {
            return;
        }
        for key in self.entries.into_iter().flat_map(DeTable::keys) {
            let name = key.get_ref().as_ref();
            if !self.asked.contains(name) {
                let origin = self.reading.at(key.span());
                let text = unknown("key", name, self.asked.iter().copied());
                self.reading.note(origin, &format!("{}.{name}", self.name), text);
            }
        }
    }
}

/// What a default means. A test reads every one of them.
fn of_default<T: Setting>(default: &str) -> Option<T> {
    let value = DeValue::parse(default).ok()?;
    T::of(&Raw::of(value.get_ref())).ok()
}

/// That `name` is not known, and the known one that it looks like.
pub(crate) fn unknown<'k>(
    what: &str,
    name: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let distance = |known: &&&str| strsim::damerau_levenshtein(name, known);
    let nearest = known.iter().min_by_key(distance);
    let is_near = |known: &&&str| distance(known) <= 1 + name.len() / 3 || known.starts_with(name);
    match nearest.filter(is_near) {
        Some(nearest) => format!("is an unknown {what}: did you mean `{nearest}`?"),
        None if known.is_empty() => format!("is an unknown {what}: there is none here"),
        None => {
            let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            format!("is an unknown {what}: there are {}", known.join(", "))
        }
    }
}

/// The table that `value` is.
pub(crate) fn as_table<'r, 't>(
    value: &'r Spanned<DeValue<'t>>,
) -> Option<(&'r DeTable<'t>, Range<usize>)> {
    Some((value.get_ref().as_table()?, value.span()))
}
