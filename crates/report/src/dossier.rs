//! An incident with everything that is told about it in one go.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use detect::{Analysis, Extent, Finding, Incident};
use respond::{Phase, Plan};

/// Steps of each phase that are told.
const STEPS_OF_PHASE: usize = 2;

/// Steps that are told.
const STEPS: usize = 6;

/// An incident with its findings and with what to do first.
#[derive(Clone, Debug)]
pub struct Dossier<'a> {
    /// The incident.
    pub incident: &'a Incident,
    /// Its findings, gravest first.
    pub findings: Vec<&'a Finding>,
    /// What stops it: the first steps of the response plan beyond keeping the evidence.
    pub first_steps: Vec<String>,
    /// Steps of the whole plan; none for an informational incident.
    pub steps: usize,
}

impl<'a> Dossier<'a> {
    /// The dossier of `incident`. The plan is made from `extent`, if there is one.
    pub fn of(incident: &'a Incident, findings: Vec<&'a Finding>, extent: Option<&Extent>) -> Self {
        let plan = extent.map(|extent| respond::plan(incident, extent));
        let first_steps = plan.as_ref().map(first_steps).unwrap_or_default();
        let steps = plan.map_or(0, |plan| plan.steps.len());
        Self { incident, findings, first_steps, steps }
    }

    /// The dossiers of all incidents, in the order of `analysis`.
    pub fn all(analysis: &'a Analysis) -> Vec<Self> {
        let by_id: BTreeMap<&str, &Finding> =
            analysis.findings.iter().map(|finding| (finding.id.as_str(), finding)).collect();
        let findings = |incident: &'a Incident| {
            incident.findings.iter().filter_map(|id| by_id.get(id.as_str()).copied()).collect()
        };
        let incidents = analysis.incidents.iter();
        incidents
            .map(|incident| {
                Self::of(incident, findings(incident), analysis.extents.get(&incident.id))
            })
            .collect()
    }

    /// Where the response plan is, in a sentence or two, for a person who has this text alone.
    pub(crate) fn advice(&self) -> String {
        let id = &self.incident.id;
        if self.steps == 0 {
            return format!("Nothing has to be done at once. Incident {id} has no response plan.");
        }
        let first = self.first_steps.join("; ");
        let first = if first.is_empty() { first } else { format!(" To stop it: {first}.") };
        format!(
            "`rolecall respond {id} SOURCE` prints the response plan, where SOURCE is the scan \
             document or the logs: {} steps with commands, checks and ways back.{first}",
            self.steps
        )
    }
}

/// The dossier of each finding, by the finding's id.
pub(crate) fn by_finding<'d, 'a>(
    dossiers: &'d [Dossier<'a>],
) -> BTreeMap<&'d str, &'d Dossier<'a>> {
    let ids = dossiers.iter().flat_map(|dossier| {
        dossier.findings.iter().map(move |finding| (finding.id.as_str(), dossier))
    });
    ids.collect()
}

fn first_steps(plan: &Plan) -> Vec<String> {
    let phases = [Phase::Contain, Phase::CutOrigin, Phase::RemovePersistence, Phase::CloseWayBack];
    let of_phase = |phase: Phase| {
        plan.steps.iter().filter(move |step| step.phase == phase).take(STEPS_OF_PHASE)
    };
    phases
        .into_iter()
        .flat_map(of_phase)
        .take(STEPS)
        .map(|step| match &step.account_id {
            Some(account) => format!("{} (account {account})", step.title),
            None => step.title.clone(),
        })
        .collect()
}
