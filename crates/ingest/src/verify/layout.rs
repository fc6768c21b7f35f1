//! What the folders of a copy tell of the keys of a bucket.

use std::path::{Component, Path};

use integrity::Place;

/// How much of a key the folders above a file tell.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Layout {
    /// Parts of the key, its last one included.
    pub(super) n_parts: usize,
    /// How far up the parts reach, so that files can be compared: [`ROOT`] where they reach
    /// `AWSLogs`, with an organization or without.
    pub(super) level: usize,
}

/// Parts of a key from the name to the year: fewer tell nothing.
pub(super) const YEAR: usize = 4;
/// Parts of a key from the name to the account.
pub(super) const ACCOUNT: usize = 7;
/// The level of a whole key but for its prefix.
const ROOT: usize = 8;

impl Layout {
    /// Reads the folders of `path` upward as long as each looks like the part of a key that
    /// belongs there: `AWSLogs/[o-ORG/]ACCOUNT/CloudTrail…/REGION/YYYY/MM/DD/NAME`.
    pub(super) fn of(path: &Path) -> Self {
        let parts = parts(path);
        let mut above = parts.iter().rev().map(String::as_str);
        let fixed: [fn(&str) -> bool; ACCOUNT] = [
            |_| true,
            |day| is_number(day, 2),
            |month| is_number(month, 2),
            |year| is_number(year, 4),
            is_region,
            |service| service.starts_with("CloudTrail"),
            |account| is_number(account, 12),
        ];
        let mut n_parts = 0;
        for looks_right in fixed {
            match above.next() {
                Some(part) if looks_right(part) => n_parts += 1,
                Some(_) | None => return Self { n_parts, level: n_parts },
            }
        }
        let mut next = above.next().unwrap_or_default();
        if next.starts_with("o-") {
            n_parts += 1;
            next = above.next().unwrap_or_default();
        }
        if next == "AWSLogs" {
            return Self { n_parts: n_parts + 1, level: ROOT };
        }
        Self { n_parts, level: ACCOUNT }
    }

    /// Where `path` lies in a copy whose folders tell `level` of their keys.
    pub(super) fn place(self, path: &Path, level: usize, buckets: &[String]) -> Place {
        let buckets = buckets.to_vec();
        if level < YEAR {
            return Place::Unknown { buckets };
        }
        if self.level < level {
            return Place::Elsewhere;
        }
        let parts = parts(path);
        let tail = parts.get(parts.len().saturating_sub(self.n_parts)..).unwrap_or_default();
        Place::Copy { tail: tail.join("/"), buckets }
    }
}

fn parts(path: &Path) -> Vec<String> {
    let names = path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        // What comes before is not below the root of the copy.
        Component::ParentDir => Some("..".to_owned()),
        Component::Prefix(_) | Component::RootDir | Component::CurDir => None,
    });
    names.collect()
}

fn is_number(text: &str, n_digits: usize) -> bool {
    text.len() == n_digits && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Such as `us-gov-west-1`.
fn is_region(text: &str) -> bool {
    let (area, number) = text.rsplit_once('-').unwrap_or_default();
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|it| it.is_ascii_lowercase());
    area.contains('-') && area.split('-').all(is_word) && is_number(number, number.len().max(1))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use integrity::Place;

    use super::{ACCOUNT, Layout, ROOT};

    const TAIL: &str = "111122223333/CloudTrail/us-east-1/2026/03/01/a.json.gz";

    fn layout(path: &str) -> (usize, usize) {
        let layout = Layout::of(Path::new(path));
        (layout.n_parts, layout.level)
    }

    #[test]
    fn folders_are_read_as_far_as_they_look_like_a_key() {
        assert_eq!(layout(&format!("/x/p/AWSLogs/{TAIL}")), (8, ROOT));
        assert_eq!(layout(&format!("AWSLogs/o-abc/{TAIL}")), (9, ROOT));
        assert_eq!(layout(&format!("logs/{TAIL}")), (7, ACCOUNT));
        assert_eq!(layout(&format!("logs/o-abc/{TAIL}")), (8, ACCOUNT));
        assert_eq!(layout("copy/us-gov-west-1/2026/03/01/a.json.gz"), (5, 5));
        assert_eq!(layout("copy/2026/03/01/a.json.gz"), (4, 4));
        assert_eq!(layout("2026/../03/01/a.json.gz"), (3, 3));
        assert_eq!(layout("flat/a.json.gz"), (1, 1));
    }

    #[test]
    fn a_file_that_tells_less_than_its_neighbors_lies_elsewhere() {
        let path = format!("x/p/AWSLogs/{TAIL}");
        let place = Layout::of(Path::new(&path)).place(Path::new(&path), ROOT, &[]);
        assert_eq!(place, Place::Copy { tail: format!("AWSLogs/{TAIL}"), buckets: vec![] });
        let flat = Path::new("x/a.json.gz");
        assert_eq!(Layout::of(flat).place(flat, ROOT, &[]), Place::Elsewhere);
        let unknown = Layout::of(flat).place(flat, 1, &["b".to_owned()]);
        assert_eq!(unknown, Place::Unknown { buckets: vec!["b".to_owned()] });
    }
}
