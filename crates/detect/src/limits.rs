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
