//! What was read, as reports tell it.

use evidence::Count;
use ingest::{Coverage, Note};

/// Counts the distinct events of what stores have read. A store counts each object for itself, and
/// what objects repeat is known to the evidence, which has `of_evidence`.
pub fn count(read: &mut Coverage, of_evidence: Count) {
    let Count { events, is_estimate } = of_evidence;
    read.events = events.min(read.events_read);
    if is_estimate {
        let text = "events and duplicates are estimates: some uses have too many to count each";
        read.notes.push(Note { source: "store".into(), text: text.into(), records: 0 });
    }
}

/// What `read` says, in order and in the words of reports.
pub fn told(mut read: Coverage) -> report::Coverage {
    read.arrange();
    let skipped = read.skipped.into_iter().map(|skipped| report::Skipped {
        source: skipped.source,
        reason: skipped.reason,
        records: skipped.records,
    });
    let set_aside = read
        .set_aside
        .into_iter()
        .map(|aside| report::SetAside { source: aside.source, reason: aside.reason });
    let notes = read.notes.into_iter().map(|note| report::Note {
        source: note.source,
        text: note.text,
        records: note.records,
    });
    report::Coverage {
        files: read.files,
        bytes_read: read.bytes_read,
        records: read.records,
        events: read.events,
        duplicates: read.events_read.saturating_sub(read.events),
        skipped: skipped.collect(),
        set_aside: set_aside.collect(),
        notes: notes.collect(),
    }
}

#[cfg(test)]
mod tests {
    use evidence::Count;
    use ingest::{Coverage, Note, Skipped};

    use super::{count, told};

    #[test]
    fn what_was_not_read_is_told_and_is_no_repetition() {
        let mut read = Coverage {
            files: 2,
            records: 12,
            events_read: 9,
            skipped: vec![Skipped {
                source: "a.json".to_owned(),
                reason: "no `eventTime`".to_owned(),
                records: 3,
            }],
            notes: vec![Note { source: "b.json".to_owned(), text: "x".to_owned(), records: 1 }],
            ..Coverage::default()
        };
        read.set_aside("c.json", "a digest");
        count(&mut read, Count { events: 7, is_estimate: true });
        let told = told(read);
        assert_eq!((told.records, told.events, told.duplicates), (12, 7, 2));
        assert_eq!((told.skipped.len(), told.records_skipped()), (1, 3));
        assert_eq!(told.set_aside[0].reason, "a digest");
        assert_eq!(told.notes.len(), 2);
    }
}
