//! Reads the configuration from all of its places.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Config;
use super::check::check;
use super::find::{Environment, FILE_BYTES_MAX, FILE_VARIABLE};
use super::problem::{Origin, Problem, Problems};
use super::section::{Key, Section};
use super::sections::{Alerts, Analysis, Console, Listen, Log, Store, Verify};
use super::sinks::Sink;
use super::sources::{FolderSource, Source, SourceSettings};
use super::table::{File, Reading, Table, as_table, unknown};
use super::values::Name;

/// A setting given as a flag.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Flag {
    /// The setting, such as `store.path`.
    pub key: String,
    /// Its value, as in a variable of the environment.
    pub value: String,
    /// The flag, as the user wrote it.
    pub name: String,
}

/// What the user asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The file, see [`find`](super::find()).
    pub file: Option<PathBuf>,
    /// Variables of the environment.
    pub environment: Environment,
    /// Settings given as flags.
    pub flags: Vec<Flag>,
    /// Folders, files or globs to watch beside the sources of the file.
    pub folders: Vec<PathBuf>,
}

/// What was read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The file.
    pub file: Option<PathBuf>,
    /// What could be read; whatever is wrong has its default or is left out.
    pub config: Option<Config>,
    /// Everything that is wrong, in the order of places.
    pub problems: Vec<Problem>,
    /// Where each value came from, by keys such as `store.path` and `sink.pager.url`.
    pub origins: BTreeMap<String, Origin>,
}

impl Loaded {
    /// The configuration, if nothing is wrong with it.
    ///
    /// # Errors
    ///
    /// Everything that is wrong.
    pub fn into_config(self) -> Result<Config, Problems> {
        self.config.filter(|_| self.problems.is_empty()).ok_or(Problems(self.problems))
    }
}

/// The sections that stand once; variables and flags reach their keys and no others.
const SECTIONS: [(&str, &[Key]); 7] = [
    ("alerts", Alerts::KEYS),
    ("analysis", Analysis::KEYS),
    ("console", Console::KEYS),
    ("listen", Listen::KEYS),
    ("log", Log::KEYS),
    ("store", Store::KEYS),
    ("verify", Verify::KEYS),
];

/// What a file may have at its top.
const TOP: [&str; 9] =
    ["alerts", "analysis", "console", "listen", "log", "sink", "source", "store", "verify"];

/// Reads the configuration that `request` names and checks it. A file that is missing is a problem
/// only where one was named.
pub fn load(request: &Request) -> Loaded {
    let path = request.file.as_deref().map(|path| path.to_string_lossy().into_owned());
    let text = request.file.as_deref().map(read).transpose();
    let mut reading = Reading::default();
    let text = text.unwrap_or_else(|error| {
        let path = path.clone().unwrap_or_default();
        let text = format!("cannot read the file: {error}");
        reading.note(Origin::File { path, line: 1 }, "", text);
        None
    });
    reading.file = match (&path, &text) {
        (Some(path), Some(text)) => Some(File { path, text }),
        (None | Some(_), None | Some(_)) => None,
    };
    let (document, errors) = DeTable::parse_recoverable(text.as_deref().unwrap_or_default());
    for error in errors {
        let origin = reading.at(error.span().unwrap_or_default());
        reading.note(origin, "", format!("is not TOML: {}", error.message()));
    }
    take_overrides(request, &mut reading);
    let config = config(&document, &request.folders, &mut reading);
    let Reading { mut problems, origins, .. } = reading;
    if let Some(config) = &config {
        problems.extend(check(config, &origins, &request.environment));
    }
    problems.sort();
    problems.dedup();
    Loaded { file: request.file.clone(), config, problems, origins }
}

fn read(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    let file = std::fs::File::open(path)?;
    file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text)?;
    if text.len() as u64 > FILE_BYTES_MAX {
        return Err(std::io::Error::other(format!("it has more than {FILE_BYTES_MAX} bytes")));
    }
    Ok(text)
}

/// Collects what the environment and flags set; flags win.
fn take_overrides(request: &Request, reading: &mut Reading<'_>) {
    for (name, value) in &request.environment {
        let Some((section, key)) = section_of(name) else {
            continue;
        };
        let key = key.to_ascii_lowercase();
        let origin = Origin::Environment(name.clone());
        reading.overrides.insert(format!("{section}.{key}"), (value.clone(), origin));
    }
    for flag in &request.flags {
        let origin = Origin::Flag(flag.name.clone());
        reading.overrides.insert(flag.key.clone(), (flag.value.clone(), origin));
    }
}

