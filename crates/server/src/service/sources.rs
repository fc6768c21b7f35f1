//! The sources of the configuration, each as a task.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::{Mode, ServiceError};
use crate::config::{Config, SourceSettings};
use crate::intake::{Intake, Looks, folder_source, watch_folder};

/// Starts every source.
pub(super) fn start(
    config: &Config,
    mode: Mode,
    intake: &Intake,
) -> Result<JoinSet<()>, ServiceError> {
    let mut tasks = JoinSet::new();
    for source in &config.sources {
        let name: Arc<str> = Arc::from(source.name.as_str());
        intake.status.of_source(&name, |_| {});
        let looks = |interval| match mode {
            Mode::Continuous => Looks::Every(interval),
            Mode::Once => Looks::Once,
        };
        match &source.settings {
            SourceSettings::Folder(folder) => {
                let listing = folder_source(&folder.path).map_err(|error| {
                    ServiceError::Source { name: name.to_string(), reason: error.to_string() }
                })?;
                let looks = looks(folder.interval);
                tasks.spawn(watch_folder(name, listing, looks, intake.clone()));
            }
            SourceSettings::LookupEvents(_) | SourceSettings::S3(_) | SourceSettings::Sqs(_) => {}
        }
    }
    Ok(tasks)
}
