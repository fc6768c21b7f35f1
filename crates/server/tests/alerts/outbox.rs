//! What every outbox keeps to, whatever it is made of.

use std::time::Duration;

use server::alerts::{Depth, Entry, Mark, MemoryOutbox, Outbox, RETRY_AFTER_MAX};
use server::clock::WallTime;

use crate::world::{BEGIN, message};

const NOW: WallTime = WallTime(BEGIN);

fn keys(entries: &[Entry]) -> Vec<String> {
    entries.iter().map(|entry| entry.message.key()).collect()
}

fn due(outbox: &dyn Outbox, now: WallTime) -> Vec<Entry> {
    outbox.due("hook", now, 100).unwrap()
}

fn failed(outbox: &dyn Outbox, entry: &Entry, next_attempt: WallTime) {
    let mark = Mark::Failed { id: entry.id, error: "no".into(), next_attempt };
    outbox.mark(&[mark]).unwrap();
}

fn filled(outbox: &dyn Outbox, keys: &[(&str, u32)]) {
    let messages: Vec<_> = keys
        .iter()
        .map(|(incident, revision)| message("hook", incident, *revision, vec![1]))
        .collect();
    outbox.enqueue(&messages).unwrap();
}

/// What holds for an outbox that was empty.
type Rule = fn(&dyn Outbox);

/// All that must hold, in words and as code.
const RULES: [(&str, Rule); 7] = [
    ("messages of an incident come in order", |outbox| {
        filled(outbox, &[("a", 1), ("b", 1), ("a", 2), ("a", 3)]);
        let first = due(outbox, NOW);
        assert_eq!(keys(&first), ["a-1", "b-1"]);
        outbox.mark(&[Mark::Delivered { id: first[0].id, at: NOW }]).unwrap();
        assert_eq!(keys(&due(outbox, NOW)), ["b-1", "a-2"]);
    }),
    ("a message that waits holds up those behind it", |outbox| {
        filled(outbox, &[("a", 1), ("a", 2)]);
        let later = NOW.after(Duration::from_secs(60));
        failed(outbox, &due(outbox, NOW)[0], later);
        assert_eq!(keys(&due(outbox, NOW)), [""; 0]);
        let again = due(outbox, later);
        assert_eq!((keys(&again), again[0].attempts), (vec!["a-1".to_owned()], 1));
    }),
    ("one that is parked does not", |outbox| {
        filled(outbox, &[("a", 1), ("a", 2)]);
        let id = due(outbox, NOW)[0].id;
        outbox.mark(&[Mark::Parked { id, error: "no".into(), at: NOW }]).unwrap();
        assert_eq!(keys(&due(outbox, NOW)), ["a-2"]);
        assert_eq!(outbox.depth("hook").unwrap(), Depth { waiting: 1, parked: 1 });
        assert_eq!(outbox.retry_parked("hook", NOW).unwrap(), 1);
        let again = due(outbox, NOW);
        assert_eq!((keys(&again), again[0].attempts), (vec!["a-1".to_owned()], 0));
        assert_eq!(outbox.retry_parked("hook", NOW).unwrap(), 0);
    }),
    ("one that failed three times lets others pass", |outbox| {
        filled(outbox, &[("a", 1), ("b", 1)]);
        for attempt in 0..3 {
            let first = due(outbox, NOW);
            assert_eq!(
                (keys(&first), first[0].attempts),
                (vec!["a-1".into(), "b-1".into()], attempt)
            );
            failed(outbox, &first[0], NOW);
        }
        assert_eq!(keys(&due(outbox, NOW)), ["b-1", "a-1"]);
    }),
    ("nothing is kept twice, even after it is gone", |outbox| {
        filled(outbox, &[("a", 1), ("a", 1)]);
        let id = due(outbox, NOW)[0].id;
        let delivered = Mark::Delivered { id, at: NOW };
        outbox.mark(std::slice::from_ref(&delivered)).unwrap();
        outbox.mark(&[delivered, Mark::Parked { id, error: "no".into(), at: NOW }]).unwrap();
        filled(outbox, &[("a", 1)]);
        assert_eq!(outbox.depth("hook").unwrap(), Depth::default());
    }),
    ("sinks do not know each other", |outbox| {
        filled(outbox, &[("a", 1)]);
        outbox.enqueue(&[message("other", "a", 1, vec![2])]).unwrap();
        let entries = due(outbox, NOW);
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].message, message("hook", "a", 1, vec![1]));
        outbox.mark(&[Mark::Delivered { id: entries[0].id, at: NOW }]).unwrap();
        assert_eq!(outbox.depth("other").unwrap().waiting, 1);
        assert_eq!(outbox.due("other", NOW, 0).unwrap(), []);
    }),
    ("a clock that was set back holds nothing up", |outbox| {
        filled(outbox, &[("a", 1)]);
        let day = Duration::from_secs(86_400);
        failed(outbox, &due(outbox, NOW)[0], NOW.after(day));
        assert_eq!(keys(&due(outbox, NOW)), ["a-1"]);
        failed(outbox, &due(outbox, NOW)[0], NOW.after(RETRY_AFTER_MAX));
        assert_eq!(keys(&due(outbox, NOW)), [""; 0]);
    }),
];

#[test]
fn an_outbox_in_memory_keeps_to_the_rules() {
    for (rule, check) in RULES {
        println!("{rule}");
        check(&MemoryOutbox::default());
    }
}
