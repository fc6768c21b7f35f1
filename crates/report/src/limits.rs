//! Every limit of the reports, by name.
//!
//! JSON has none of these: what a table or a page leaves out is always there.

/// Columns of a name in the table, such as a role or a session.
pub const NAME_COLUMNS_MAX: usize = 72;

/// Columns of a key in the table; keys of AWS are far shorter and are always shown whole.
pub const KEY_COLUMNS_MAX: usize = 128;

/// Columns of a reason in the table.
pub const REASON_COLUMNS_MAX: usize = 1_200;

/// Lines of each list below the coverage line.
pub const COVERAGE_LINES_MAX: usize = 5;

/// Rows of the table of incidents.
pub const INCIDENT_ROWS_MAX: usize = 50;

/// Incidents that the table tells in full.
pub const INCIDENTS_TOLD_MAX: usize = 10;

/// Findings of one incident that the table gives reasons for.
pub const REASONS_MAX: usize = 8;

/// Hops of a path; a longer one loses its middle.
pub const PATH_HOPS_SHOWN_MAX: usize = 12;

/// Other paths of a tree that the table shows.
pub const BRANCHES_SHOWN_MAX: usize = 5;

/// Findings of one incident whose paths are compared to find the distinct ones.
pub const PATHS_COMPARED_MAX: usize = 50;

/// Distinct paths of one incident that are shown.
pub const PATHS_SHOWN_MAX: usize = 4;

/// Things left behind that are listed under one path.
pub const LEFT_BEHIND_SHOWN_MAX: usize = 20;

/// Habits that are listed.
pub const HABITS_SHOWN_MAX: usize = 10;

/// Places of one finding that the table lists, those of one's own and foreign ones.
pub const PLACES_SHOWN_MAX: usize = 4;

/// Addresses that the name of a place holds.
pub const ADDRESSES_SHOWN_MAX: usize = 3;

/// Kinds of calls from one place that are named.
pub const CALLS_SHOWN_MAX: usize = 8;

/// Addresses, changes and sessions of a workload that the table lists, of each.
pub const BACKGROUND_SHOWN_MAX: usize = 4;

/// Findings of each list of a comparison.
pub const CHANGES_SHOWN_MAX: usize = 50;

/// Chains of digests that a verification tells.
pub const CHAINS_SHOWN_MAX: usize = 50;

/// Digests, log files or intervals of one chain that a verification lists, of each.
pub const RESULTS_SHOWN_MAX: usize = 20;

/// Columns of a path, a URL or a sentence of a verification.
pub const SOURCE_COLUMNS_MAX: usize = 2_000;

/// Moments of a trace.
pub const TRACE_MOMENTS_SHOWN_MAX: usize = 40;

/// Incidents that the HTML report shows in full.
pub const HTML_INCIDENTS_MAX: usize = 100;

/// Incidents that the HTML report lists.
pub const HTML_ROWS_MAX: usize = 1_000;

/// Findings of one incident that the HTML report shows in full.
pub const HTML_FINDINGS_MAX: usize = 10;

/// Places of one finding, and addresses of one workload, that the HTML report lists, of each.
pub const HTML_PLACES_MAX: usize = 20;

/// Events of one finding that the HTML report lists.
pub const HTML_EVIDENCE_MAX: usize = 25;

/// Lines of one timeline in the HTML report.
pub const HTML_MOMENTS_MAX: usize = 60;

/// Steps of one response plan in the HTML report.
pub const HTML_STEPS_MAX: usize = 150;

/// Characters of one command in the HTML report: no policy is longer than IAM's largest quota.
pub const HTML_COMMAND_MAX: usize = 24_000;

/// Lines of each list of the coverage in the HTML report.
pub const HTML_COVERAGE_MAX: usize = 200;

/// Characters of one text in the HTML report.
pub const HTML_TEXT_MAX: usize = 600;

/// Columns of nodes that a picture draws; a deeper graph loses its middle.
pub const DRAWN_RANKS_MAX: usize = 24;

/// Nodes in one column of a picture.
pub const DRAWN_IN_RANK_MAX: usize = 15;

/// Edges of a picture.
pub const DRAWN_EDGES_MAX: usize = 400;

/// Lanes of a timeline's picture.
pub const LANES_MAX: usize = 12;

/// Characters of one cell of a CSV file: spreadsheets hold 32,767.
pub const CSV_CELL_MAX: usize = 32_000;

/// Characters of `Id` in ASFF.
pub const ASFF_ID_MAX: usize = 512;

/// Characters of `Title` in ASFF.
pub const ASFF_TITLE_MAX: usize = 256;

/// Characters of `Description` in ASFF.
pub const ASFF_DESCRIPTION_MAX: usize = 1_024;

/// Characters of `Remediation.Recommendation.Text` in ASFF.
pub const ASFF_RECOMMENDATION_MAX: usize = 512;

/// Characters of one value of `ProductFields` in ASFF; AWS takes 2,048.
pub const ASFF_FIELD_MAX: usize = 512;

/// Resources of one finding in ASFF.
pub const ASFF_RESOURCES_MAX: usize = 32;

/// Characters of the `Id` of one resource in ASFF.
pub const ASFF_RESOURCE_ID_MAX: usize = 512;

/// Characters of one detail of a resource in ASFF.
pub const ASFF_DETAIL_MAX: usize = 96;

/// Findings that one alert lists.
pub const ALERT_FINDINGS_MAX: usize = 20;

/// Accounts that one alert lists.
pub const ALERT_ACCOUNTS_MAX: usize = 50;

/// Characters of one text in an alert for a webhook or `PagerDuty`.
pub const ALERT_TEXT_MAX: usize = 1_000;

/// Characters of one text of a log in a message for Slack.
pub const SLACK_TEXT_MAX: usize = 300;

/// Findings that a message for Slack lists.
pub const SLACK_FINDINGS_MAX: usize = 5;
