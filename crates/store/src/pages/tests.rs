//! Pages cost what they show, and leave nothing out.

use rusqlite::types::Value;
use rusqlite::{StatementStatus, params_from_iter};

use super::question::{Question, page};
use super::{IncidentLine, NameKind, PageQuery, SortBy};
use crate::names::NAMED;
use crate::triage::{Status, TriageChange};
use crate::{Commit, FindingState, IncidentRow, Kept, Store};
use cloudtrail::Timestamp;
use detect::{Color, Severity};

const N_INCIDENTS: i64 = 20_000;

/// Steps of SQLite's machine that a page of 50 may take: hundreds for each row, whatever the
/// number of incidents.
const STEPS_MAX: i32 = 50 * 200;

fn seeded(folder: &std::path::Path) -> Store {
    let mut store = Store::open(folder).unwrap();
    let severities = [Severity::Low, Severity::Medium, Severity::High, Severity::Informational];
    let incident = |number: i64| IncidentRow {
        id: format!("{number:016x}"),
        state: FindingState::Open,
        severity: severities[(number % 4) as usize],
        title: format!("chain number {number}"),
        origin: if number == 77 { "root" } else { "iam_user_access_key" }.to_owned(),
        first_seen: Timestamp(number),
        last_seen: Timestamp((number * 7_919) % N_INCIDENTS),
        opened_at: 0,
        changed_at: 0,
        revision: 0,
        hash: 1,
        document: "{}".to_owned(),
        color: Color::Orange,
        hops: (number % 5) as u32,
        origin_label: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        open_findings: 1,
        names: vec![
            (NameKind::Account, format!("{:012}", number % 3)),
            (NameKind::Address, format!("192.0.2.{}", number % 200)),
        ],
        picture: None,
    };
    let kept = Kept { incidents: (0..N_INCIDENTS).map(incident).collect(), ..Kept::default() };
    store.commit(&Commit { kept: Some(&kept), ..Commit::default() }).unwrap();
    store
}

/// Steps and sorts of the page of `query`.
fn cost(store: &Store, query: &PageQuery) -> (i32, i32) {
    let question = Question::of(&store.connection, query).unwrap();
    let (text, values) = page(query, question);
    let mut statement = store.connection.prepare(&text).unwrap();
    let mut rows = statement.query(params_from_iter(values)).unwrap();
    while rows.next().unwrap().is_some() {}
    drop(rows);
    let status = |what| statement.get_status(what);
    (status(StatementStatus::VmStep), status(StatementStatus::Sort))
}

#[test]
fn a_page_reads_no_more_than_it_shows() {
    let folder = tempfile::tempdir().unwrap();
    let store = seeded(folder.path());
    let sorts =
        [SortBy::Changed, SortBy::FirstSeen, SortBy::Hops, SortBy::LastSeen, SortBy::Severity];
    for (sort, is_ascending) in sorts.into_iter().flat_map(|sort| [(sort, true), (sort, false)]) {
        let mut query = PageQuery { sort, is_ascending, limit: 50, ..PageQuery::default() };
        for _ in 0..3 {
            let (steps, n_sorts) = cost(&store, &query);
            assert!(steps < STEPS_MAX && n_sorts == 0, "{query:?}: {steps} {n_sorts}");
            let last = store.incident_page(&query).unwrap().pop().unwrap();
            query.after = Some(last.end(sort));
        }
    }
    let dense = PageQuery {
        names: vec![(NameKind::Account, "000000000001".to_owned())],
        severities: vec![Severity::High, Severity::Medium],
        limit: 50,
        ..PageQuery::default()
    };
    let (steps, n_sorts) = cost(&store, &dense);
    assert!(steps < STEPS_MAX && n_sorts == 0, "{steps} {n_sorts}");
}

#[test]
fn a_filter_that_lets_few_through_is_taken_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = seeded(folder.path());
    let sparse = [
        PageQuery {
            names: vec![(NameKind::Address, "192.0.2.7".to_owned())],
            limit: 50,
            ..PageQuery::default()
        },
        PageQuery { origins: vec!["root".to_owned()], limit: 50, ..PageQuery::default() },
        PageQuery { statuses: vec![Status::Resolved], limit: 50, ..PageQuery::default() },
    ];
    let expected = [N_INCIDENTS / 200, 1, 0];
    for (query, expected) in sparse.iter().zip(expected) {
        let (steps, _) = cost(&store, query);
        assert!(steps < STEPS_MAX, "{query:?}: {steps}");
        assert_eq!(store.incident_count(query, 10_000).unwrap() as i64, expected);
    }
}

