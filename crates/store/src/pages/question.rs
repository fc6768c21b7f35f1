//! What SQLite is asked for a page of incidents.

use rusqlite::Connection;
use rusqlite::types::Value;

use super::{COLUMNS, PageQuery};
use crate::error::Error;
use crate::findings::number_of;

/// Incidents that a filter may let through and still be taken first.
const FEW: u32 = 1_000;

/// A column that one value is wanted of: its name, its index, and the value.
type Single<'q> = (&'static str, &'static str, &'q str);

/// Filters of `query` that one value alone passes.
fn single(query: &PageQuery) -> Vec<Single<'_>> {
    let status = match query.statuses.as_slice() {
        [status] => Some(("status", "incidents_by_status", status.word())),
        _ => None,
    };
    let origin = match query.origins.as_slice() {
        [origin] => Some(("origin", "incidents_by_origin", origin.as_str())),
        _ => None,
    };
    status.into_iter().chain(origin).collect()
}

/// A question in the making: its conditions, and the values in them.
pub(super) struct Question {
    from: String,
    /// Whether rows come in the order of the page.
    is_ordered: bool,
    conditions: Vec<String>,
    pub(super) values: Vec<Value>,
}

impl Question {
    /// What `query` asks for, from its sparse filter or along the index of its order.
    pub(super) fn of(connection: &Connection, query: &PageQuery) -> Result<Self, Error> {
        let mut question = Self {
            from: String::new(),
            is_ordered: false,
            conditions: Vec::new(),
            values: Vec::new(),
        };
        let few = question.few(connection, query)?;
        question.is_ordered = few.is_none();
        question.from =
            few.unwrap_or_else(|| format!("incidents INDEXED BY {}", query.sort.index()));
        let state = if query.is_withdrawn { "withdrawn" } else { "open" };
        let state = question.value(state.to_owned());
        question.conditions.push(format!("state = {state}"));
        let severities = query.severities.iter().map(|severity| number_of(*severity).into());
        question.any("severity", severities.collect());
        let statuses = query.statuses.iter().map(|status| status.word().to_owned().into());
        question.any("status", statuses.collect());
        question.any("origin", query.origins.iter().map(|origin| origin.clone().into()).collect());
        for (kind, value) in &query.names {
            let (kind, value) =
                (question.value(kind.word().to_owned()), question.value(value.clone()));
            question.conditions.push(format!(
                "EXISTS (SELECT 1 FROM names WHERE names.value = {value} AND names.kind = {kind}
                 AND names.incident = incidents.id)"
            ));
        }
        if !query.text.is_empty() {
            let text = question.value(query.text.clone());
            question.conditions.push(format!(
                "(instr(lower(title), lower({text})) > 0 OR instr(id, lower({text})) = 1)"
            ));
        }
        Ok(question)
    }

    /// As [`of`](Self::of), for a count, which has no order: along the index of the one status or
    /// origin that is wanted, however many have it.
    pub(super) fn counting(connection: &Connection, query: &PageQuery) -> Result<Self, Error> {
        let mut question = Self::of(connection, query)?;
        if question.is_ordered
            && let Some((_, index, _)) = single(query).first()
        {
            question.from = format!("incidents INDEXED BY {index}");
        }
        Ok(question)
    }

    /// Where the incidents of a filter come from that lets few through.
    fn few(&mut self, connection: &Connection, query: &PageQuery) -> Result<Option<String>, Error> {
        for (kind, value) in &query.names {
            let count = "SELECT COUNT(*) FROM (SELECT 1 FROM names WHERE value = ?1 AND kind = ?2
                         LIMIT ?3)";
            let mut statement = connection.prepare_cached(count)?;
            let n_named: u32 =
                statement.query_row((value, kind.word(), FEW + 1), |row| row.get(0))?;
            if n_named <= FEW {
                let (value, kind) = (self.value(value.clone()), self.value(kind.word().to_owned()));
                return Ok(Some(format!(
                    "(SELECT incident FROM names WHERE value = {value} AND kind = {kind}) AS few
                     CROSS JOIN incidents ON incidents.id = few.incident"
                )));
            }
        }
        let state = if query.is_withdrawn { "withdrawn" } else { "open" };
        for (column, index, wanted) in single(query) {
            let count = format!(
                "SELECT COUNT(*) FROM (SELECT 1 FROM incidents INDEXED BY {index}
                 WHERE state = ?1 AND {column} = ?2 LIMIT ?3)"
            );
            let mut statement = connection.prepare_cached(&count)?;
            let n_wanted: u32 = statement.query_row((state, wanted, FEW + 1), |row| row.get(0))?;
            if n_wanted <= FEW {
                return Ok(Some(format!("incidents INDEXED BY {index}")));
            }
        }
        Ok(None)
    }

    pub(super) fn value(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }

    fn any(&mut self, column: &str, wanted: Vec<Value>) {
        if wanted.is_empty() {
            return;
        }
        let wanted: Vec<String> = wanted.into_iter().map(|value| self.value(value)).collect();
        self.conditions.push(format!("{column} IN ({})", wanted.join(", ")));
    }

    /// The text of the question for `columns`.
    pub(super) fn text(&self, columns: &str) -> String {
        format!("SELECT {columns} FROM {} WHERE {}", self.from, self.conditions.join(" AND "))
    }
}

/// The rows that `query` asks for, and what SQLite is asked.
pub(super) fn page(query: &PageQuery, mut question: Question) -> (String, Vec<Value>) {
    let columns = query.sort.columns();
    if let Some(after) = &query.after {
        let keys = after.keys.iter().map(|key| Value::from(*key));
        let end: Vec<Value> = keys.chain([after.id.clone().into()]).collect();
        let end: Vec<String> = end.into_iter().map(|value| question.value(value)).collect();
        let than = if query.is_ascending { ">" } else { "<" };
        question.conditions.push(format!(
            "({}, id) {than} ({})",
            columns.join(", "),
            end.join(", ")
        ));
    }
    let way = if query.is_ascending { "ASC" } else { "DESC" };
    let order: Vec<String> =
        columns.iter().chain(&["id"]).map(|column| format!("{column} {way}")).collect();
    let limit = question.value(i64::from(query.limit));
    let text = question.text(COLUMNS);
    (format!("{text} ORDER BY {} LIMIT {limit}", order.join(", ")), question.values)
}
