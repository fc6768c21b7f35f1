//! Every limit of the analysis, by name.

/// Events that one finding lists as evidence.
pub const EVIDENCE_MAX: usize = 200;

/// Things left behind that one finding lists.
pub const LEFT_BEHIND_MAX: usize = 1_000;

/// Other paths of a tree that one finding lists.
pub const BRANCHES_MAX: usize = 50;

/// Lines of an incident's timeline.
pub const TIMELINE_MAX: usize = 500;

/// Nodes that an incident's graph draws before it folds leaves into groups.
pub const GRAPH_NODES_MAX: usize = 60;

/// Credentials that the whole graph of an incident draws.
pub const GRAPH_WHOLE_MAX: usize = 20_000;

/// Credentials or sessions that one trace shows.
pub const TRACE_PARTS_MAX: usize = 50;

/// Steps of one trace.
pub const TRACE_STEPS_MAX: usize = 1_000;

/// Places of one workload that one finding lists.
pub const PLACES_MAX: usize = 20;

/// Kinds of calls from one place that one finding lists.
pub const ACTIONS_MAX: usize = 40;

/// Changes of an instance, and sessions of a workload, that its context lists.
pub const CONTEXT_MAX: usize = 20;

/// Credentials of one lineage that a response lists.
pub const EXTENT_CREDENTIALS_MAX: usize = 2_000;

/// Things left behind that a response lists.
pub const EXTENT_LEFT_MAX: usize = 500;

/// Sessions of one role that are looked at to see who else uses it, latest first.
pub const ROLE_SESSIONS_MAX: usize = 500;

/// Others who use a role, and roles that lead on from one, that a response lists.
pub const OTHERS_MAX: usize = 20;

/// Seconds before the end of an incident in which the use of a role by others counts.
pub const OTHERS_SECS: i64 = 14 * 86_400;

/// Days of one long-term key that are compared with the days before, latest first.
pub const UNUSUAL_DAYS_MAX: i64 = 400;

/// Distinct things of one kind, such as networks, that are counted of one population. What comes
/// after them is new whenever it comes, to a population to which that is nothing new.
pub const UNUSUAL_THINGS_MAX: u32 = 4_096;

/// Findings of `unusual_use` that one analysis lists, most surprising first.
pub const UNUSUAL_MAX: usize = 2_000;