/// How SQLite goes about `question`.
fn plan(store: &Store, question: &str, values: &[Value]) -> String {
    let mut statement =
        store.connection.prepare(&format!("EXPLAIN QUERY PLAN {question}")).unwrap();
    let steps = statement.query_map(params_from_iter(values), |row| row.get::<_, String>(3));
    steps.unwrap().collect::<Result<Vec<_>, _>>().unwrap().join("; ")
}

#[test]
fn what_many_have_is_counted_without_their_rows() {
    let folder = tempfile::tempdir().unwrap();
    let store = seeded(folder.path());
    let queries = [
        (PageQuery::default(), "incidents_by_gravity", N_INCIDENTS),
        (
            PageQuery { statuses: vec![Status::New], ..PageQuery::default() },
            "incidents_by_status",
            N_INCIDENTS,
        ),
        (
            PageQuery { origins: vec!["iam_user_access_key".to_owned()], ..PageQuery::default() },
            "incidents_by_origin",
            N_INCIDENTS - 1,
        ),
    ];
    for (query, index, expected) in queries {
        let question = Question::counting(&store.connection, &query).unwrap();
        let how = plan(&store, &question.text("1"), &question.values);
        assert!(how.contains(&format!("USING COVERING INDEX {index}")), "{how}");
        assert_eq!(store.incident_count(&query, u32::MAX).unwrap() as i64, expected);
    }
}

#[test]
fn the_begin_of_an_id_is_looked_up() {
    let folder = tempfile::tempdir().unwrap();
    let store = seeded(folder.path());
    let how = plan(&store, NAMED, &["0".to_owned().into(), 1.into()]);
    assert!(how.starts_with("SEARCH incidents USING INDEX"), "{how}");
    let named = |begin: &str| store.incidents_named(begin, 51).unwrap();
    let sixteen = named(&format!("{:015x}", 5));
    assert_eq!(sixteen.len(), 16);
    assert_eq!(sixteen[3], (format!("{:016x}", 0x53), "chain number 83".to_owned()));
    assert_eq!(named("00000").len(), 51);
    assert_eq!((named(""), named("x"), named("%")), (Vec::new(), Vec::new(), Vec::new()));
}

/// SQLite reads a row up to the last column that is asked for; without numbers of rows it reads
/// whole rows on the way to one of them.
#[test]
fn large_columns_are_last_and_no_other_row_is_read_on_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let tables = [("incidents", "document"), ("findings", "document"), ("pictures", "bytes")];
    for (table, large) in tables {
        let last = "SELECT name FROM pragma_table_info(?1) ORDER BY cid DESC LIMIT 1";
        let last: String = store.connection.query_row(last, [table], |row| row.get(0)).unwrap();
        assert_eq!(last, large, "{table}");
        let has_numbers = "SELECT wr = 0 FROM pragma_table_list(?1)";
        let has_numbers = store.connection.query_row(has_numbers, [table], |row| row.get(0));
        assert_eq!(has_numbers, Ok(true), "{table}");
    }
}

#[test]
fn pages_hold_every_incident_once_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let store = seeded(folder.path());
    let mut query = PageQuery { limit: 499, ..PageQuery::default() };
    let mut all: Vec<IncidentLine> = Vec::new();
    loop {
        let lines = store.incident_page(&query).unwrap();
        let Some(last) = lines.last() else {
            break;
        };
        query.after = Some(last.end(query.sort));
        all.extend(lines);
    }
    assert_eq!(all.len() as i64, N_INCIDENTS);
    let keys: Vec<_> =
        all.iter().map(|line| (line.severity, line.last_seen, line.id.clone())).collect();
    assert!(keys.is_sorted_by(|left, right| left > right));
}

#[test]
fn a_decision_is_found_by_its_status_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = seeded(folder.path());
    let id = format!("{:016x}", 5);
    store
        .set_triage(&TriageChange {
            incident: &id,
            status: Some(Status::Resolved),
            reason: "done",
            note: None,
            who: "alice",
            at: 1,
        })
        .unwrap();
    let query = PageQuery { statuses: vec![Status::Resolved], limit: 50, ..PageQuery::default() };
    let lines = store.incident_page(&query).unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].id.as_str(), lines[0].who.as_deref()), (&*id, Some("alice")));
    assert_eq!(store.incident_line(&id).unwrap().unwrap().status, Status::Resolved);
}