/// `store` and `PATH` for `ROLECALL_STORE_PATH`.
fn section_of(variable: &str) -> Option<(&'static str, &str)> {
    if variable == FILE_VARIABLE {
        return None;
    }
    let rest = variable.strip_prefix("ROLECALL_")?;
    SECTIONS.iter().find_map(|(section, _)| {
        let key = rest.strip_prefix(&section.to_ascii_uppercase())?.strip_prefix('_')?;
        Some((*section, key))
    })
}

fn config<'t>(
    document: &Spanned<DeTable<'t>>,
    folders: &[PathBuf],
    reading: &mut Reading<'t>,
) -> Option<Config> {
    let top = document.get_ref();
    for key in top.keys().filter(|key| !TOP.contains(&key.get_ref().as_ref())) {
        let name = key.get_ref().as_ref();
        let origin = reading.at(key.span());
        reading.note(origin, name, unknown("section", name, TOP));
    }
    let config = Config {
        store: section("store", top, reading)?,
        sources: sources(top, folders, reading),
        analysis: section("analysis", top, reading)?,
        console: section("console", top, reading)?,
        listen: section("listen", top, reading)?,
        alerts: section("alerts", top, reading)?,
        sinks: list("sink", top, reading, Sink::read),
        verify: section("verify", top, reading)?,
        log: section("log", top, reading)?,
    };
    for (key, (_, origin)) in std::mem::take(&mut reading.overrides) {
        let (section, name) = key.split_once('.').unwrap_or(("", &key));
        let known = SECTIONS.iter().filter(|(known, _)| *known == section);
        let keys = known.flat_map(|(_, keys)| keys.iter().map(|key| key.name));
        reading.note(origin, &key, unknown("key", name, keys));
    }
    Some(config)
}

fn section<'t, S: Section>(name: &str, top: &DeTable<'t>, reading: &mut Reading<'t>) -> Option<S> {
    let value = top.get(name);
    if let Some(wrong) = value.filter(|value| !value.get_ref().is_table()) {
        let origin = reading.at(wrong.span());
        reading.note(origin, name, format!("expected a section `[{name}]`"));
    }
    let mut table = Table::new(reading, name.to_owned(), value.and_then(as_table));
    let section = S::read(&mut table);
    table.finish();
    section
}

fn list<'t, T>(
    name: &str,
    top: &DeTable<'t>,
    reading: &mut Reading<'t>,
    read: impl Fn(&mut Table<'_, 't>) -> Option<T>,
) -> Vec<T> {
    let Some(value) = top.get(name) else {
        return Vec::new();
    };
    let items: &[Spanned<DeValue<'t>>] = value.get_ref().as_array().map_or(&[], |items| items);
    let is_list = value.get_ref().is_array() && items.iter().all(|item| item.get_ref().is_table());
    if !is_list {
        let origin = reading.at(value.span());
        reading.note(origin, name, format!("expected sections `[[{name}]]`, in double brackets"));
        return Vec::new();
    }
    let mut names = BTreeSet::new();
    let mut read_items = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let found = as_table(item);
        let given = found.as_ref().and_then(|(entries, _)| entries.get("name"));
        let given =
            given.and_then(|name| Some((Name::parse(name.get_ref().as_str()?)?, name.span())));
        let is_new = given.as_ref().is_none_or(|(given, _)| names.insert(given.clone()));
        let path = match &given {
            Some((given, _)) if is_new => format!("{name}.{given}"),
            Some(_) | None => format!("{name}[{index}]"),
        };
        let mut table = Table::new(reading, path.clone(), found);
        let item = read(&mut table);
        table.finish();
        if is_new {
            read_items.extend(item);
        } else if let Some((given, span)) = given {
            let origin = reading.at(span);
            let text = format!("is the name of an earlier {name}, too: `{given}`");
            reading.note(origin, &format!("{path}.name"), text);
        }
    }
    read_items
}

/// The sources of the file, and one for each folder that was given as an argument.
fn sources<'t>(top: &DeTable<'t>, folders: &[PathBuf], reading: &mut Reading<'t>) -> Vec<Source> {
    let mut sources = list("source", top, reading, Source::read);
    let taken: BTreeSet<Name> = sources.iter().map(|source| source.name.clone()).collect();
    let free = (1..).filter_map(|number| Name::parse(&format!("folder-{number}")));
    for (path, name) in folders.iter().zip(free.filter(|name| !taken.contains(name))) {
        let given = (path.to_string_lossy().into_owned(), Origin::Flag("argument".to_owned()));
        let key = format!("source.{name}");
        reading.overrides.insert(format!("{key}.path"), given);
        let mut table = Table::new(reading, key, None);
        let folder = FolderSource::read(&mut table);
        let settings = folder.map(SourceSettings::Folder);
        sources.extend(settings.map(|settings| Source { name, settings }));
    }
    sources
}
