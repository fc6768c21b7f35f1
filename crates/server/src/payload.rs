//! What each kind of sink is told, in its own form.

use cloudtrail::Timestamp;
use detect::{Color, Graph, Incident, Origin, Severity};
use lineage::OriginKind;
use report::alert::{Alert, AlertKind};
use report::{Dossier, asff, ocsf};

use crate::alerts::{Message, MessageKind};
use crate::config::SinkKind;
use crate::engine::{About, Payload};

/// Most bytes of the detail of an event on a bus: an entry has at most 256 KiB with its other
/// members.
const DETAIL_BYTES_MAX: usize = 240 * 1024;

/// Writes the forms of `report`.
#[derive(Clone, Debug)]
pub struct Forms {
    /// Where people open the console.
    pub base_url: Option<String>,
    /// Account and Region of Security Hub.
    pub security_hub: Option<(String, String)>,
    /// Version of this program.
    pub version: String,
}

impl Payload for Forms {
    fn write(&self, about: &About<'_>, message: &Message<'_>) -> Result<Vec<u8>, String> {
        let withdrawn = about.incident.is_none().then(|| remains(about, message));
        let incident = about.incident.or(withdrawn.as_ref()).ok_or("there is no incident")?;
        let dossier = Dossier::of(incident, about.findings.to_vec(), about.extent);
        let alert = Alert {
            kind: kind(message.kind, about.was),
            dossier: &dossier,
            base_url: self.base_url.as_deref(),
        };
        let changed = Some(Timestamp(about.now.seconds()));
        let text = match message.sink.kind {
            SinkKind::EventBridge | SinkKind::Stdout => {
                let (activity, status) = activity(message.kind);
                let options = ocsf::Options {
                    activity,
                    status,
                    changed,
                    base_url: self.base_url.as_deref(),
                    bytes_max: Some(DETAIL_BYTES_MAX),
                    ..ocsf::Options::new(&self.version)
                };
                ocsf::incident(&dossier, &options)
            }
            SinkKind::SecurityHub => {
                let (account_id, region) = self
                    .security_hub
                    .as_ref()
                    .ok_or("account and Region of Security Hub are not known")?;
                let state = match message.kind {
                    MessageKind::Opened | MessageKind::Raised => asff::RecordState::Active,
                    MessageKind::Withdrawn => asff::RecordState::Archived,
                };
                let options = asff::Options {
                    changed,
                    state,
                    base_url: self.base_url.as_deref(),
                    ..asff::Options::new(account_id, region, &self.version)
                };
                asff::incident(&dossier, &options)
            }
            SinkKind::PagerDuty => report::alert::pagerduty(&alert),
            SinkKind::Slack => report::alert::slack(&alert),
            SinkKind::Webhook => report::alert::webhook(&alert),
        };
        Ok(text.into_bytes())
    }
}

fn kind(kind: MessageKind, was: Option<Severity>) -> AlertKind {
    match kind {
        MessageKind::Opened => AlertKind::Opened,
        MessageKind::Raised => AlertKind::Raised { was: was.unwrap_or_default() },
        MessageKind::Withdrawn => AlertKind::Withdrawn,
    }
}

const fn activity(kind: MessageKind) -> (ocsf::Activity, ocsf::Status) {
    match kind {
        MessageKind::Opened => (ocsf::Activity::Create, ocsf::Status::New),
        MessageKind::Raised => (ocsf::Activity::Update, ocsf::Status::New),
        MessageKind::Withdrawn => (ocsf::Activity::Close, ocsf::Status::Resolved),
    }
}

/// What is left of an incident that was withdrawn.
fn remains(about: &About<'_>, message: &Message<'_>) -> Incident {
    Incident {
        id: message.incident_id.to_owned(),
        severity: message.severity,
        title: about.kept.title.clone(),
        origin: Origin {
            kind: OriginKind::Unknown,
            access_key_id: None,
            principal_arn: None,
            instance_id: None,
            subject: None,
            account_id: None,
        },
        findings: Vec::new(),
        first_seen: about.kept.first_seen,
        last_seen: about.kept.last_seen,
        color: Color::None,
        habit: None,
        background: None,
        graph: Graph::default(),
        timeline: Vec::new(),
        timeline_left_out: 0,
    }
}
